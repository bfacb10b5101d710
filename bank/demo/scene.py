"""When the demo plays, and chance that comes out the same every time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from random import Random
from typing import TypeVar

from bank.calendar import Calendar
from bank.errors import BankError
from scoring.scheme import Scheme

T = TypeVar("T")
YEAR = 365
THIRTEEN_MONTHS = timedelta(days=395)
DAY = timedelta(days=1)


class DemoError(BankError):
    """A demo bank too small for its stories."""


class Dice(Random):
    """Chance for one subject; `random` alone is quick, so everything here rests on it."""

    def below(self, end: int) -> int:
        """A whole number from 0 up to, not including, `end`."""
        return int(self.random() * end)

    def between(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, both included."""
        return least + int(self.random() * (most - least + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely as another."""
        return choices[int(self.random() * len(choices))]


@dataclass(frozen=True)
class Scene:
    """The demo bank as of business date `on`, under a calendar and an appraisal scheme."""

    seed: int
    on: date
    calendar: Calendar
    scheme: Scheme

    @cached_property
    def first(self) -> date:
        """The first day with balances and visits, thirteen months ago."""
        return self.on - THIRTEEN_MONTHS

    @cached_property
    def base_year(self) -> int:
        """The year whose day-averages this year's deposits are measured against."""
        return self.on.year - 1

    @cached_property
    def months(self) -> tuple[date, ...]:
        """The first days of the months shown."""
        months = [self.first.replace(day=1)]
        while (following := (months[-1] + timedelta(days=31)).replace(day=1)) <= self.on:
            months.append(following)
        return tuple(months)

    @cached_property
    def grown(self) -> Mapping[date, float]:
        """The part of a year since its start, for every day shown; 0 for those of last year."""
        days = (self.first + timedelta(days=at) for at in range((self.on - self.first).days + 1))
        new_year = self.on.replace(month=1, day=1)
        return {day: max(0, (day - new_year).days) / YEAR for day in days}

    def wages(self, payday: int) -> tuple[tuple[date, int], ...]:
        """How wages paid on a day of the month come and go: 1, 0 and -1 on business days."""
        return self._wages[payday]

    def dice(self, about: str, of: str) -> Dice:
        """A generator of its own for each subject, such as ("visits", "K000017").

        So a client's story hangs on the seed and the client alone, never on what came before it.
        """
        return Dice(f"{self.seed}/{about}/{of}")

    def business_day(self, day: date) -> date:
        """The day itself if the bank works, or else the next one it does."""
        known = self._working.get(day)
        return known[1] if known else self._at_the_edge(day, 1)

    def business_day_before(self, day: date) -> date:
        """The day itself if the bank works, or else the last one it did."""
        known = self._working.get(day)
        return known[0] if known else self._at_the_edge(day, -1)

    def business_days_after(self, day: date, count: int) -> date:
        """The count-th business day after a day; the day itself at 0."""
        for _ in range(count):
            day = self.business_day(day + DAY)
        return day

    @cached_property
    def _wages(self) -> Mapping[int, tuple[tuple[date, int], ...]]:
        turns = {}
        for payday in range(1, 29):
            days: dict[date, int] = {}
            for first in self.months:
                paid = self.business_day(first.replace(day=payday))
                for after, turn in ((0, 1), (9, 0), (18, -1)):
                    days[self.business_day(paid + timedelta(days=after))] = turn
            turns[payday] = tuple(days.items())
        return turns

    @cached_property
    def _working(self) -> dict[date, tuple[date, date]]:
        """The last and the next business day of every day between two of them."""
        known: dict[date, tuple[date, date]] = {}
        calendar = self.calendar
        for last, following in pairwise(calendar.within(calendar.first, calendar.last)):
            known[last] = (last, last)
            day = last + DAY
            while day < following:
                known[day] = (last, following)
                day += DAY
        return known

    def _at_the_edge(self, day: date, way: int) -> date:
        """What the calendar has to say of its first and last days, or its CalendarError."""
        calendar = self.calendar
        return day if calendar.is_business(day) else calendar.add_business_days(day, way)
