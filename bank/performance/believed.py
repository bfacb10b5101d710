"""Intervals as a run may use them: what the bank believed on its as-of day."""

from sqlalchemy import ColumnElement, FromClause, Table, and_, select, true

from bank.intervals import believed, superseded_of
from bank.models import Base
from bank.performance.measuring import Frame


def as_known(frame: Frame, model: type[Base], name: str = "") -> FromClause:
    """A table of intervals as known on the frame's as-of day: the thing, from_day, to_day, value.

    The plain table where nothing was learnt since; else the rows believed then, so that a past
    day gives its figures again whatever was corrected later.
    """
    table = Base.metadata.tables[model.__tablename__]
    name = name or f"{table.name}_as_known"
    if frame.replayed:
        return believed(model, frame.known).subquery(name)
    columns = [column for column in table.c if column.name not in ("known_day", "batch_id")]
    return select(*columns).subquery(name)


def parts_as_known(
    frame: Frame, model: type[Base]
) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """The same as one table or two with what holds of their rows: what adds up is added apart.

    A query that looks rows up one thing at a time is many times quicker so.
    """
    table = Base.metadata.tables[model.__tablename__]
    if not frame.replayed:
        return ((table, true()),)
    gone = superseded_of(table)
    then = and_(gone.c.known_day <= frame.known, gone.c.superseded_day > frame.known)
    return (table, table.c.known_day <= frame.known), (gone, then)
