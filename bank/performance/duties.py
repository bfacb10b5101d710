"""S05 due diligence and post-loan checks, S08 inquiries, S09 return visits and care, S12 reports.

What has a last day, and was done by then or not.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select

from bank.database import Transaction
from bank.days import day_of
from bank.models import Duty, Inquiry, StaffLeave
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import Measure
from scoring.facts import EVIDENCE, Evidence, Fact


@dataclass(frozen=True, slots=True)
class Planned:
    """An indicator of duties: their kinds, and whether doing one late counts as well."""

    indicator: str
    kinds: tuple[str, ...]
    late_counts: bool = False


PLANNED = (
    Planned("S05", ("due_diligence", "post_loan_check")),
    Planned("S09", ("return_visit", "festive_care"), late_counts=True),
    Planned("S12", ("analysis_report",)),
)
INQUIRIES = "S08"


def duty_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """S05, S09 and S12: done ÷ due in the window, in percent; S05 and S12 count those in time.

    What fell due while the manager was on approved leave, and was not done, was not due.
    """
    asked = [planned for planned in PLANNED if frame.wants(planned.indicator)]
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for planned in asked:
        found |= {
            (manager, planned.indicator): (done, due)
            for manager, done, due in tx.execute(_sums(frame, planned, workers))
        }
    for worker in workers:
        for planned in asked:
            counts = found.get((worker.id, planned.indicator))
            measure = Measure(int(counts[0]), counts[1]) if counts else None
            yield worker.id, percent_fact(frame, planned.indicator, measure)


def duty_evidence(planned: Planned, tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The duties that fell due, those not `counted` first; the others count to the numerator."""
    owed = _owed(frame, planned, [manager])
    count = tx.scalar(select(func.count()).select_from(owed.subquery())) or 0
    counts = _counts(frame, planned)
    statement = (
        owed.add_columns(
            Duty.id, Duty.client_id, Duty.kind, Duty.due_day, Duty.done_day, counts.label("counts")
        )
        .order_by(counts, Duty.due_day, Duty.id)
        .limit(EVIDENCE)
    )
    rows = tuple(
        {
            "id": found.id,
            "client": found.client_id or "",
            "kind": found.kind,
            "due": day_of(found.due_day).isoformat(),
            "done": _day(found.done_day, frame.known),
            "counted": found.counts,
        }
        for found in tx.execute(statement)
    )
    return Evidence(rows, count)


def inquiry_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """S08: inquiries answered in time ÷ those whose last day lies in the window, in percent.

    The records hold what clients asked; requests from within the bank are not among them.
    """
    if not frame.wants(INQUIRIES):
        return
    answered = case((_answered_in_time(frame), 1), else_=0)
    statement = (
        _fallen_due(frame, [worker.id for worker in workers])
        .add_columns(func.sum(answered), func.count())
        .group_by(Inquiry.manager_id)
    )
    found = {who: Measure(int(done), due) for who, done, due in tx.execute(statement)}
    for worker in workers:
        yield worker.id, percent_fact(frame, INQUIRIES, found.get(worker.id))


def inquiry_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The inquiries that fell due, those not `counted` first; the others count to the numerator."""
    due = _fallen_due(frame, [manager])
    count = tx.scalar(select(func.count()).select_from(due.subquery())) or 0
    counts = case((_answered_in_time(frame), 1), else_=0).label("counts")
    statement = (
        due.add_columns(
            Inquiry.id,
            Inquiry.client_id,
            Inquiry.received_day,
            Inquiry.due_day,
            Inquiry.answered_day,
            Inquiry.topic,
            counts,
        )
        .order_by(counts, Inquiry.due_day, Inquiry.id)
        .limit(EVIDENCE)
    )
    rows = tuple(
        {
            "id": found.id,
            "client": found.client_id,
            "topic": found.topic,
            "received": day_of(found.received_day).isoformat(),
            "due": day_of(found.due_day).isoformat(),
            "done": _day(found.answered_day, frame.known),
            "counted": found.counts,
        }
        for found in tx.execute(statement)
    )
    return Evidence(rows, count)


def _sums(
    frame: Frame, planned: Planned, workers: Sequence[Worker]
) -> Select[*tuple[str, int, int]]:
    """(manager, done, due) of one indicator's duties."""
    return (
        _owed(frame, planned, [worker.id for worker in workers])
        .add_columns(func.sum(_counts(frame, planned)), func.count())
        .group_by(Duty.manager_id)
    )


def _owed(frame: Frame, planned: Planned, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """The duties of these managers that fell due in the window."""
    away = exists().where(
        StaffLeave.staff_id == Duty.manager_id,
        StaffLeave.from_day <= Duty.due_day,
        StaffLeave.to_day > Duty.due_day,
    )
    return select(Duty.manager_id).where(
        Duty.manager_id.in_(managers),
        Duty.kind.in_(planned.kinds),
        Duty.due_day.between(frame.window.first, frame.window.end - 1),
        or_(_counts(frame, planned) == 1, ~away),
    )


def _counts(frame: Frame, planned: Planned) -> ColumnElement[int]:
    """1 for a duty done by the as-of day, and in time where that is asked."""
    done = Duty.done_day <= frame.known
    if not planned.late_counts:
        done &= Duty.done_day <= Duty.due_day
    return case((done, 1), else_=0)


def _fallen_due(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    return select(Inquiry.manager_id).where(
        Inquiry.manager_id.in_(managers),
        Inquiry.received_day <= frame.known,
        Inquiry.due_day.between(frame.window.first, frame.window.end - 1),
    )


def _answered_in_time(frame: Frame) -> ColumnElement[bool]:
    return (Inquiry.answered_day <= Inquiry.due_day) & (Inquiry.answered_day <= frame.known)


def _day(value: int | None, known: int) -> str:
    """A day that is known by then, as people write it."""
    return "" if value is None or value > known else day_of(value).isoformat()
