"""The bank's working days: holidays, and the make-up weekends worked for them (调休).

Days come from `holidays` (published), until the bank sends its own, which then stand.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, delete, select

from bank.audit import Deed, record_deed
from bank.database import Transaction
from bank.days import day_of, number
from bank.errors import CalendarError, CalendarGapError
from bank.models import CalendarDay
from bank.upsert import insert_new, upsert

YEARS = range(2025, 2028)
"""The years a new database knows; the last may be provisional."""
SATURDAY = 5

Source = Literal["published", "bank"]


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A day of the calendar: whether the bank and whether the markets are open on it.

    `name` is the holiday's, or empty. `provisional` until the year's schedule is published.
    """

    day: date
    is_business: bool
    market_open: bool
    name: str
    source: Source
    provisional: bool


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
    days = [day for year in YEARS for day in published_year(year)]
    business = tuple(number(day.day) for day in days if day.is_business)
    return Calendar(days[0].day, days[-1].day, business)


def published_year(year: int) -> Iterator[KnownDay]:
    """A year as published. One without a single make-up day has not been published yet.

    The markets rest on every weekend, also on those the bank works.
    """
    # Every command knows the calendar, and few write it anew.
    import holidays  # noqa: PLC0415

    known = holidays.country_holidays("CN", years=year, language="zh_CN")
    provisional = not any(day.year == year for day in known.weekend_workdays)
    day = date(year, 1, 1)
    while day.year == year:
        works = known.is_working_day(day)
        trades = works and day.weekday() < SATURDAY
        yield KnownDay(day, works, trades, known.get(day, ""), "published", provisional)
        day += timedelta(days=1)


def known_days(tx: Transaction, days: Iterable[date]) -> dict[date, KnownDay]:
    """What the database knows of each of these days; unknown ones are absent."""
    wanted = {number(day) for day in days}
    if not wanted:
        return {}
    found = _known(tx, CalendarDay.day.between(min(wanted), max(wanted)))
    return {day.day: day for day in found if number(day.day) in wanted}


def known_year(tx: Transaction, year: int) -> tuple[KnownDay, ...]:
    """What the database knows of a year, in order. Raises CalendarError when that is nothing."""
    found = _known(tx, _in_year(year))
    if not found:
        known = load_calendar(tx)
        raise CalendarError(known.first, known.last)
    return found


def seed_calendar(tx: Transaction) -> None:
    """Write the days of YEARS that are missing, and anew those that were only provisional.

    A day the bank sent itself is never touched.
    """
    guessed = and_(CalendarDay.provisional, CalendarDay.source == "published")
    again = {day_of(day).year for day in tx.scalars(select(CalendarDay.day).where(guessed))}
    tx.execute(delete(CalendarDay).where(guessed))
    for year in sorted({*YEARS, *again}):
        insert_new(tx, CalendarDay, [_row(day) for day in published_year(year)])


def write_days(tx: Transaction, days: Iterable[KnownDay]) -> None:
    """Write days over what was known of them. Raises CalendarGapError."""
    upsert(tx, CalendarDay, [_row(day) for day in days], keys=("day",))
    rows = tx.execute(select(CalendarDay.day).order_by(CalendarDay.day)).scalars()
    for before, after in pairwise(rows):
        if after != before + 1:
            raise CalendarGapError(day_of(before), day_of(after))


def reset_year(tx: Transaction, year: int, deed: Deed) -> tuple[KnownDay, ...]:
    """Forget the bank's own days of a year; it is as published again. Raises CalendarError."""
    own = [day for day in known_year(tx, year) if day.source == "bank"]
    tx.execute(delete(CalendarDay).where(_in_year(year)))
    insert_new(tx, CalendarDay, [_row(day) for day in published_year(year)])
    if own:
        record_calendar(tx, deed, own)
    return known_year(tx, year)


def record_calendar(tx: Transaction, deed: Deed, days: Sequence[KnownDay]) -> None:
    """Write down who changed which days: as they are now, or, of a reset, as they were."""
    first, last = min(day.day for day in days), max(day.day for day in days)
    content = [[day.day.isoformat(), day.is_business, day.market_open, day.name] for day in days]
    record_deed(tx, deed, f"calendar:{first}..{last}", {"days": content})


_COLUMNS = (
    CalendarDay.day,
    CalendarDay.is_business,
    CalendarDay.market_open,
    CalendarDay.name,
    CalendarDay.source,
    CalendarDay.provisional,
)


def _known(tx: Transaction, which: ColumnElement[bool]) -> tuple[KnownDay, ...]:
    rows = tx.execute(select(*_COLUMNS).where(which).order_by(CalendarDay.day))
    return tuple(
        KnownDay(
            day_of(row.day),
            row.is_business,
            row.market_open,
            row.name,
            row.source,
            row.provisional,
        )
        for row in rows
    )


def _in_year(year: int) -> ColumnElement[bool]:
    return CalendarDay.day.between(number(date(year, 1, 1)), number(date(year, 12, 31)))


def _row(day: KnownDay) -> dict[str, Any]:
    return asdict(day) | {"day": number(day.day)}
