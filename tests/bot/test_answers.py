"""An answer from the policies as people read it, in both languages."""

from dataclasses import replace
from datetime import date

import pytest

from bot.replies.answers import answer, beside, source
from bot.replies.tree import Note
from knowledge.answer import Answer, Citation, SeeAlso

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
    assert Note(line) in answer(found, None, "q1").nodes


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
    assert source(replace(CITED, clause=label, page=page), "en") == told
