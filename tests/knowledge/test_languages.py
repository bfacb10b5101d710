"""In which languages a question is looked for."""

from datetime import date

import pytest

from bank.policies import ClauseRecord, Passage, PolicyRecord
from knowledge.answering import judge_all
from knowledge.evidence import SIGNALS, Evidence
from knowledge.hit import Hit
from knowledge.question import read_question

ANSWERS = "The NPL ratio of a branch is reported every month."
BESIDE = "Lunch is at noon."


def found(text):
    policy = PolicyRecord(
        "npl", "1", "Rules", "policy", "en", date(2026, 1, 1), None, None, ("all",), "Risk",
        "npl.md", "",
    )  # fmt: skip
    clause = ClauseRecord("npl@1#1", policy.id, 0, "1", "1", "", text, None, b"")
    return ((Passage(clause, policy), Hit(clause.id, 1.0, Evidence(*[0.0] * len(SIGNALS)))),)


@pytest.mark.parametrize(
    ("question", "clause", "langs"),
    [
        # All of its ideas are said at home: no clause elsewhere could say more.
        ("Who reports the NPL ratio?", ANSWERS, ["en"]),
        ("Who reports the NPL ratio?", BESIDE, ["en", "zh"]),
        # Without an idea there is nothing that another language could share.
        ("How is Zyx spelt?", BESIDE, ["en"]),
    ],
)
def test_another_language_is_searched_where_a_clause_in_it_could_lead(question, clause, langs):
    asked = []

    def find(lang):
        asked.append(lang)
        return found(clause) if lang == "en" else ()

    judge_all(read_question(question), find, lambda field, token: 1.0)
    assert asked == langs
