"""Periods as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import PeriodError
from scoring.periods import Period


@pytest.mark.parametrize(
    ("text", "first", "last", "days"),
    [
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31), 92),
        (" 2026q1 ", date(2026, 1, 1), date(2026, 3, 31), 90),
        ("2028Q1", date(2028, 1, 1), date(2028, 3, 31), 91),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), 365),
    ],
)
def test_a_quarter_or_a_year(text, first, last, days):
    period = Period.parse(text)
    assert (period.first, period.last, period.days) == (first, last, days)


@pytest.mark.parametrize(
    "text", ["", "Q4", "2026Q5", "2026Q", "26Q4", "二〇二六", "２０２６", "1999Q1"]
)
def test_anything_else_is_refused_with_the_accepted_forms(text):
    with pytest.raises(PeriodError, match="a quarter like 2026Q4 or a year like 2026"):
        Period.parse(text)


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_a_day_lies_in_its_quarter_and_quarters_follow_without_gap(day):
    quarter = Period.containing(day)
    assert quarter.first <= day <= quarter.last
    assert Period.parse(quarter.id) == quarter
    assert quarter.following().first == quarter.last + timedelta(days=1)
    assert quarter in Period.of_year(day.year).quarters()


def test_a_period_is_known_up_to_the_last_day_loaded():
    quarter = Period.parse("2026Q4")
    assert quarter.through(date(2026, 11, 16)) == date(2026, 11, 16)
    assert quarter.through(date(2027, 3, 1)) == quarter.last
    with pytest.raises(PeriodError, match="begins on 2026-10-01, but the bank's data ends on"):
        quarter.through(date(2026, 9, 30))
