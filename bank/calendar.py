"""The bank's working days: holidays, and the make-up weekends worked for them (调休)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import holidays
from sqlalchemy import delete, select

from bank.database import Transaction
from bank.days import day_of, number
from bank.errors import CalendarError
from bank.models import CalendarDay
from bank.upsert import insert_new

YEARS = range(2025, 2028)
"""The years a new database knows; the last may be provisional."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The business days among the known days `first` to `last`, as ascending day numbers.

    Any question about a day outside raises CalendarError: a guess would move a deadline.
    """

    first: date
    last: date
    days: tuple[int, ...]

    def is_business(self, day: date) -> bool:
        """Whether the bank works on a day."""
        at = bisect_left(self.days, self._known(day))
        return at < len(self.days) and self.days[at] == number(day)

    def add_business_days(self, day: date, count: int) -> date:
        """The count-th business day after a day (before it when negative); the day itself at 0."""
        if count == 0:
            return day
        if count > 0:
            at = bisect_right(self.days, self._known(day)) + count - 1
        else:
            at = bisect_left(self.days, self._known(day)) + count
        if not 0 <= at < len(self.days):
            raise CalendarError(self.first, self.last)
        return day_of(self.days[at])

    def business_days_between(self, start: date, end: date) -> int:
        """How many business days lie after `start`, up to and including `end`."""
        return bisect_right(self.days, self._known(end)) - bisect_right(
            self.days, self._known(start)
        )

    def within(self, first: date, last: date) -> tuple[date, ...]:
        """The business days from `first` to `last`, both included."""
        start = bisect_left(self.days, self._known(first))
        return tuple(map(day_of, self.days[start : bisect_right(self.days, self._known(last))]))

    def _known(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise CalendarError(self.first, self.last)
        return number(day)


def load_calendar(tx: Transaction) -> Calendar:
    """The calendar as the database has it."""
    rows = tx.execute(
        select(CalendarDay.day, CalendarDay.is_business).order_by(CalendarDay.day)
    ).all()
    if not rows:
        raise CalendarError(date.min, date.min)
    business = tuple(day for day, is_business in rows if is_business)
    return Calendar(day_of(rows[0].day), day_of(rows[-1].day), business)


def published_calendar() -> Calendar:
    """The calendar of YEARS before any of the bank's own changes."""
    days = [row for year in YEARS for row in _year(year)]
    business = tuple(row["day"] for row in days if row["is_business"])
    return Calendar(day_of(days[0]["day"]), day_of(days[-1]["day"]), business)


def seed_calendar(tx: Transaction) -> None:
    """Write the days of YEARS that are missing, and those that were only provisional."""
    tx.execute(delete(CalendarDay).where(CalendarDay.provisional))
    insert_new(tx, CalendarDay, [row for year in YEARS for row in _year(year)])


def _year(year: int) -> Iterator[dict[str, Any]]:
    """One year's rows. A year without a single make-up day has not been published yet."""
    known = holidays.country_holidays("CN", years=year, language="zh_CN")
    provisional = not any(day.year == year for day in known.weekend_workdays)
    day = date(year, 1, 1)
    while day.year == year:
        yield {
            "day": number(day),
            "is_business": known.is_working_day(day),
            "provisional": provisional,
            "name": known.get(day, ""),
        }
        day += timedelta(days=1)
