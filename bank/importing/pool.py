"""The branch pool: what no manager holds of a client, so that every client's shares make 100."""

from sqlalchemy import Table, delete, func, insert, literal, select, union_all

from bank.database import Transaction
from bank.days import OPEN
from bank.importing.loading import Deltas
from bank.importing.staging import fill, is_empty
from bank.models import Assignment, Base, Client, PoolShare

WHOLE = 100
"""Percent."""


def share_pool(tx: Transaction, deltas: Deltas) -> None:
    """Derive the pool's shares anew for clients that came or were assigned otherwise.

    The clients and assignments themselves are loaded by now.
    """
    touched = _touched(tx, deltas)
    if touched is None:
        return
    if not is_empty(tx, Base.metadata.tables[PoolShare.__tablename__]):
        tx.execute(delete(PoolShare).where(PoolShare.client_id.in_(select(touched.c.client_id))))
    # From day 1 all of a client is the pool's; every span of a manager takes its share away.
    change = union_all(
        select(Client.id.label("client_id"), literal(1).label("day"), literal(WHOLE).label("pct")),
        select(Assignment.client_id, Assignment.from_day, -Assignment.share_pct),
        select(Assignment.client_id, Assignment.to_day, Assignment.share_pct),
    ).subquery()
    step = (
        select(change.c.client_id, change.c.day, func.sum(change.c.pct).label("pct"))
        .join(touched, touched.c.client_id == change.c.client_id)
        .group_by(change.c.client_id, change.c.day)
        .having((func.sum(change.c.pct) != 0) & (change.c.day < OPEN))
        .subquery()
    )
    span = select(
        step.c.client_id,
        step.c.day,
        func.lead(step.c.day, 1, literal(OPEN))
        .over(partition_by=step.c.client_id, order_by=step.c.day)
        .label("until"),
        func.sum(step.c.pct).over(partition_by=step.c.client_id, order_by=step.c.day).label("pct"),
    ).subquery()
    columns = ["client_id", "from_day", "to_day", "share_pct"]
    tx.execute(insert(PoolShare).from_select(columns, select(span).where(span.c.pct > 0)))


def _touched(tx: Transaction, deltas: Deltas) -> Table | None:
    """The clients whose shares may have changed."""
    found = [
        select(deltas[name].rows.c[column].label("client_id"))
        for name, column in (("clients", "id"), ("assignments", "client_id"))
        if name in deltas
    ]
    if not found:
        return None
    every = union_all(*found).subquery()
    return fill(tx, "touched_pool", select(every.c.client_id).distinct(), "client_id")
