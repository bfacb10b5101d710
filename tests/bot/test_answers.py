"""An answer from the policies as people read it, in both languages."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.replies.answers import answer, beside, in_force, source, text
from bot.replies.tree import Note, Quote, Span
from knowledge.answer import Answer, Citation, Clash, Fact, SeeAlso

CITED = Citation(
    policy="post-loan",
    version="2026",
    title="贷后管理办法",
    clause="第二条",
    page=None,
    quote="挪用贷款的，应当报告。",
    marks=(),
    in_force_from=date(2026, 3, 1),
    in_force_to=None,
    clause_id="post-loan@2026#2",
    heading="",
    replaces=None,
)
TODAY = date(2026, 11, 17)
BESIDE = (
    SeeAlso("post-loan", "2026", "贷后管理办法", "第三条", "", "post-loan@2026#3"),
    SeeAlso("survey", "1", "贷前调查办法", "第一条", "", "survey@1#1"),
    SeeAlso("risk", "1", "风险偏好", "", "", "risk@1#1"),
    SeeAlso("post-loan", "2026", "贷后管理办法", "第一条", "挪用", "post-loan@2026#1"),
)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", "另见：第三条、《贷前调查办法》第一条、《风险偏好》、“挪用”（第一条）"),
        (
            "en",
            "See also: 第三条, 贷前调查办法 · 第一条, 风险偏好, “挪用” (第一条)",
        ),
    ],
)
def test_what_to_read_beside_an_answer_is_one_line(lang, line):
    found = Answer("answered", "", "extractive", lang, (CITED,), (), 0, BESIDE)

    assert beside(found) == line
    assert Note(line) in answer(found, None, "q1", TODAY).nodes


def test_nothing_to_read_beside_it_is_not_said():
    found = Answer("answered", "", "extractive", "zh", (CITED,), (), 0)

    assert beside(found) == ""


@pytest.mark.parametrize(
    ("label", "page", "told"),
    [
        ("3.2", None, "贷后管理办法 · clause 3.2"),
        ("3.2", 4, "贷后管理办法 · clause 3.2 · page 4"),
        ("Article 5", None, "贷后管理办法 · Article 5"),
        ("Fees!12", None, "贷后管理办法 · Fees!12"),
    ],
)
def test_a_clause_goes_by_its_label(label, page, told):
    assert source(replace(CITED, clause=label, page=page), "en", TODAY) == told


@pytest.mark.parametrize(
    ("start", "end", "lang", "label"),
    [
        (date(2024, 1, 1), TODAY, "en", " · no longer in force"),
        (date(2024, 1, 1), TODAY, "zh", " · 已失效"),
        (date(2024, 1, 1), TODAY + timedelta(1), "en", ""),
        (TODAY, None, "zh", ""),
        (TODAY + timedelta(1), None, "en", " · not yet in force"),
        (TODAY + timedelta(1), None, "zh", " · 尚未施行"),
    ],
)
def test_a_clause_of_another_day_says_so_wherever_it_is_quoted(start, end, lang, label):
    cited = replace(CITED, in_force_from=start, in_force_to=end)
    other = replace(cited, clause="第三条", clause_id="post-loan@2026#3")
    found = Answer("answered", "", "extractive", lang, (cited, other), (), 0)
    refused = replace(found, status="refused", citations=(), nearest=(other,))

    for reply in (answer(found, None, "q1", TODAY), answer(refused, None, "q1", TODAY)):
        notes = [node.text for node in reply.nodes if isinstance(node, Note)]
        plain = source(replace(other, in_force_from=TODAY, in_force_to=None), lang, TODAY)
        assert f"{plain}{label}" in notes
    assert text(found, None, TODAY).endswith(f"{label})")


def test_a_version_is_told_with_its_last_day_and_what_it_replaced():
    ended = replace(CITED, in_force_to=date(2026, 6, 1), replaces="2024")

    assert in_force(ended, "en") == (
        "version 2026, in force from 1 Mar 2026 until 31 May 2026, in place of 2024"
    )
    assert in_force(ended, "zh") == "2026 版，2026年3月1日至2026年5月31日施行，接替 2024 版"


DECIDED = replace(CITED, quote="挪用贷款的，应当在三日内报告。", marks=((0, 15),), owner="风险部")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", "在三日内——《贷后管理办法》第二条规定的期限。"),
        ("en", "在三日内: the time set by 贷后管理办法 · 第二条."),
    ],
)
def test_the_words_that_answer_come_first_in_the_askers_frame(lang, line):
    found = Answer(
        "answered", "", "extractive", lang, (DECIDED,), (), 0, fact=Fact("how_long", 8, 12)
    )

    reply = answer(found, None, "q1", TODAY)

    assert reply.summary == line
    assert reply.nodes[0].lines[0][0] == Span("在三日内", strong=True)
    assert text(found, None, TODAY) == f"{line} 挪用贷款的，应当在三日内报告。"
    foreign = next(node.text for node in reply.nodes if isinstance(node, Note))
    assert ("own words" in foreign) == (lang == "en")


def test_a_ruling_is_named_above_its_sentence():
    found = Answer(
        "answered", "", "extractive", "zh", (DECIDED,), (), 0, fact=Fact("forbidden", 0, 15)
    )

    assert answer(found, None, "q1", TODAY).summary == "不可以，依据《贷后管理办法》第二条："


def test_how_a_follow_up_was_read_stands_above_whatever_came_of_it():
    refused = Answer("refused", "off_topic", "extractive", "en", (), (), 0, reading="And ships?")

    assert answer(refused, None, "q1", TODAY).nodes[0] == Note("Read as: And ships?")


@pytest.mark.parametrize(("lang", "says"), [("zh", "数字不一致"), ("en", "disagree on the figure")])
def test_both_sides_of_a_contradiction_are_shown_with_the_words_that_differ(lang, says):
    other = replace(
        DECIDED, title="催收办法", quote="挪用贷款的，应当在九日内报告。", owner="催收部"
    )
    found = Answer(
        "conflict", "", "extractive", lang, (DECIDED, other), (), 0,
        clash=Clash("number", ((9, 11), (9, 11))),
    )  # fmt: skip

    reply = answer(found, None, "q1", TODAY)

    quotes = [node.spans for node in reply.nodes if isinstance(node, Quote)]
    assert [span.text for spans in quotes for span in spans if span.strong] == ["三日", "九日"]
    notes = " ".join(node.text for node in reply.nodes if isinstance(node, Note))
    assert "风险部" in notes
    assert "催收部" in notes
    assert says in reply.summary
    assert all(owner in text(found, None, TODAY) for owner in ("风险部", "催收部"))
