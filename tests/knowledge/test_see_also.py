"""What an answer brings along: the clauses its clause refers to, the terms it uses."""

from datetime import date

import pytest

from tests.knowledge.conftest import on_one_engine

LOANS = """# 贷后管理办法

第一条　本办法所称挪用，是指未按合同用途使用贷款。

第二条　挪用贷款的，客户经理应当按照第三条报告，并按照《贷前调查办法》第一条复核。

同一客户再次挪用的，宣布提前到期。

第三条　报告应当在三个工作日内送达团队长。
"""
SURVEY = """# 贷前调查办法

第一条　调查应当由两人完成。
"""
LIMITS = """# Limits Policy

## 1 Definitions

1.1 “Connected client” means a client that one owner controls.

## 2 Limits

2.1 The cap for a connected client follows section 2.2 and the Secret Rules.

2.2 Every year the following are reviewed.
(a) the cap of a branch;
(b) the cap of a pilot.
"""
FEES = """# Fees Policy

## 1 General

1.1 A fee is charged as section 2 says.

## 2 Rates

2.1 A transfer costs 5 yuan.

2.2 A rebate is no part of section 2.
"""
SECRET = """# Secret Rules

1.1 The sums are secret.
"""


@pytest.fixture
def stocked(shelf):
    shelf.put("loans.md", LOANS, title="贷后管理办法", lang="zh")
    shelf.put("survey.md", SURVEY, title="贷前调查办法", lang="zh", start="2026-06-01")
    shelf.put("limits.md", LIMITS, title="Limits Policy")
    shelf.put("fees.md", FEES, title="Fees Policy")
    shelf.put("secret.md", SECRET, title="Secret Rules", audience='["risk"]')
    assert not shelf.sync().failed
    return shelf


def beside(answer):
    return [(one.title, one.clause, one.term) for one in answer.see_also]


@on_one_engine
def test_an_answer_brings_references_and_terms_that_whoever_asks_may_read(stocked):
    chinese = stocked.ask("贷后管理办法第二条")
    assert beside(chinese) == [
        ("贷后管理办法", "第三条", ""),
        ("贷前调查办法", "第一条", ""),
        ("贷后管理办法", "第一条", "挪用"),
    ]

    earlier = stocked.ask("贷后管理办法第二条", on=date(2026, 2, 1))
    assert [title for title, _, _ in beside(earlier)] == ["贷后管理办法", "贷后管理办法"]

    terms = [("Limits Policy", "2.2", ""), ("Limits Policy", "1.1", "Connected client")]
    assert beside(stocked.ask("Limits Policy 2.1")) == terms
    risk = stocked.ask("Limits Policy 2.1", roles={"risk"})
    assert beside(risk) == [*terms, ("Secret Rules", "", "")]

    assert beside(stocked.ask("Limits Policy 2.2")) == []
    # Section 2 begins with its first clause; who reads one of its clauses is there already.
    assert beside(stocked.ask("Fees Policy 1.1")) == [("Fees Policy", "2.1", "")]
    assert beside(stocked.ask("Fees Policy 2.2")) == []
    assert beside(stocked.ask("What is the price of copper in Chile?")) == []

    # A question that names an item of a clause has that item marked.
    (citation,) = stocked.ask("Limits Policy 2.2(b)").citations
    assert [citation.quote[start:end] for start, end in citation.marks] == [
        "(b) the cap of a pilot."
    ]
    (citation,) = stocked.ask("贷后管理办法第二条第二款").citations
    assert [citation.quote[start:end] for start, end in citation.marks] == [
        "同一客户再次挪用的，宣布提前到期。"
    ]
