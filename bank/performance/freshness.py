"""S07: how much of the clients' files is there and up to date."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all

from bank.database import Transaction
from bank.days import day_of
from bank.models import Assignment, Client, ClientDocument
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import Measure
from scoring.facts import EVIDENCE, NO_CLIENTS, Evidence, Fact

FRESH = "S07"
FIELDS = ("risk_level", "industry", "size_class")
"""What must be known of a client; the last two of companies only."""


def freshness_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """S07: fields filled, identity checks and documents not overdue ÷ all required, in percent.

    Of the clients held on the window's last day, as their files stand now: no history is kept of
    a due date that has moved.
    """
    if not frame.wants(FRESH):
        return
    managers = [worker.id for worker in workers]
    sums: dict[str, Measure] = {}
    for statement in (_of_clients(frame, managers), _of_documents(frame, managers)):
        for manager, fresh, required in tx.execute(statement):
            so_far = sums.get(manager, Measure(0, 0))
            sums[manager] = Measure(
                so_far.numerator + int(fresh), so_far.denominator + int(required)
            )
    for worker in workers:
        yield worker.id, percent_fact(frame, FRESH, sums.get(worker.id), why_none=NO_CLIENTS)


def freshness_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """What is missing or overdue: the required less these are the figure's numerator."""
    last = frame.window.end - 1
    clients = _held(frame, [manager])
    gaps = [
        clients.add_columns(
            Client.id.label("client_id"), literal(field).label("what"), literal(0).label("due")
        ).where(_asked(field), ~_filled(field))
        for field in FIELDS
    ]
    checks = clients.add_columns(Client.id, literal("identity_check"), Client.kyc_due_day).where(
        Client.kyc_due_day < last
    )
    papers = (
        clients.join(ClientDocument, ClientDocument.client_id == Client.id)
        .add_columns(Client.id, ClientDocument.kind, ClientDocument.due_day)
        .where(~_renewed(frame))
    )
    missing = union_all(*gaps, checks, papers).subquery()
    count = tx.scalar(select(func.count()).select_from(missing)) or 0
    order = (missing.c.due == 0, missing.c.due, missing.c.client_id, missing.c.what)
    rows = tuple(
        {
            "id": found.client_id,
            "what": found.what,
            "due": day_of(found.due).isoformat() if found.due else "",
        }
        for found in tx.execute(select(missing).order_by(*order).limit(EVIDENCE))
    )
    return Evidence(rows, count)


def _of_clients(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """(manager, fresh, required) of what the clients themselves must say, and identity checks."""
    last = frame.window.end - 1
    known = [_as_one(and_(_asked(field), _filled(field))) for field in FIELDS]
    asked = [_as_one(_asked(field)) for field in FIELDS]
    fresh = sum(known, start=_as_one(Client.kyc_due_day >= last))
    required = sum(asked, start=_as_one(Client.kyc_due_day.is_not(None)))
    return (
        _held(frame, managers)
        .add_columns(func.sum(fresh), func.sum(required))
        .group_by(Assignment.manager_id)
    )


def _of_documents(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """(manager, fresh, required) of the clients' documents."""
    return (
        _held(frame, managers)
        .join(ClientDocument, ClientDocument.client_id == Client.id)
        .add_columns(func.sum(_as_one(_renewed(frame))), func.count())
        .group_by(Assignment.manager_id)
    )


def _held(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """The clients these managers hold on the window's last day."""
    last = frame.window.end - 1
    return (
        select(Assignment.manager_id)
        .join(Client, Client.id == Assignment.client_id)
        .where(
            Assignment.manager_id.in_(managers),
            Assignment.from_day <= last,
            Assignment.to_day > last,
            Client.closed_day > last,
        )
    )


def _asked(field: str) -> ColumnElement[bool]:
    if field == "risk_level":
        return Client.id.is_not(None)
    return Client.customer_class == "corporate"


def _filled(field: str) -> ColumnElement[bool]:
    return Client.__table__.c[field] != ""


def _renewed(frame: Frame) -> ColumnElement[bool]:
    """Whether a document is not overdue: its day lies ahead, or it was renewed for that day."""
    renewed = ClientDocument.renewed_day
    return or_(
        ClientDocument.due_day >= frame.window.end - 1,
        func.coalesce(
            and_(renewed >= ClientDocument.due_day, renewed <= frame.known), literal(value=False)
        ),
    )


def _as_one(true: ColumnElement[bool]) -> ColumnElement[int]:
    return case((true, 1), else_=0)
