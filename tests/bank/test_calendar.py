"""The bank's calendar against China's published years, and its arithmetic."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bank.calendar import Calendar, load_calendar
from bank.days import number
from bank.errors import CalendarError
from bank.models import CalendarDay


@pytest.fixture
def calendar(database) -> Calendar:
    with database.read() as tx:
        return load_calendar(tx)


def test_business_days_of_the_published_years(calendar):
    # The State Council's schedules: 365 days less weekends and holidays, plus make-up weekends.
    assert len(calendar.within(date(2025, 1, 1), date(2025, 12, 31))) == 248
    assert len(calendar.within(date(2026, 1, 1), date(2026, 12, 31))) == 248


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # Saturday worked for the Spring Festival
        (date(2026, 2, 28), True),  # the Saturday after it
        (date(2026, 2, 16), False),  # New Year's Eve, a Monday
        (date(2026, 2, 23), False),  # the last day of the festival, a Monday
        (date(2026, 9, 20), True),  # Sunday worked for the National Day
        (date(2026, 10, 10), True),  # the Saturday after it
        (date(2026, 10, 7), False),  # the last day of the National Day week
        (date(2026, 10, 8), True),
        (date(2026, 11, 14), False),  # a plain Saturday
        (date(2026, 11, 17), True),  # a plain Tuesday
        (date(2025, 9, 28), True),  # Sunday worked for the National Day of 2025
    ],
)
def test_known_days(calendar, day, works):
    assert calendar.is_business(day) is works


def test_a_deadline_crosses_a_holiday_week(calendar):
    # Thu 12 Feb 2026: Fri 13, then make-up Sat 14; holiday 15–23; Tue 24 is the third.
    assert calendar.add_business_days(date(2026, 2, 12), 3) == date(2026, 2, 24)
    # Fri 25 Sep is Mid-Autumn; Mon 28, Tue 29, Wed 30; holiday 1–7 Oct; Thu 8.
    assert calendar.add_business_days(date(2026, 9, 25), 4) == date(2026, 10, 8)
    assert calendar.add_business_days(date(2026, 10, 8), -1) == date(2026, 9, 30)


def test_only_the_unpublished_year_is_provisional(database):
    with database.read() as tx:
        days = tx.scalars(select(CalendarDay.day).where(CalendarDay.provisional)).all()
        total = tx.scalar(select(func.count()).select_from(CalendarDay))
    assert (min(days), max(days)) == (number(date(2027, 1, 1)), number(date(2027, 12, 31)))
    assert total == 3 * 365


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2028, 1, 1)])
def test_an_unknown_day_is_refused_rather_than_guessed(calendar, day):
    for question in (calendar.is_business, lambda day: calendar.add_business_days(day, 1)):
        with pytest.raises(CalendarError, match="knows only 2025-01-01 to 2027-12-31"):
            question(day)


def test_a_deadline_past_the_last_known_day_is_refused(calendar):
    with pytest.raises(CalendarError):
        calendar.add_business_days(date(2027, 12, 30), 9)


FIRST = date(2026, 1, 1)
DAYS = st.dates(FIRST + timedelta(30), FIRST + timedelta(300))


@given(st.sets(DAYS, min_size=1), DAYS, DAYS)
def test_counting_and_adding_agree(business, start, end):
    calendar = Calendar(FIRST, date(2026, 12, 31), tuple(sorted(map(number, business))))
    start, end = min(start, end), max(start, end)
    count = calendar.business_days_between(start, end)
    assert count == len([day for day in business if start < day <= end])
    assert len(calendar.within(start, end)) == count + calendar.is_business(start)
    if count:
        reached = calendar.add_business_days(start, count)
        assert calendar.is_business(reached)
        assert reached <= end
        assert calendar.business_days_between(start, reached) == count
        if calendar.is_business(start):
            assert calendar.add_business_days(reached, -count) == start
