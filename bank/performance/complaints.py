"""C01b: complaints that were upheld, for every thousand clients held."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from bank.database import Transaction
from bank.days import day_of
from bank.models import Assignment, Client, Complaint
from bank.performance.facts import points_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import SHARE, Measure, Window, day, greatest, held, least
from scoring.facts import EVIDENCE, NO_CLIENTS, Evidence, Fact


def complaint_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """C01b: complaints of the window upheld by the as-of day × `per` ÷ day-average clients.

    One that is upheld later changes the period it was received in; one not decided yet, or that
    repeats another, does not count. A client counts by the manager's share of it on each day.
    """
    window, managers = frame.window, [worker.id for worker in workers]
    upheld, client_days = _upheld(tx, frame, managers), _client_days(tx, window, managers)
    # The day-average is client_days ÷ (SHARE × days): both sides are kept in that unit.
    unit = SHARE * window.days
    for worker in workers:
        days = client_days.get(worker.id)
        measure = None
        if days:
            complaints = upheld.get(worker.id, 0)
            measure = Measure(complaints * frame.scheme.complaints.per * unit, days, scale=unit)
        yield worker.id, points_fact(frame, "C01b", measure, why_none=NO_CLIENTS)


def complaint_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The complaints of the window as they stood on the as-of day, those upheld first.

    Those `upheld`, × `per`, are the figure's numerator.
    """
    received = _received(frame, [manager])
    count = tx.scalar(select(func.count()).select_from(received.subquery())) or 0
    state = _state(frame).label("state_then")
    order = case((state == "upheld", 0), (state == "pending", 1), else_=2)
    statement = (
        received.add_columns(
            Complaint.id,
            Complaint.client_id,
            Complaint.received_day,
            Complaint.severity,
            state,
            case((state == "pending", None), else_=Complaint.decided_day).label("decided"),
            case((state == "duplicate", Complaint.duplicate_of), else_=None).label("repeats"),
        )
        .order_by(order, Complaint.received_day, Complaint.id)
        .limit(EVIDENCE)
    )
    rows = tuple(
        {
            "id": found.id,
            "client": found.client_id,
            "received": day_of(found.received_day).isoformat(),
            "severity": found.severity,
            "state": found.state_then,
            "decided": "" if found.decided is None else day_of(found.decided).isoformat(),
            "repeats": found.repeats or "",
        }
        for found in tx.execute(statement)
    )
    return Evidence(rows, count)


def _upheld(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, int]:
    statement = (
        _received(frame, managers)
        .add_columns(func.count())
        .where(_state(frame) == "upheld")
        .group_by(Complaint.manager_id)
    )
    return dict(tx.execute(statement).all())


def _received(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """The complaints about these managers that came in on the days of the window."""
    window = frame.window
    return select(Complaint.manager_id).where(
        Complaint.manager_id.in_(managers),
        Complaint.received_day.between(window.first, window.end - 1),
    )


def _state(frame: Frame) -> Any:  # noqa: ANN401 - a case over texts
    """Where a complaint stood on the as-of day."""
    return case((Complaint.decided_day <= frame.known, Complaint.state), else_="pending")


def _client_days(tx: Transaction, window: Window, managers: Collection[str]) -> Mapping[str, int]:
    """Days × percent of share of the clients each manager held; those without any are absent."""
    start = greatest(Assignment.from_day, day(window.first))
    stop = least(Assignment.to_day, Client.closed_day, day(window.end))
    statement = (
        select(Assignment.manager_id, func.sum(Assignment.share_pct * (stop - start)))
        .join(Client, Client.id == Assignment.client_id)
        .where(and_(held(window, managers), start < stop))
        .group_by(Assignment.manager_id)
    )
    return {manager: int(days) for manager, days in tx.execute(statement)}
