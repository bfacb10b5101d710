"""Clauses that contradict each other, and clauses that only look as if they did."""

from datetime import date

import pytest

from bank.policies import ClauseRecord, Passage, PolicyRecord
from knowledge.conflicts import contradictions
from knowledge.glossary import shipped
from tests.knowledge.disputes import FALSE_EN, FALSE_ZH, TRUE_EN, TRUE_ZH


def passage(text, policy="harbour", title="Harbour Rules", number="1", lang="en", heading=""):
    record = PolicyRecord(
        policy, "2026", title, "policy", lang, date(2026, 1, 1), None, None, ("all",),
        f"{title} Office", f"{policy}.md", "",
    )  # fmt: skip
    clause = ClauseRecord(
        f"{policy}@2026#{number}", record.id, 0, number, number, heading, text, None, b""
    )
    return Passage(clause, record)


def pair(one, other):
    lang = "zh" if "。" in one else "en"
    return (
        passage(one, "harbour", "Harbour Rules" if lang == "en" else "港口办法", lang=lang),
        passage(other, "pier", "Pier Guide" if lang == "en" else "栈桥指引", lang=lang),
    )


def clash_of(one, other):
    found = contradictions(*pair(one, other), shipped())
    return found[0][0] if found else None


@pytest.mark.parametrize(("one", "other"), [*TRUE_EN, *TRUE_ZH])
def test_two_rules_that_cannot_both_hold_contradict_each_other(one, other):
    assert clash_of(one, other) is not None
    assert clash_of(other, one) is not None


@pytest.mark.parametrize(("one", "other"), [*FALSE_EN, *FALSE_ZH])
def test_rules_on_different_points_do_not(one, other):
    assert clash_of(one, other) is None
    assert clash_of(other, one) is None
