"""S11a: how many of the companies that borrow have given a statement that still counts.

Health is read anew whenever somebody looks, so nothing but the statement can be missing.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, case, func, select

from bank.database import Transaction
from bank.days import day_of, number
from bank.loans import MOVES, OWED
from bank.models import Assignment, Client, ClientStatement, Loan
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import Measure
from scoring.facts import EVIDENCE, NO_CLIENTS, Evidence, Fact
from scoring.health_rules import default_health
from scoring.loans import months_before

TOLD = "S11a"


def statement_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """S11a: borrowing companies whose newest statement is not stale ÷ all of them, in percent.

    Of the clients held on the window's last day; what the bank had been given by the as-of day.
    """
    if not frame.wants(TOLD):
        return
    borrowers = _borrowers(frame, [worker.id for worker in workers]).subquery()
    counts = select(borrowers.c.manager_id, func.sum(borrowers.c.counts), func.count()).group_by(
        borrowers.c.manager_id
    )
    found = {
        manager: Measure(int(told), borrowing) for manager, told, borrowing in tx.execute(counts)
    }
    for worker in workers:
        yield worker.id, percent_fact(frame, TOLD, found.get(worker.id), why_none=NO_CLIENTS)


def statement_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The borrowing companies, those without a statement first; `counted` adds up to the figure."""
    borrowers = _borrowers(frame, [manager]).subquery()
    count = tx.scalar(select(func.count()).select_from(borrowers)) or 0
    order = (borrowers.c.counts, borrowers.c.newest, borrowers.c.client_id)
    rows = tuple(
        {
            "id": found.client_id,
            "client": found.client_id,
            "year_end": day_of(found.newest).isoformat() if found.newest else "",
            "counted": found.counts,
        }
        for found in tx.execute(select(borrowers).order_by(*order).limit(EVIDENCE))
    )
    return Evidence(rows, count)


def _borrowers(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """(manager, client, newest, counts) of the companies that owe money; newest 0: none given."""
    last = frame.window.end - 1
    held = (
        select(Assignment.manager_id, Assignment.client_id)
        .join(Client, Client.id == Assignment.client_id)
        .where(
            Assignment.manager_id.in_(managers),
            Assignment.from_day <= last,
            Assignment.to_day > last,
            Client.customer_class == "corporate",
        )
        .subquery()
    )
    owing = (
        select(Loan.client_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(Loan.client_id.in_(select(held.c.client_id)), MOVES.c.known_day <= last)
        .group_by(Loan.id, Loan.client_id)
        .having(func.sum(OWED) > 0)
    )
    given = (
        select(ClientStatement.client_id, func.max(ClientStatement.year_end_day).label("newest"))
        .where(
            ClientStatement.client_id.in_(select(held.c.client_id)),
            ClientStatement.received_day <= frame.known,
        )
        .group_by(ClientStatement.client_id)
        .subquery()
    )
    oldest = number(months_before(day_of(last), default_health().stale_months))
    newest = func.coalesce(given.c.newest, 0)
    return (
        select(
            held.c.manager_id,
            held.c.client_id,
            newest.label("newest"),
            case((newest >= oldest, 1), else_=0).label("counts"),
        )
        .outerjoin(given, given.c.client_id == held.c.client_id)
        .where(held.c.client_id.in_(owing))
    )
