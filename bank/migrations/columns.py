"""Short words for the columns migrations declare."""

from functools import partial
from typing import Any

import sqlalchemy as sa


def _column(
    name: str, kind: sa.types.TypeEngine[Any], *, key: bool = False, null: bool = False
) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=key, nullable=null)


def ref_column(
    name: str, table: str, *, key: bool = False, null: bool = False, on_delete: str | None = None
) -> sa.Column[Any]:
    """A column that holds the id of another table's row."""
    target = sa.ForeignKey(f"{table}.id", ondelete=on_delete)
    return sa.Column(name, sa.String(64), target, primary_key=key, nullable=null)


def batch_column() -> sa.Column[Any]:
    """The drop a row came with."""
    return int_column("batch_id", null=True)


def number_column(name: str) -> sa.Column[Any]:
    """A key the database counts up itself."""
    return sa.Column(name, sa.Integer(), primary_key=True)


def one_of(name: str, column: str, *values: str) -> sa.CheckConstraint:
    """The check that a column holds one of some words."""
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({words})", name=name)


def is_span() -> sa.CheckConstraint:
    """The check that [from_day, to_day) holds at least one day."""
    return sa.CheckConstraint("from_day < to_day", name="span")


def is_share() -> sa.CheckConstraint:
    """The check that a share is a percentage and not nothing."""
    return sa.CheckConstraint("share_pct BETWEEN 1 AND 100", name="share")


def is_score() -> sa.CheckConstraint:
    """The check that a score is of 100."""
    return sa.CheckConstraint("score BETWEEN 0 AND 100", name="score")


id_column = partial(_column, kind=sa.String(64))
text_column = partial(_column, kind=sa.String())
day_column = int_column = partial(_column, kind=sa.Integer())
big_column = moment_column = partial(_column, kind=sa.BigInteger())
flag_column = partial(_column, kind=sa.Boolean())
json_column = partial(_column, kind=sa.JSON())
