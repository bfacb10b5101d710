"""T02 mandatory courses passed, and S10 qualifications held."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from bank.database import Transaction
from bank.days import OPEN, day_of
from bank.models import Certificate, Staff, TrainingResult
from bank.performance.facts import points_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, signed_targets
from bank.performance.window import Measure
from scoring.facts import EVIDENCE, Evidence, Fact

HELD = "S10"


def training_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """T02: points over the courses that fell due in the window, the better attempt of each.

    An attempt counts when taken by its own due day; a course without one counts 0. Courses due
    before the manager joined, or after leaving, are not asked.
    """
    managers = [worker.id for worker in workers]
    courses = _courses(frame, managers).subquery()
    statement = select(courses.c.manager_id, func.sum(courses.c.score), func.count()).group_by(
        courses.c.manager_id
    )
    found = {who: Measure(int(points), count) for who, points, count in tx.execute(statement)}
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        yield manager, points_fact(frame, "T02", found.get(manager), signed.get((manager, "T02")))


def training_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The courses due, the worst first; their scores add up to the figure's numerator."""
    courses = _courses(frame, [manager]).subquery()
    count = tx.scalar(select(func.count()).select_from(courses)) or 0
    statement = select(courses).order_by(courses.c.score, courses.c.course).limit(EVIDENCE)
    rows = tuple(
        {
            "id": found.course,
            "kind": found.kind,
            "score": found.score,
            "due": day_of(found.due).isoformat(),
            "taken": "" if found.taken is None else day_of(found.taken).isoformat(),
        }
        for found in tx.execute(statement)
    )
    return Evidence(rows, count)


def certificate_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """S10: the qualifications held and valid on the window's last day."""
    if not frame.wants(HELD):
        return
    statement = (
        _held(frame, [worker.id for worker in workers])
        .add_columns(func.count())
        .group_by(Certificate.manager_id)
    )
    found: dict[str, int] = dict(tx.execute(statement).all())
    for worker in workers:
        yield worker.id, points_fact(frame, HELD, Measure(found.get(worker.id, 0), 1))


def certificate_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The qualifications held, those that end first before the others."""
    statement = (
        _held(frame, [manager])
        .add_columns(Certificate.name, Certificate.from_day, Certificate.to_day)
        .order_by(Certificate.to_day, Certificate.name)
    )
    held = tx.execute(statement).all()
    rows = tuple(
        {
            "id": found.name,
            "from": day_of(found.from_day).isoformat(),
            "to": "" if found.to_day == OPEN else day_of(found.to_day).isoformat(),
        }
        for found in held[:EVIDENCE]
    )
    return Evidence(rows, len(held))


def _courses(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """(manager, course, kind, due day, best score, day it was last taken) of the courses due."""
    counted = and_(
        TrainingResult.attempt <= frame.scheme.training_attempts,
        TrainingResult.taken_day <= TrainingResult.due_day,
        TrainingResult.taken_day <= frame.known,
    )
    due = func.min(TrainingResult.due_day)
    return (
        select(
            TrainingResult.manager_id,
            TrainingResult.course,
            func.min(TrainingResult.kind).label("kind"),
            due.label("due"),
            func.max(case((counted, TrainingResult.score), else_=0)).label("score"),
            func.max(case((counted, TrainingResult.taken_day))).label("taken"),
        )
        .join(Staff, Staff.id == TrainingResult.manager_id)
        .where(
            TrainingResult.manager_id.in_(managers),
            TrainingResult.due_day >= Staff.hired_day,
            TrainingResult.due_day < Staff.left_day,
        )
        .group_by(TrainingResult.manager_id, TrainingResult.course)
        .having(due.between(frame.window.first, frame.window.end - 1))
    )


def _held(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    last = frame.window.end - 1
    return select(Certificate.manager_id).where(
        Certificate.manager_id.in_(managers),
        Certificate.from_day <= last,
        Certificate.to_day > last,
    )
