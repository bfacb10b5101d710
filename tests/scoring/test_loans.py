"""Loans repaid too soon."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.loans import Move, months_before, repaid_early

START = date(2026, 10, 1)


def move(name, at, kind, amount):
    return Move(name, START + timedelta(days=at), kind, amount)


@pytest.mark.parametrize(
    ("moves", "early"),
    [
        ([("d", 0, "drawdown", 100), ("r", 30, "repayment", 100)], {"d"}),
        ([("d", 0, "drawdown", 100), ("r", 31, "repayment", 100)], set()),
        ([("d", 0, "drawdown", 100), ("r", 10, "repayment", 99)], set()),
        ([("d", 0, "drawdown", 100), ("r", 5, "repayment", 60), ("s", 9, "repayment", 40)], {"d"}),
        # the second drawdown was cleared too soon, the first had run long enough
        ([("d", 0, "drawdown", 50), ("e", 40, "drawdown", 50), ("r", 45, "repayment", 100)], {"e"}),
        # cleared and drawn again: redrawing does not undo the early repayment
        ([("d", 0, "drawdown", 9), ("r", 5, "repayment", 9), ("e", 6, "drawdown", 9)], {"d"}),
        ([("d", 0, "drawdown", 100), ("w", 3, "write_off", 100)], set()),
        ([("d", 0, "drawdown", 100), ("r", 0, "repayment", 100)], {"d"}),
    ],
)
def test_worked_examples(moves, early):
    assert repaid_early([move(*each) for each in moves], 30) == early


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(1, 1000)), max_size=8), st.integers(0, 60)
)
def test_without_repayments_nothing_is_early(drawn, within):
    moves = [move(f"d{n}", at, "drawdown", amount) for n, (at, amount) in enumerate(drawn)]
    assert repaid_early(moves, within) == frozenset()


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 11, 16), 24, date(2024, 11, 16)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_before(day, months, earlier):
    assert months_before(day, months) == earlier
