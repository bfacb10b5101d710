"""Whose results a drop changes that others may have seen already: the managers to score again.

What a drop changes on days already loaded is gathered as effects (a file's row, and the first
day it bears on) before the change is made, while the old values are at hand. Afterwards they
are followed along what refers to what, up to the managers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from bank.database import Transaction
from bank.days import OPEN
from bank.importing.changes import Splice
from bank.importing.contract import FILES, File
from bank.importing.kinds import Day, Kind
from bank.importing.loading import (
    FILE,
    Delta,
    Deltas,
    differ,
    field_of,
    keys_of,
    same_key,
    standing,
    table_of,
)
from bank.importing.staging import is_empty, temporary
from bank.importing.turns import Turn
from bank.models import Assignment, Correction

BEARERS = ("manager_id", "originator_id", "acquirer_id", "staff_id")
"""Columns with the person whose results a row bears on; others name who only acted."""
SHARED = (("fees", "fee_splits"), ("proposals", "proposal_authors"), ("products", "holdings"))
"""What rows of the first bear on is said by the rows of the second that refer to them."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """How many managers a drop corrects results of, and from which day on."""

    managers: int = 0
    since: int | None = None


def gather_effects(
    tx: Transaction, deltas: Deltas, splices: Iterable[Splice], turn: Turn
) -> Table | None:
    """What the drop corrects of days loaded before it; None where nothing was loaded.

    That is what had been told otherwise, and what is new of a period that was over already
    (docs/decisions/19-corrections-reach-managers.md).
    """
    if not turn.covered:
        return None
    columns = (Column("file", String), Column("id", String), Column("day", Integer))
    effects = temporary(tx, "effects", *columns)
    for delta in deltas.values():
        if delta.file.takes_effect or delta.file.sums:
            _gather(tx, effects, delta, deltas, turn)
    for splice in splices:
        touched, kept = splice.touched, splice.spans.table
        rows = select(literal(splice.spans.file), touched.c.thing, touched.c.day)
        told = exists().where(kept.c[splice.spans.thing] == touched.c.thing)
        _add(tx, effects, rows.where(touched.c.day <= _limit(told, turn)))
    return effects


def mark_managers(tx: Transaction, effects: Table | None, batch_id: int) -> Corrected:
    """Record the managers the effects reach, once everything is loaded."""
    if effects is None or is_empty(tx, effects):
        return Corrected()
    for name, through in SHARED:
        _climb(tx, effects, FILE[through], name)
    for file in reversed(FILES):
        if file.key == ("id",):
            _climb(tx, effects, file, file.name)
    client = and_(effects.c.file == "clients", effects.c.id == Assignment.client_id)
    held = select(
        Assignment.manager_id, _sooner(effects.c.day, Assignment.from_day, later=True)
    ).join(effects, and_(client, Assignment.to_day > effects.c.day))
    named = select(effects.c.id, effects.c.day).where(effects.c.file == "staff")
    reached = union_all(held, named).subquery()
    manager, day = reached.c
    rows = select(literal(batch_id), manager, func.min(day)).group_by(manager)
    tx.execute(insert(Correction).from_select(["batch_id", "manager_id", "first_day"], rows))
    found = select(func.count(), func.min(Correction.first_day))
    return Corrected(*tx.execute(found.where(Correction.batch_id == batch_id)).one())


def _gather(tx: Transaction, effects: Table, delta: Delta, deltas: Deltas, turn: Turn) -> None:
    """The effects of a file's new rows, on whom they concern now and on whom they did before."""
    file, new, kept = delta.file, delta.rows, table_of(delta.file)
    joined: FromClause = new.outerjoin(kept, same_key(file, new, kept))
    joined, day = _first_day(tx, delta, deltas, joined)
    joined, told = _told(delta, joined)
    for column in file.columns:
        if column.name == "id" and file.name in dict(SHARED):
            target = file.name
        elif column.refers and (column.refers != "staff" or column.name in BEARERS):
            target = column.refers
        else:
            continue
        now, before = new.c[column.field], kept.c[column.field]
        for value, concerns in ((now, now.is_not(None)), (before, before != now)):
            rows = select(literal(target), value, day).select_from(joined)
            _add(tx, effects, rows.where(concerns, day <= _limit(told, turn)))


def _limit(told: ColumnElement[bool], turn: Turn) -> ColumnElement[int]:
    """The newest day on which what the bank was told before, or was not, is corrected."""
    return case((told, turn.told), else_=turn.closed)


def _told(delta: Delta, joined: FromClause) -> tuple[FromClause, ColumnElement[bool]]:
    """Whether the bank was told of a new row before, or of the row it takes back or splits."""
    file, new, kept = delta.file, delta.rows, table_of(delta.file)
    # A row that named no day yet bore on nothing.
    takes = [field_of(file, file.takes_effect)] if file.takes_effect else keys_of(file)
    told: ColumnElement[bool] = kept.c[takes[0]].is_not(None)
    for column in file.columns:
        if column.name == (file.sums.group if file.sums else "reverses_id"):
            amended = table_of(FILE[str(column.refers)]).alias("amended")
            joined = joined.outerjoin(amended, amended.c.id == new.c[column.field])
            told = or_(told, amended.c.id.is_not(None))
    return joined, told


def _first_day(
    tx: Transaction, delta: Delta, deltas: Deltas, joined: FromClause
) -> tuple[FromClause, ColumnElement[int]]:
    """The first day a new row bears on: its own, or where it is only ended anew, of its ends."""
    file, new, kept = delta.file, delta.rows, table_of(delta.file)
    if file.sums:
        # A split has no day of its own: it bears on what it splits.
        whole = next(column for column in file.columns if column.name == file.sums.group)
        split = FILE[str(whole.refers)]
        joined, of = standing(tx, deltas, split.name, joined, new.c[whole.field])
        return joined, func.coalesce(of(field_of(split, str(split.takes_effect))), OPEN)
    takes = next(column for column in file.columns if column.name == file.takes_effect)
    begins = (_begin(takes.kind, table.c[takes.field]) for table in (new, kept))
    day = _sooner(*begins)
    if file.name == "loan_events":
        # A reversal counts on the day of what it takes back.
        joined, of = standing(tx, deltas, file.name, joined, new.c.reverses_id)
        day = _sooner(day, of("day"))
    fields = {column.field: column for column in file.columns if column.name not in file.key}
    ends = [
        field
        for field, column in fields.items()
        if isinstance(column.kind, Day) and column.kind.empty in (OPEN, None)
    ]
    if not ends:
        return joined, day
    same = and_(
        kept.c[keys_of(file)[0]].is_not(None),
        ~differ(new, kept, [field for field in fields if field not in ends]),
    )
    moved: list[ColumnElement[int]] = [
        case(
            (new.c[end].is_distinct_from(kept.c[end]), _sooner(new.c[end], kept.c[end])), else_=OPEN
        )
        for end in ends
    ]
    return joined, case((same, reduce(_sooner, moved)), else_=day)


def _begin(kind: Kind, value: ColumnElement[int]) -> ColumnElement[int]:
    """The day that a column holds, or the first one after the year it holds."""
    if isinstance(kind, Day):
        return value
    return value * 365 + value // 4 - value // 100 + value // 400 + 1


Days = ColumnElement[int] | InstrumentedAttribute[int]


def _sooner(one: Days, other: Days, *, later: bool = False) -> ColumnElement[int]:
    """The earlier of two days, or the later; one that is null is not yet known, or never was."""
    first, second = func.coalesce(one, OPEN), func.coalesce(other, OPEN)
    return case((first > second if later else first < second, first), else_=second)


def _climb(tx: Transaction, effects: Table, file: File, name: str) -> None:
    """Take the effects on rows of `name` to what the rows of `file` about them refer to."""
    table = table_of(file)
    about = next(
        column.field
        for column in file.columns
        if (column.name == "id" if name == file.name else column.refers == name)
    )
    for column in file.columns:
        if column.refers in (None, name, file.name):
            continue
        if column.refers == "staff" and column.name not in BEARERS:
            continue
        value = table.c[column.field]
        here = and_(effects.c.file == name, effects.c.id == table.c[about])
        rows = select(literal(column.refers), value, func.min(effects.c.day))
        rows = rows.select_from(effects.join(table, here)).where(value.is_not(None))
        _add(tx, effects, rows.group_by(value))


def _add(tx: Transaction, effects: Table, rows: Select[Any]) -> None:
    tx.execute(insert(effects).from_select(["file", "id", "day"], rows))
