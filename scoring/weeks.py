"""Weeks as calendars number them: Monday to Sunday, by ISO 8601."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from scoring.errors import PeriodError

_FORM = re.compile(r"(20\d\d)-W([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Week:
    """A week by its first day, a Monday."""

    first: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """The week a person wrote, such as 2026-W47. Raises PeriodError."""
        found = _FORM.fullmatch(text.strip().upper())
        try:
            if found:
                return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            pass  # a year's 53rd week that it does not have
        raise PeriodError(f"unknown week {text[:40]!r}: write it like 2026-W47")

    @classmethod
    def of(cls, day: date) -> Self:
        """The week a day is in."""
        return cls(day - timedelta(day.weekday()))

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(6)

    @property
    def before(self) -> "Week":
        """The week before."""
        return Week(self.first - timedelta(7))

    def __str__(self) -> str:
        """As it is written: 2026-W47."""
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"
