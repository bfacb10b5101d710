"""Writing rows that may already be there: the one place that knows each engine's ON CONFLICT."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, text
from sqlalchemy.dialects import postgresql, sqlite

from bank.database import Transaction
from bank.models import Base

Row = Mapping[str, Any]
"""Column names to values, as the table's column types take them."""

ALL = text("1 = 1")
"""SQLite takes ON CONFLICT after a query for a join, unless the query has a WHERE."""


def upsert(tx: Transaction, model: type[Base], rows: Sequence[Row], keys: Sequence[str]) -> None:
    """Write rows; where `keys` already name a row, its other columns take the new values.

    Every row has the same columns. `keys` are the columns of a primary key or unique index.
    A row given twice counts as written twice: the last one stands.
    """
    if not rows:
        return
    statement = _insert(tx, model)
    changes = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if changes:
        tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)
    else:
        tx.execute(statement.on_conflict_do_nothing(index_elements=keys), rows)


def insert_new(tx: Transaction, model: type[Base], rows: Sequence[Row]) -> int:
    """Insert the rows that clash with no primary key or unique index; return how many went in."""
    if not rows:
        return 0
    statement = _insert(tx, model).on_conflict_do_nothing()
    # PostgreSQL's driver counts many rows only when asked to keep the count.
    return tx.execute(statement.execution_options(preserve_rowcount=True), rows).rowcount


def upsert_from(
    tx: Transaction,
    model: type[Base],
    rows: Select[*tuple[Any, ...]],
    keys: Sequence[str],
    where: ColumnElement[bool],
) -> None:
    """As `upsert`, for rows another table holds; a row there that is not `where` stays as it is."""
    names = [column.name for column in rows.selected_columns]
    statement = _insert(tx, model).from_select(names, rows.where(ALL))
    changes = {name: statement.excluded[name] for name in names if name not in keys}
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes, where=where))


def insert_new_from(tx: Transaction, model: type[Base], rows: Select[*tuple[Any, ...]]) -> None:
    """As `insert_new`, for rows another table holds."""
    names = [column.name for column in rows.selected_columns]
    tx.execute(_insert(tx, model).from_select(names, rows.where(ALL)).on_conflict_do_nothing())


def _insert(tx: Transaction, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    if tx.dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)
