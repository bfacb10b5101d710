"""Rows of a drop in temporary tables: checked and loaded there by SQL, however many there are."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, Table, insert, text

from bank.database import Transaction
from bank.importing.contract import File
from bank.importing.sources import Values

CHUNK = 10_000
Stages = Mapping[str, Table]
"""The staged tables by their file's name; only files of the drop are there."""


def stage(
    tx: Transaction, file: File, rows: Iterable[Values], report: Callable[[int], None]
) -> Table:
    """Write rows into a new temporary table of the file's columns and each row's `line`.

    `report` is told the number of rows written so far.
    """
    table = _table(file)
    table.create(tx)
    written = 0
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        _write(tx, table, chunk)
        written += len(chunk)
        report(written)
    keys = [column.field for column in file.columns if column.name in file.key]
    Index(f"ix_{table.name}", *(table.c[key] for key in keys)).create(tx)
    if tx.dialect.name == "postgresql":
        # Nobody else counts a temporary table's rows for the planner.
        tx.execute(text(f"ANALYZE {table.name}"))
    return table


def _table(file: File) -> Table:
    columns = file.model.__table__.columns
    return Table(
        f"staged_{file.name}",
        MetaData(),
        Column("line", Integer),
        *(
            Column(column.field, columns[column.field].type if column.field in columns else Integer)
            for column in file.columns
        ),
        prefixes=["TEMPORARY"],
    )


def _write(tx: Transaction, table: Table, chunk: list[Values]) -> None:
    """Straight to the driver: rows are plain values already, in the table's order."""
    if tx.dialect.name == "sqlite":
        statement = str(insert(table).compile(dialect=tx.dialect))
        tx.exec_driver_sql(statement, chunk)
        return
    cursor: Any = tx.connection.cursor()
    with cursor, cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
        for row in chunk:
            copy.write_row(row)
