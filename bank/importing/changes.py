"""Loading changes in time as the intervals between them."""

from typing import Any

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Select,
    Subquery,
    Table,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    union_all,
    update,
)

from bank.database import Transaction
from bank.days import OPEN
from bank.importing.contract import File
from bank.importing.staging import Stages
from bank.models import Account, BalanceInterval, Base


def load_changes(tx: Transaction, file: File, staged: Table, known_day: int) -> None:
    """Put staged changes among the intervals already there.

    Each thing's intervals from its first staged day on are written anew from all changes known:
    those there and those staged, a staged one replacing another of its day. A change to the
    same value is none.
    """
    kept = Base.metadata.tables[file.model.__tablename__]
    thing, value = (column.field for column in file.columns if column.name != "date")
    firsts = _firsts(tx, staged, thing)
    # The interval that ends on the first day belongs to it: the new one may carry on its value.
    meets = (kept.c[thing] == firsts.c.thing) & (kept.c.to_day >= firsts.c.day)
    restated = exists().where(staged.c[thing] == kept.c[thing], staged.c.day == kept.c.from_day)
    spliced = _temporary(
        "spliced",
        Column("thing", kept.c[thing].type),
        Column("from_day", Integer),
        Column("to_day", Integer),
        Column("value", kept.c[value].type),
    )
    spliced.create(tx)
    intervals = _intervals(
        union_all(
            select(staged.c[thing].label("thing"), staged.c.day, staged.c[value].label("value")),
            select(kept.c[thing], kept.c.from_day, kept.c[value])
            .join(firsts, meets)
            .where(~restated),
        ).subquery()
    )
    tx.execute(insert(spliced).from_select(["thing", "from_day", "to_day", "value"], intervals))
    tx.execute(delete(kept).where(exists().where(meets)))
    rows = select(spliced, literal(known_day))
    tx.execute(insert(kept).from_select([thing, "from_day", "to_day", value, "known_day"], rows))
    for table in (spliced, firsts):
        table.drop(tx)


def _intervals(points: Subquery) -> Select[*tuple[Any, ...]]:
    """The spans between the points (thing, day, value) at which the value really changes."""
    previous = func.lag(points.c.value).over(partition_by=points.c.thing, order_by=points.c.day)
    compared = select(
        points.c.thing, points.c.day, points.c.value, previous.label("previous")
    ).subquery()
    real = or_(compared.c.previous.is_(None), compared.c.value != compared.c.previous)
    changes = select(compared.c.thing, compared.c.day, compared.c.value).where(real).subquery()
    until = func.lead(changes.c.day, 1, literal(OPEN)).over(
        partition_by=changes.c.thing, order_by=changes.c.day
    )
    return select(changes.c.thing, changes.c.day, until, changes.c.value)


def end_closed_accounts(tx: Transaction, stages: Stages) -> None:
    """End the balances of the drop's closed accounts on the day they closed."""
    touched = [
        select(stages[name].c[column])
        for name, column in (("accounts", "id"), ("balances", "account_id"))
        if name in stages
    ]
    if not touched:
        return
    closed = (
        select(Account.closed_day)
        .where(Account.id == BalanceInterval.account_id, Account.closed_day < OPEN)
        .scalar_subquery()
    )
    running = BalanceInterval.account_id.in_(union(*touched)) & (BalanceInterval.to_day > closed)
    tx.execute(delete(BalanceInterval).where(running, BalanceInterval.from_day >= closed))
    tx.execute(update(BalanceInterval).where(running).values(to_day=closed))


def _firsts(tx: Transaction, staged: Table, thing: str) -> Table:
    """Each staged thing and its first staged day, indexed for the joins."""
    firsts = _temporary(
        "firsts", Column("thing", staged.c[thing].type, primary_key=True), Column("day", Integer)
    )
    firsts.create(tx)
    query = select(staged.c[thing], func.min(staged.c.day)).group_by(staged.c[thing])
    tx.execute(insert(firsts).from_select(["thing", "day"], query))
    return firsts


def _temporary(name: str, *columns: Column[object]) -> Table:
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])
