"""What a drop says of tables of intervals: changes it sends, and history it lets us keep."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SelectBase,
    Table,
    case,
    exists,
    false,
    select,
    union_all,
)

from bank.database import Transaction
from bank.days import OPEN
from bank.importing.contract import FILES, File, History
from bank.importing.loading import FILE, Deltas, field_of, places_of, table_of
from bank.importing.staging import Stage, Stages, is_empty
from bank.importing.turns import Turn
from bank.models import Base


@dataclass(frozen=True, slots=True)
class Spans:
    """A table of intervals: whose they are, and the values that hold through them."""

    table: Table
    file: str
    """The file whose rows' ids `thing` holds."""
    thing: str
    values: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of an interval proper."""
        return (self.thing, "from_day", "to_day", *self.values)

    @property
    def superseded(self) -> Table | None:
        """Where intervals go that turn out wrong; a history without knowledge days has none."""
        if "known_day" not in self.table.c:
            return None
        name = self.table.name.removesuffix("_interval")
        return Base.metadata.tables[f"{name}_superseded"]


@dataclass(frozen=True, slots=True)
class News:
    """What a drop says of a table of intervals.

    `points` are a thing, a day, and the values from that day on. Those of a snapshot say
    nothing of the days after the next snapshot, however late they come. `ends` are things and
    the day on which each is over, `closings` those whose end the drop moves: a thing and the
    first day that changes.
    """

    spans: Spans
    points: Select[Any]
    snapshot: bool
    ends: SelectBase | None = None
    closings: Select[Any] | None = None


def find_news(
    tx: Transaction, stages: Stages, deltas: Deltas, turn: Turn, complete: Container[str]
) -> Iterator[News]:
    """The changes a drop sends, and what it says of things whose history is kept."""
    for file in FILES:
        stage = stages.get(file.name)
        if file.known == "changes":
            yield from _changes(tx, file, stage, deltas, snapshot=file.name in complete)
        elif file.history and stage and (turn.is_late or file.name in deltas):
            # What is known already is in the history; a late drop may differ from both.
            rows = stage.rows if turn.is_late else deltas[file.name].rows
            yield _history(tx, file, file.history, rows, turn)


def _changes(
    tx: Transaction, file: File, stage: Stage | None, deltas: Deltas, *, snapshot: bool
) -> Iterator[News]:
    """The changes sent, and where things ended otherwise than known, sent or not."""
    thing, value = (column for column in file.columns if column.name != "date")
    owner = FILE[str(thing.refers)]
    closes = "closed_date" in [column.name for column in owner.columns]
    closings = _closings(tx, deltas, owner) if closes else None
    if stage is None and closings is None:
        return
    table = table_of(file)
    rows = table if stage is None else stage.rows
    day = rows.c.from_day if stage is None else rows.c.day
    points = select(rows.c[thing.field].label("thing"), day.label("day"), rows.c[value.field])
    if stage is None:
        points = points.where(false())
    spans = Spans(table, owner.name, thing.field, (value.field,))
    yield News(spans, points, snapshot, _ends(tx, deltas, owner) if closes else None, closings)


def _history(tx: Transaction, file: File, history: History, rows: Table, turn: Turn) -> News:
    table = Base.metadata.tables[history.model.__tablename__]
    day: ColumnElement[int] = rows.c[field_of(file, history.since)]
    if not is_empty(tx, table):
        known = exists().where(table.c[history.thing] == rows.c.id)
        day = case((known, turn.day), else_=day)
    values = (rows.c[name] for name in history.columns)
    points = select(rows.c.id.label("thing"), day.label("day"), *values)
    return News(Spans(table, file.name, history.thing, history.columns), points, snapshot=True)


def _ends(tx: Transaction, deltas: Deltas, owner: File) -> SelectBase:
    """The things that are over once the drop is in, and since when."""
    new, *kept = places_of(tx, deltas, owner.name)
    parts = [select(new.c.id.label("thing"), new.c.closed_day.label("day"))]
    for place in kept:
        again = exists().where(new.c.id == place.c.id)
        parts.append(select(place.c.id, place.c.closed_day).where(~again))
    return union_all(*(part.where(part.selected_columns[1] < OPEN) for part in parts))


def _closings(tx: Transaction, deltas: Deltas, owner: File) -> Select[Any] | None:
    """The things whose end the drop moves, and the first day that changes."""
    kept = table_of(owner)
    if owner.name not in deltas or is_empty(tx, kept):
        return None
    new = deltas[owner.name].rows
    sooner = case((new.c.closed_day < kept.c.closed_day, new.c.closed_day), else_=kept.c.closed_day)
    joined = select(new.c.id, sooner).join(kept, kept.c.id == new.c.id)
    return joined.where(new.c.closed_day != kept.c.closed_day)
