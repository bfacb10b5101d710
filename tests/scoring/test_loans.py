"""Months back from a day."""

from datetime import date

import pytest

from scoring.loans import months_before


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
