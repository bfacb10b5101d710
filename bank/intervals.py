"""Intervals as they were known on an earlier day: what a figure of that day rested on."""

from sqlalchemy import CompoundSelect, Table, select, union_all

from bank.models import Base


def superseded_of(table: Table) -> Table:
    """Where intervals of a table go that turn out wrong."""
    name = table.name.removesuffix("_interval")
    return Base.metadata.tables[f"{name}_superseded"]


def believed(model: type[Base], day: int) -> CompoundSelect[*tuple[object, ...]]:
    """The rows of a table of intervals as the bank knew them at the end of a day.

    Their columns are the thing, from_day, to_day and the value. They tell the days up to the
    last business day loaded by then; what they say of days after it was never looked at.
    """
    kept = Base.metadata.tables[model.__tablename__]
    superseded = superseded_of(kept)
    columns = [column for column in kept.c if column.name not in ("known_day", "batch_id")]
    return union_all(
        select(*columns).where(kept.c.known_day <= day),
        select(*(superseded.c[column.name] for column in columns)).where(
            superseded.c.known_day <= day, superseded.c.superseded_day > day
        ),
    )
