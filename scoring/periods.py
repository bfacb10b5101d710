"""Appraisal periods: a calendar quarter or a calendar year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from scoring.errors import PeriodError

QUARTERS = (1, 2, 3, 4)
_FORM = re.compile(r"(20\d\d)(?:Q([1-4]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A period by its id ("2026Q4" or "2026"), with its first and its last day."""

    id: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period a person wrote; PeriodError names the accepted forms."""
        found = _FORM.fullmatch(text.strip().upper())
        if found is None:
            raise PeriodError(
                f"unknown period {text[:40]!r}: write a quarter like 2026Q4 or a year like 2026"
            )
        year = int(found[1])
        return cls.of_quarter(year, int(found[2])) if found[2] else cls.of_year(year)

    @classmethod
    def of_year(cls, year: int) -> Self:
        """The whole calendar year."""
        return cls(str(year), date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_quarter(cls, year: int, quarter: int) -> Self:
        """One quarter (1 to 4) of a calendar year."""
        following = date(year + quarter // 4, quarter * 3 % 12 + 1, 1)
        first = date(year, quarter * 3 - 2, 1)
        return cls(f"{year}Q{quarter}", first, following - timedelta(days=1))

    @classmethod
    def containing(cls, day: date) -> Self:
        """The quarter that a day lies in."""
        return cls.of_quarter(day.year, (day.month + 2) // 3)

    @property
    def year(self) -> int:
        """The calendar year it belongs to."""
        return self.first.year

    @property
    def days(self) -> int:
        """Calendar days in the whole period (D)."""
        return (self.last - self.first).days + 1

    def following(self) -> "Period":
        """The quarter after the one that this period ends in."""
        return Period.containing(self.last + timedelta(days=1))

    def quarters(self) -> tuple["Period", ...]:
        """The quarters it consists of: itself, or the four of a year."""
        numbers = QUARTERS if self.days > 92 else ((self.first.month + 2) // 3,)  # noqa: PLR2004 - a quarter has at most 92 days
        return tuple(Period.of_quarter(self.year, number) for number in numbers)

    def through(self, as_of: date) -> date:
        """Its last day that is known on a day; PeriodError when it has not begun by then."""
        if as_of < self.first:
            raise PeriodError(
                f"period {self.id} begins on {self.first}, but the bank's data ends on {as_of}: "
                "choose a period that has begun"
            )
        return min(as_of, self.last)
