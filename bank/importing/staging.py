"""Rows of a drop in temporary tables: checked and loaded there by SQL, however many there are."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter, lt
from typing import Any

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Select,
    Table,
    insert,
    text,
)
from sqlalchemy.schema import CreateTable

from bank.database import Transaction
from bank.importing.contract import File
from bank.importing.sources import Values
from bank.models import Base

CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Stage:
    """A file's rows in a temporary table: the file's columns, and each row's `line`."""

    file: File
    rows: Table
    ascending: bool
    """Whether the rows came in the strict order of their key, so that no key is there twice."""


Stages = Mapping[str, Stage]
"""What was staged, by file; only files of the drop are there."""


def stage(
    tx: Transaction, file: File, rows: Iterable[Values], report: Callable[[int], None]
) -> Stage:
    """Write rows into a new temporary table; `report` is told how many are written so far."""
    columns = Base.metadata.tables[file.model.__tablename__].columns
    table = temporary(
        tx,
        f"staged_{file.name}",
        Column("line", Integer),
        *(
            Column(column.field, columns[column.field].type if column.field in columns else Integer)
            for column in file.columns
        ),
    )
    fields = [column.field for column in file.columns]
    keys = [named.field for name in file.key for named in file.columns if named.name == name]
    key_of = itemgetter(*(1 + fields.index(key) for key in keys))
    written, ascending, last = 0, True, None
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        _write(tx, table, chunk)
        found = list(map(key_of, chunk))
        ascending = ascending and (last is None or last < found[0])
        ascending = ascending and all(map(lt, found, islice(found, 1, None)))
        last = found[-1]
        written += len(chunk)
        report(written)
    # Changes are read by key and day with their value: an index that holds it all is enough.
    whole = [field for field in fields if field not in keys] if file.known == "changes" else []
    prepare_joins(tx, table, *keys, *whole)
    return Stage(file, table, ascending)


_KNOWN: dict[tuple[str, ...], tuple[Table, str]] = {}
"""Every table described so far and how it is made, by dialect, name and columns.

A statement is known by its tables, and what it compiles to is used again: of a small drop's
import, compiling everything anew would be the greater part.
"""


def temporary(tx: Transaction, name: str, *columns: Column[Any]) -> Table:
    """A new temporary table, in the place of one left from an earlier try."""
    shape = (f"{column.name} {column.type!r}" for column in columns)
    key = (tx.dialect.name, name, *shape)
    if key not in _KNOWN:
        table = Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])
        _KNOWN[key] = table, str(CreateTable(table).compile(dialect=tx.dialect))
    table, create = _KNOWN[key]
    tx.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    tx.exec_driver_sql(create)
    return table


def fill(tx: Transaction, name: str, rows: Select[Any], *keys: str) -> Table:
    """A new temporary table of a query's rows, ready to be joined by `keys`."""
    columns = [Column(column.name, column.type) for column in rows.selected_columns]
    table = temporary(tx, name, *columns)
    tx.execute(insert(table).from_select([column.name for column in columns], rows))
    prepare_joins(tx, table, *keys)
    return table


def prepare_joins(tx: Transaction, table: Table, *keys: str) -> None:
    """Let a temporary table be found by `keys`: SQLite wants an index, PostgreSQL a count."""
    if tx.dialect.name == "sqlite" and keys:
        quote = tx.dialect.identifier_preparer.quote
        held = ", ".join(quote(key) for key in keys)
        tx.exec_driver_sql(f"CREATE INDEX ix_{table.name} ON {table.name} ({held})")
    elif keys:
        # Nobody else counts a temporary table's rows for the planner.
        tx.execute(text(f"ANALYZE {table.name}"))


def is_empty(tx: Transaction, table: Table) -> bool:
    """Whether a table holds nothing at all."""
    return tx.exec_driver_sql(f"SELECT 1 FROM {table.name} LIMIT 1").first() is None


@contextmanager
def without_collector() -> Iterator[None]:
    """Leave reference cycles alone for a while.

    Rows make none, and looking for some every few thousand rows takes a fifth of their reading.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def update_statistics(tx: Transaction, table: Table) -> None:
    """Let PostgreSQL plan by what was loaded just now; by itself it counts only now and then."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql(f"ANALYZE {table.name}")


def _write(tx: Transaction, table: Table, chunk: list[Values]) -> None:
    """Straight to the driver: rows are plain values already, in the table's order."""
    if tx.dialect.name == "sqlite":
        places = ", ".join("?" for _ in table.columns)
        tx.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({places})", chunk)
        return
    cursor: Any = tx.connection.cursor()
    with cursor, cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
        for row in chunk:
            copy.write_row(row)
