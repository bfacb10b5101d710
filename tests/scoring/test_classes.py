"""What the rules of 2023 want a loan's class to be at least."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.classes import CLASSES, RULES_2023, ClassedLoan, shortfalls

ON = date(2026, 11, 16)


def loan(grade="normal", days=0, *, retail=False, bad=0, whole=100, restructured=None):
    return ClassedLoan("L1", grade, days, retail, bad, whole, restructured)


def found(*args, **values):
    return [(each.cause, each.least) for each in shortfalls(loan(*args, **values), RULES_2023, ON)]


@pytest.mark.parametrize(
    ("days", "least"),
    [
        (0, None), (1, "special_mention"), (90, "special_mention"), (91, "substandard"),
        (270, "substandard"), (271, "doubtful"), (360, "doubtful"), (361, "loss"),
    ],
)  # fmt: skip
def test_days_past_due_call_for_a_class_at_least(days, least):
    assert found(days=days) == ([("overdue", least)] if least else [])
    if least:
        assert found(least, days) == []


def test_over_a_tenth_of_a_companys_claims_makes_all_of_them_non_performing():
    assert found(bad=11) == [("debtor", "substandard")]
    assert found(bad=10) == []  # a tenth is not more than a tenth
    assert found(bad=11, retail=True) == []
    assert found("doubtful", bad=100) == []


@pytest.mark.parametrize(
    ("day", "looked_at"),
    [
        (date(2026, 11, 16), True), (date(2025, 11, 17), True),
        (date(2025, 11, 16), False), (date(2026, 11, 17), False),
    ],
)  # fmt: skip
def test_a_restructured_loan_is_observed_for_a_year(day, looked_at):
    assert found(restructured=day) == ([("restructured", "special_mention")] if looked_at else [])


def test_the_worst_comes_first_and_an_unclassed_loan_is_told_too():
    assert found("", 1, bad=50, restructured=ON) == [
        ("debtor", "substandard"), ("overdue", "special_mention"),
        ("restructured", "special_mention"),
    ]  # fmt: skip


@given(
    st.sampled_from(["", *CLASSES]), st.integers(0, 500), st.integers(0, 500), st.booleans(),
    st.integers(0, 100),
)  # fmt: skip
def test_more_days_never_call_for_less_and_nothing_is_told_twice(grade, days, more, retail, bad):
    first = found(grade, days, retail=retail, bad=bad)
    then = found(grade, days + more, retail=retail, bad=bad)
    rank = [max([CLASSES.index(least) for _, least in each], default=-1) for each in (first, then)]
    assert rank[0] <= rank[1]
    held = CLASSES.index(grade) if grade else -1
    assert all(CLASSES.index(least) > held for _, least in then)
