"""Weeks as calendars number them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import PeriodError
from scoring.weeks import Week

DAYS = st.dates(date(2000, 1, 3), date(2099, 12, 27))


@given(day=DAYS)
def test_a_week_is_read_as_it_is_written_and_holds_its_day(day):
    week = Week.of(day)

    assert Week.parse(str(week)) == week == Week.parse(f" {str(week).lower()} ")
    assert week.first <= day <= week.last
    assert (week.first.weekday(), week.last.weekday()) == (0, 6)
    assert week.before.last == week.first - timedelta(1)


def test_the_year_of_a_week_is_the_one_of_its_thursday():
    assert str(Week.of(date(2027, 1, 1))) == "2026-W53"
    assert str(Week.of(date(2025, 12, 29))) == "2026-W01"


@pytest.mark.parametrize("wrong", ["", "2026", "2026-W54", "2025-W53", "2026-W00", "2026W47"])
def test_what_is_no_week_is_refused_with_the_form(wrong):
    with pytest.raises(PeriodError, match="write it like 2026-W47"):
        Week.parse(wrong)
