"""The glossary: what shares an idea, the bank's own entries, and what a file of them may hold."""

from datetime import UTC, datetime

import pytest

from bank.glossary import GlossaryRecord
from knowledge.entries import parse, read_entries
from knowledge.errors import GlossaryError
from knowledge.glossary import laid_over, shipped
from knowledge.library import Library, Query
from knowledge.question import read_question
from tests.knowledge.conftest import on_one_engine

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)


def ideas(text):
    return shipped().ideas(text)


def own(*entries, kind="idea"):
    return tuple(GlossaryRecord(key, kind, en, zh) for key, en, zh in entries)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("客户断供了", "借款人未按期还本付息的"),
        ("卖飞单", "不在代销清单内的产品"),
        ("my boss said so", "an instruction from a superior"),
        ("a client grumbled about fees; he wants to complain", "every complaint is registered"),
        ("能不能代签", "power of attorney"),
    ],
)
def test_what_is_said_shares_an_idea_with_what_is_written(said, written):
    assert ideas(said) & ideas(written)


def test_the_longest_phrase_at_a_place_counts():
    assert "off_book" in ideas("an off-book sale")
    assert "large_cd" in ideas("a certificate of deposit")


def test_ages_are_understood():
    assert "minor" in ideas("a 14-year-old comes alone")
    assert "elderly" in ideas("客户今年七十岁") or "elderly" in ideas("客户70岁")


def test_subjects_are_ideas_of_their_own():
    assert ideas("公积金贷款怎么办") & shipped().subjects
    assert not ideas("贷后检查报告几天内交") & shipped().subjects


def test_an_own_entry_is_new_or_stands_instead_of_the_shipped_one():
    glossary = laid_over(
        own(("tiger", ("tiger plan",), ("猛虎计划",)), ("boost", (), ("加油贷",)), ("gift", (), ()))
    )

    assert glossary.ideas("the Tiger Plans") & glossary.ideas("猛虎计划怎么申请") == {"tiger"}
    assert "gift" in shipped().entries
    assert "gift" not in glossary.entries
    assert [idea.key for idea in glossary.own] == ["tiger", "boost"]
    assert "superior" in glossary.ideas("my boss")


def test_a_term_counts_only_across_languages():
    glossary = laid_over(own(("npl", ("npl ratio",), ("不良贷款率",)), kind="term"))
    asked = read_question("What is the NPL ratio?", None, glossary)

    assert "npl" in glossary.ideas("不良贷款率不超过百分之二")
    assert "npl" not in asked.ideas
    assert "npl" in asked.across().ideas


def test_the_shipped_terms_name_the_same_in_both_languages():
    terms = shipped().terms
    alike = [
        ("NPL ratio", "不良贷款率"),
        ("the provision coverage ratio", "拨备覆盖率"),
        ("entrusted payment", "受托支付"),
        ("a patent pledge", "专利质押"),
        ("non-recourse factoring of receivables", "应收账款保理"),
        ("written off", "贷款核销"),
        ("enhanced due diligence", "强化尽职调查"),
    ]

    assert len(terms) > 100
    assert [pair for pair in alike if not ideas(pair[0]) & ideas(pair[1]) & terms] == []
    assert [
        key for key in terms if not all((shipped().entries[key].en, shipped().entries[key].zh))
    ] == []


def test_the_digest_is_of_the_phrases_and_of_nothing_else():
    plan = laid_over(own(("tiger", ("tiger plan", "tp"), ())))

    assert plan.digest == laid_over(own(("tiger", ("tp", "tiger plan"), ()))).digest
    assert plan.digest != shipped().digest
    assert plan.digest != laid_over(own(("tiger", ("tiger plan", "tp"), ()), kind="subject")).digest
    assert laid_over(()).digest == shipped().digest


def test_entries_are_read_as_people_type_them():
    text = """[ours]
npl_ratio = { en = [" NPL Ratio "], zh = ["不良贷款率", "不良贷款率"] }
[ours.tiger]
zh = ["猛虎Ａ计划"]
[subjects]
futures = { en = ["futures"] }
"""

    assert parse(text, "ours.toml") == (
        GlossaryRecord("npl_ratio", "idea", ("npl ratio",), ("不良贷款率",)),
        GlossaryRecord("tiger", "idea", (), ("猛虎a计划",)),
        GlossaryRecord("futures", "subject", ("futures",), ()),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[ours]\n\ntiger = { en = 'x' }", "ours.toml:3: 'tiger': en must be a list"),
        ("[ours]\ntiger = ['x']", "ours.toml:2: 'tiger' is no entry"),
        ("[ours]\ntiger = { fr = ['x'] }", "ours.toml:2: 'tiger' has 'fr'"),
        ("[ours]\ntiger = { zh = ['LPR加点'] }", "'lpr加点' begins with no Chinese character"),
        ("[ours]\ntiger = { en = ['利率'] }", "'利率' has no Latin letter or digit"),
        ("[ours]\ntiger = { en = [''] }", "'' has no Latin letter or digit"),
        (f"[ours]\ntiger = {{ en = ['{'x' * 81}'] }}", "is longer than 80 characters"),
        ("[ours]\n'a b' = { en = ['x'] }", "ours.toml:2: 'a b': a key is"),
        ("[a]\nx = { en = ['x'] }\n[b]\nx = { en = ['y'] }", "'x' stands in two tables"),
        ("tiger = { en = ['x'] }", "ours.toml: 'tiger' stands in no table"),
        ("[ours]\ntiger = {", "ours.toml is not TOML"),
        ("[ours]\ntiger = { en = ['x'] }\ntiger = { en = ['y'] }", "line 3"),
    ],
)
def test_a_fault_in_a_file_is_told_in_one_line_with_its_place(text, told):
    with pytest.raises(GlossaryError) as raised:
        parse(text, "ours.toml")

    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_cannot_be_read_is_told_as_well(tmp_path):
    latin = tmp_path / "ours.toml"
    latin.write_bytes("[ours]\nx = { zh = ['利率'] }".encode("gb18030"))

    with pytest.raises(GlossaryError, match="not UTF-8"):
        read_entries(latin)
    with pytest.raises(GlossaryError, match="cannot be read"):
        read_entries(tmp_path / "missing.toml")


@pytest.fixture
def ours(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text("[ours]\ntiger = { en = ['tiger plan'], zh = ['个人经营性贷款'] }\n", "utf-8")
    return path


RULES = "## 第一章 总则\n\n第一条 个人经营性贷款最高五百万元。\n\n第二条 客户经理每月走访。\n"


@on_one_engine
def test_an_import_reads_every_clause_again_by_the_new_entries(shelf, ours):
    shelf.put("loans.md", RULES, lang="zh")
    shelf.sync()
    shown = shelf.library.show("loans", NOW.date())

    assert not ideas("tiger plan")
    shelf.library.import_glossary(ours, NOW)

    found = shelf.ask("tiger plan 最高多少", lang="zh")
    assert [citation.clause for citation in found.citations[:1]] == ["第一条"]
    assert shelf.library.show("loans", NOW.date()) == shown
    assert shelf.library.glossary().entries["tiger"].source == "bank"
    assert shelf.sync().unchanged == ("loans.md",)


@on_one_engine
def test_a_refused_file_leaves_the_entries_held(shelf, ours):
    shelf.library.import_glossary(ours, NOW)
    ours.write_text("[ours]\ntiger = 3\n", "utf-8")

    with pytest.raises(GlossaryError):
        shelf.library.import_glossary(ours, NOW)
    assert "tiger" in shelf.library.glossary().entries

    ours.write_text("", "utf-8")
    assert shelf.library.import_glossary(ours, NOW).own == ()
    assert shelf.library.glossary().digest == shipped().digest


def test_a_replica_that_is_running_follows_an_import(shelf, ours, database, tmp_path):
    other = Library(database, tmp_path / "other")
    shelf.put("loans.md", RULES, lang="zh")
    shelf.sync()
    query = Query("tiger plan", NOW.date(), frozenset(), "zh")
    before = other.search(query)

    shelf.library.import_glossary(ours, NOW)
    after = other.search(query)
    other.close()

    assert before == ()
    assert [passage.clause.label for passage, _ in after] == ["第一条"]
