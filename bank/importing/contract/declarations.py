"""What a file of the drop declares, and the kinds and rules many of them share."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bank import models
from bank.days import OPEN
from bank.importing.kinds import Day, Identifier, Kind, Text, Whole


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file; `refers` names the file whose id it holds."""

    name: str
    kind: Kind
    meaning: str
    refers: str | None = None

    @property
    def field(self) -> str:
        """The table's column: days are named `…day` there, money loses its unit."""
        if self.name == "date":
            return "day"
        if self.name.endswith("_date"):
            return self.name.removesuffix("date") + "day"
        return self.name.removesuffix("_fen")


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between a row's columns; the problem is reported at `column`."""

    column: str
    reason: str
    holds: Callable[[Mapping[str, Any]], bool]
    """Takes the row by the table's column names."""


@dataclass(frozen=True, slots=True)
class History:
    """Columns whose values the import keeps as spans of time, in a table of their own.

    A row seen for the first time holds from its day `since` on; every later change from the
    drop's business date on. The span's key is the row's id as `thing`.
    """

    model: type[models.Base]
    thing: str
    since: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """That `share_pct` of all rows with the same `group` adds up to 100, in bank and drop."""

    group: str


@dataclass(frozen=True, slots=True)
class File:
    """One file of a drop.

    How its rows meet those already there, by key:
    - update: a known row takes the new values;
    - keep: a known row stays as it is, because Daybook itself moves it on;
    - fixed: a known row must be the same, because it never changes;
    - changes: rows are changes in time, loaded as the table's intervals.

    `takes_effect` names the date column from which a row bears on figures, or a column with the
    year after which it does: a row that corrects days already loaded does so from that day on.
    `unique` names columns that are given to one row only besides the key, empty ones apart.
    """

    name: str
    model: type[models.Base]
    known: Literal["update", "keep", "fixed", "changes"]
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    takes_effect: str | None = None
    history: History | None = None
    sums: Sums | None = None
    unique: tuple[str, ...] = ()


ID = Identifier()
NO_ID = Identifier(optional=True)
MONEY = Whole(least=0)
SOME_MONEY = Whole(least=1)
PAST = Day()
PAST_IF_ANY = Day(empty=None)
PLANNED = Day(future=True)
PLANNED_IF_ANY = Day(future=True, empty=None)
UNTIL = Day(empty=OPEN)
PLANNED_END = Day(future=True, empty=OPEN)
YEAR = Whole(2000, 2100)
COUNT = Whole(1, 10_000)
SCORE = Whole(0, 100)
SHARE = Whole(1, 100)
NOTE = Text(optional=True)


def starts_first(start: str, end: str) -> Rule:
    """The rule that a pair of days named by their columns is in order."""
    first, then = f"{start}_day", f"{end}_day"
    return Rule(
        f"{end}_date",
        f"is not after {start}_date: correct one of the two",
        lambda row: row[first] < row[then],
    )


def not_before(start: str, end: str) -> Rule:
    """The rule that a day is the same as an earlier one or follows it, or is not given."""
    first, then = Column(start, PAST, "").field, Column(end, PAST, "").field
    return Rule(
        end,
        f"is before {start}: correct one of the two",
        lambda row: row[then] is None or row[first] is None or row[then] >= row[first],
    )


def given_when(column: str, kind: str, word: str) -> Rule:
    """The rule that a column is given just when another holds a word."""
    field = Column(column, ID, "").field
    return Rule(
        column,
        f"is given without {kind} {word}, or the reverse: correct one of the two",
        lambda row: (row[field] is not None) == (row[kind] == word),
    )


def given_unless(column: str, kind: str, word: str) -> Rule:
    """The rule that a column is given just when another does not hold a word."""
    field = Column(column, ID, "").field
    return Rule(
        column,
        f"is given with {kind} {word}, or missing with another: correct one of the two",
        lambda row: (row[field] is None) == (row[kind] == word),
    )


def given_together(column: str, other: str) -> Rule:
    """The rule that two columns are both given, or neither."""
    first, second = Column(column, ID, "").field, Column(other, ID, "").field
    return Rule(
        column,
        f"is given without {other}, or the reverse: give both or neither",
        lambda row: (row[first] is None) == (row[second] is None),
    )


def differ(column: str, other: str) -> Rule:
    """The rule that two columns name two different ones."""
    return Rule(
        column,
        f"is the same as {other}: correct one of the two",
        lambda row: row[column] is None or row[column] != row[other],
    )


def matches(column: str, pattern: str, reason: str) -> Rule:
    """The rule that a column's whole text has a form."""
    form = re.compile(pattern, re.ASCII)
    return Rule(column, reason, lambda row: form.fullmatch(row[column]) is not None)
