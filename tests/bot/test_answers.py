"""An answer from the policies as people read it, in both languages."""

from datetime import date

import pytest

from bot.replies.answers import answer, beside
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
            "See also: clause 第三条, 贷前调查办法 · clause 第一条, 风险偏好, “挪用” (clause 第一条)",
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
