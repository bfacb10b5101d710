"""Writing rows that may already be there: the one place that knows each engine's ON CONFLICT."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from bank.database import Transaction
from bank.models import Base

Row = Mapping[str, Any]
"""Column names to values, as the table's column types take them."""


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
    return tx.execute(_insert(tx, model).on_conflict_do_nothing(), rows).rowcount


def _insert(tx: Transaction, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    if tx.dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)
