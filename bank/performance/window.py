"""The days a score looks at, and the SQL for overlapping intervals on both engines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from sqlalchemy import ColumnElement, SQLColumnExpression, case, literal

from bank.days import number
from bank.models import Assignment
from scoring.facts import Row
from scoring.periods import Period

SHARE = 100
"""A whole share: amounts are summed in percent of one."""
MANAGERS_AT_ONCE = 400
"""Managers of one statement: bounds memory, and stays under every engine's parameter limit."""


@dataclass(frozen=True, slots=True)
class Window:
    """A period as known on a day: facts count from its first day through `through`."""

    period: Period
    as_of: date
    """Last business day loaded: later knowledge does not count."""
    through: date
    """Last day of the period that is known."""

    @classmethod
    def of(cls, period: Period, as_of: date) -> Self:
        """The window of a period; PeriodError when it has not begun by `as_of`."""
        return cls(period, as_of, period.through(as_of))

    @property
    def first(self) -> int:
        """Day number of the period's first day."""
        return number(self.period.first)

    @property
    def end(self) -> int:
        """Day number of the first day after the window."""
        return number(self.through) + 1

    @property
    def days(self) -> int:
        """Calendar days elapsed (d)."""
        return self.end - self.first

    @property
    def is_over(self) -> bool:
        """Whether the whole period is known."""
        return self.through == self.period.last


@dataclass(frozen=True, slots=True)
class Measure:
    """What a manager's records add up to for one indicator: the figure is numerator ÷ denominator.

    `rows` are the records behind it worth showing, where they are known: the most telling first.
    """

    numerator: int
    denominator: int
    rows: tuple[Row, ...] = ()
    row_count: int = 0
    scale: int = 1
    """Both are kept as multiples of 1/scale (scoring/facts.Fact.scale)."""
    level: Decimal | None = None
    """Of an average: what it stands at on the last day (scoring/facts.Fact.level)."""


Measures = Mapping[str, Measure]
"""By manager id; a manager without records is absent."""


def least(
    first: SQLColumnExpression[int], *others: SQLColumnExpression[int]
) -> SQLColumnExpression[int]:
    """The smallest of some columns, in words both engines know."""
    for other in others:
        first = case((first < other, first), else_=other)
    return first


def greatest(
    first: SQLColumnExpression[int], *others: SQLColumnExpression[int]
) -> SQLColumnExpression[int]:
    """The largest of some columns, in words both engines know."""
    for other in others:
        first = case((first > other, first), else_=other)
    return first


def held(window: Window, managers: Collection[str]) -> ColumnElement[bool]:
    """Assignments of these managers that touch the window."""
    return (
        Assignment.manager_id.in_(managers)
        & (Assignment.from_day < window.end)
        & (Assignment.to_day > window.first)
    )


def day(value: int) -> ColumnElement[int]:
    """A day number as a column."""
    return literal(value)
