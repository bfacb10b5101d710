"""What of a drop is new to the bank, and writing just that."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Table,
    and_,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.schema import AddConstraint, DropConstraint

from bank.database import Transaction
from bank.importing.contract import FILES, File
from bank.importing.staging import Stage, Stages, fill, is_empty, update_statistics
from bank.importing.turns import Turn
from bank.models import Base, ImportBatch, RiskWarning
from bank.upsert import insert_new_from, upsert_from

MANY = 10_000
"""Rows from which a first load is worth two statements for each foreign key."""


@dataclass(frozen=True, slots=True)
class Delta:
    """The rows of a file that are new to the bank, or differ from what it has of their key."""

    file: File
    rows: Table


Deltas = Mapping[str, Delta]
"""What each file but those of changes brings, by file; files that bring nothing are left out."""


def find_deltas(tx: Transaction, stages: Stages, turn: Turn) -> Deltas:
    """Compare every staged file with the bank; most of a nightly extract is known already."""
    deltas = {}
    for name, stage in stages.items():
        if stage.file.known != "changes":
            rows = _new_rows(tx, stage, turn)
            if not is_empty(tx, rows):
                deltas[name] = Delta(stage.file, rows)
    return deltas


def yield_to_own(tx: Transaction, deltas: Deltas) -> None:
    """Take a new warning in as closed where Daybook itself warns of the same: one answer is owed.

    It is not left out, because answers may name it, in this drop or a later one.
    """
    if "warnings" not in deltas:
        return
    rows, own = deltas["warnings"].rows, RiskWarning
    stands = exists().where(
        own.client_id == rows.c.client_id,
        own.signal == rows.c.signal,
        own.state != "closed",
        own.batch_id.is_(None),
    )
    tx.execute(update(rows).where(rows.c.state != "closed", stands).values(state="closed"))


def load_delta(tx: Transaction, delta: Delta, batch_id: int) -> None:
    """Write a file's new rows as of a batch."""
    model, keys = delta.file.model, keys_of(delta.file)
    rows = select(
        *(delta.rows.c[column.field] for column in delta.file.columns),
        literal(batch_id).label("batch_id"),
    )
    if is_empty(tx, table_of(delta.file)):
        # The plain form is a good deal faster on PostgreSQL.
        names = [column.name for column in rows.selected_columns]
        with _keys_proved_together(tx, table_of(delta.file), delta.rows):
            tx.execute(insert(model).from_select(names, rows))
        update_statistics(tx, table_of(delta.file))
    elif delta.file.known == "update":
        upsert_from(tx, model, rows, keys, table_of(delta.file).c.batch_id.is_not(None))
    else:
        insert_new_from(tx, model, rows)


FILE = {file.name: file for file in FILES}


def table_of(file: File) -> Table:
    """The bank's table of a file."""
    return Base.metadata.tables[file.model.__tablename__]


def field_of(file: File, name: str) -> str:
    """The table's name for a file's column."""
    return next(column.field for column in file.columns if column.name == name)


def keys_of(file: File) -> list[str]:
    """The columns of a file's key, as the table names them."""
    return [field_of(file, name) for name in file.key]


def same_key(file: File, one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """That rows of two tables have the same key."""
    return and_(*(one.c[key] == other.c[key] for key in keys_of(file)))


def differ(one: FromClause, other: FromClause, fields: list[str]) -> ColumnElement[bool]:
    """That rows of two tables differ in one of the columns."""
    return or_(*(one.c[field].is_distinct_from(other.c[field]) for field in fields))


@contextmanager
def _keys_proved_together(tx: Transaction, table: Table, rows: Table) -> Iterator[None]:
    """Let PostgreSQL prove a first load's foreign keys by a join each, not row by row.

    That takes half the time, but locks the table for everybody: so only one that is empty, only
    for many rows, and only where we own it. SQLite's look-ups cost little.
    """
    many = f"SELECT 1 FROM {rows.name} LIMIT 1 OFFSET {MANY}"
    owned = (
        f"SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = '{table.name}'::regclass"
    )
    alone = (
        tx.dialect.name == "postgresql"
        and tx.exec_driver_sql(many).first() is not None
        and tx.exec_driver_sql(owned).scalar()
    )
    keys = table.foreign_key_constraints if alone else ()
    for key in keys:
        tx.execute(DropConstraint(key))
    yield
    for key in keys:
        tx.execute(AddConstraint(key, isolate_from_table=False))


def _new_rows(tx: Transaction, stage: Stage, turn: Turn) -> Table:
    file, staged, kept = stage.file, stage.rows, table_of(stage.file)
    if is_empty(tx, kept):
        return staged
    joined: FromClause = staged.outerjoin(kept, same_key(file, staged, kept))
    new: ColumnElement[bool] = kept.c[keys_of(file)[0]].is_(None)
    if file.known == "update" and not (turn.is_late and file.history):
        values = [column.field for column in file.columns if column.field not in keys_of(file)]
        # A row without a batch is from Daybook's own people: what they wrote is never undone.
        changed = and_(kept.c.batch_id.is_not(None), differ(staged, kept, values))
        if turn.is_late:
            joined = joined.outerjoin(ImportBatch, ImportBatch.id == kept.c.batch_id)
            changed = and_(changed, ImportBatch.business_day <= turn.day)
        new = or_(new, changed)
    rows = select(staged).select_from(joined).where(new)
    return fill(tx, f"new_{file.name}", rows, *keys_of(file))


def standing(
    tx: Transaction, deltas: Deltas, name: str, rows: FromClause, key: ColumnElement[str]
) -> tuple[FromClause, Callable[[str], ColumnElement[Any]]]:
    """`rows` joined with what a file's rows of that id say once the drop is in.

    The second part gives such a column; it is null where there is no such row.
    """
    places = [place.alias(f"standing_{at}") for at, place in enumerate(places_of(tx, deltas, name))]
    for place in places:
        rows = rows.outerjoin(place, place.c.id == key)
    return rows, lambda field: func.coalesce(*(place.c[field] for place in places), null())


def places_of(tx: Transaction, deltas: Deltas, name: str) -> list[Table]:
    """Where rows of a file are once the drop is in: first what is new, then the bank's own."""
    places = [deltas[name].rows] if name in deltas else []
    kept = table_of(FILE[name])
    return places if places and is_empty(tx, kept) else [*places, kept]
