"""Keeping the rollup by a drop: the things it touches, as they were less, as they are more.

What a drop touches is known once it is laid out, and so are the steps of those things as they
were. After it is loaded their steps as they are now make up the difference, in the drop's own
transaction: only managers who hold or held a touched thing change, from its first touched day on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Select, Table, and_, case, func, literal, or_, select, union_all

from bank.database import Transaction
from bank.importing.changes import Splice
from bank.importing.loading import Deltas
from bank.importing.staging import fill, is_empty
from bank.models import Account, Assignment, Client, Holding, Loan
from bank.performance.rollup import apply_steps, follow, is_current
from bank.performance.spans import SOURCES
from bank.performance.steps import Steps, add_touched, no_steps

EVER = literal(0)
"""Where all of a thing's days may be other than before; such rows are few."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """The things a drop touches (thing, day), by source, and the steps they had."""

    touched: Mapping[str, Table]
    before: Steps


def prepare_rollup(
    tx: Transaction, deltas: Deltas, splices: Mapping[str, Splice]
) -> Rolling | None:
    """What of the rollup a drop will change; None where it is not built, or not up to date."""
    if not is_current(tx):
        return None
    touched, before = {}, no_steps()
    for source, rows in _touched(tx, deltas, splices).items():
        every = union_all(*rows).subquery()
        first = select(every.c.thing, func.min(every.c.day).label("day")).group_by(every.c.thing)
        table = fill(tx, f"rolled_{source}", first, "thing")
        if not is_empty(tx, table):
            # Unless it is counted, SQLite takes it for large and goes through what it joins.
            tx.exec_driver_sql(f"ANALYZE {table.name}")
            touched[source] = table
            add_touched(tx, before, source, table, -1)
    return Rolling(touched, before)


def keep_rollup(tx: Transaction, rolling: Rolling | None, batch_id: int) -> None:
    """Take a drop that is loaded by now into the rollup."""
    if rolling is None:
        return
    steps = rolling.before
    for source, table in rolling.touched.items():
        add_touched(tx, steps, source, table, 1)
    apply_steps(tx, steps)
    follow(tx, batch_id)


def _touched(
    tx: Transaction, deltas: Deltas, splices: Mapping[str, Splice]
) -> dict[str, list[Select[Any]]]:
    """Things and the first day each bears on otherwise than before, by source."""
    found: dict[str, list[Select[Any]]] = {source: [] for source in SOURCES}
    for source, rows in (*_spliced(splices), *_sent(deltas)):
        found[source].append(rows)
    shares = list(_shared(deltas))
    if shares:
        every = union_all(*shares).subquery()
        clients = fill(tx, "rolled_shares", select(every.c.thing, every.c.day), "thing")
        for source, rows in _of_clients(clients):
            found[source].append(rows)
    return {source: rows for source, rows in found.items() if rows}


def _spliced(splices: Mapping[str, Splice]) -> Iterator[tuple[str, Select[Any]]]:
    for table, source in (("balance_interval", "deposits"), ("holding_units", "units")):
        if table in splices:
            touched = splices[table].touched
            yield source, select(touched.c.thing, touched.c.day)
    if "price" in splices:
        touched = splices["price"].touched
        yield "units", _held_of(touched, touched.c.thing, touched.c.day)


def _sent(deltas: Deltas) -> Iterator[tuple[str, Select[Any]]]:
    for file, source, thing in (
        ("accounts", "deposits", "id"),
        ("holdings", "units", "id"),
        ("loans", "loans", "id"),
        ("loan_events", "loans", "loan_id"),
        ("clients", "clients", "id"),
        ("client_bases", "base", "client_id"),
        ("asset_bases", "asset_base", "client_id"),
    ):
        if file in deltas:
            yield source, select(deltas[file].rows.c[thing].label("thing"), EVER.label("day"))
    if "products" in deltas:
        rows = deltas["products"].rows
        yield "units", _held_of(rows, rows.c.id, EVER)


def _held_of(rows: FromClause, product: Any, day: Any) -> Select[Any]:  # noqa: ANN401
    """The holdings of products."""
    held = select(Holding.id.label("thing"), day.label("day")).select_from(rows)
    return held.join(Holding, Holding.product_id == product)


def _shared(deltas: Deltas) -> Iterator[Select[Any]]:
    """Clients who are held otherwise than before, or are of another class."""
    if "assignments" in deltas:
        rows = deltas["assignments"].rows
        same = and_(
            Assignment.client_id == rows.c.client_id,
            Assignment.from_day == rows.c.from_day,
            Assignment.manager_id == rows.c.manager_id,
        )
        sooner = case((rows.c.to_day < Assignment.to_day, rows.c.to_day), else_=Assignment.to_day)
        new = or_(Assignment.client_id.is_(None), Assignment.share_pct != rows.c.share_pct)
        day = case((new, rows.c.from_day), else_=sooner)
        joined = rows.outerjoin(Assignment, same)
        yield select(rows.c.client_id.label("thing"), day.label("day")).select_from(joined)
    if "clients" in deltas:
        rows = deltas["clients"].rows
        other = and_(Client.id == rows.c.id, Client.customer_class != rows.c.customer_class)
        yield select(rows.c.id.label("thing"), EVER.label("day")).join(Client, other)


def _of_clients(clients: Table) -> Iterator[tuple[str, Select[Any]]]:
    """All that some clients have."""
    for source, model in (("deposits", Account), ("units", Holding), ("loans", Loan)):
        mine = select(model.id.label("thing"), clients.c.day)
        yield source, mine.join(clients, clients.c.thing == model.client_id)
    for source in ("base", "asset_base", "clients"):
        yield source, select(clients.c.thing, clients.c.day)
