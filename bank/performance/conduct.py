"""R03 and T02: warnings answered in time, and mandatory courses passed."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from bank.database import Transaction
from bank.days import day_of, number
from bank.models import RiskWarning, Staff, TrainingResult, WarningResponse
from bank.performance.facts import percent_fact, points_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, signed_targets
from bank.performance.window import Measure, Measures, Window
from scoring.facts import EVIDENCE, Evidence, Fact, Row
from scoring.levers import Duty, Effect
from scoring.signals import CONFIDENTIAL

ANSWERED = Effect("R03", 1, counted=False)


@dataclass(frozen=True, slots=True)
class Answers:
    """Warnings answered in time of those fallen due, and those still to answer in the period."""

    timely: Measures
    duties: Mapping[str, tuple[Duty, ...]]


def answer_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """R03 of each of these managers."""
    managers = [worker.id for worker in workers]
    found = answers(tx, frame.window, frame.scheme.sla.unscored, managers).timely
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        target = signed.get((manager, "R03"))
        yield manager, percent_fact(frame, "R03", found.get(manager), target)


def answer_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The warnings fallen due, the misses first."""
    found = answers(tx, frame.window, frame.scheme.sla.unscored, [manager]).timely.get(manager)
    return Evidence(found.rows, found.row_count) if found else Evidence((), 0)


def answer_duties(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Duty]]:
    """The warnings still to answer in the period."""
    managers = [worker.id for worker in workers]
    found = answers(tx, frame.window, frame.scheme.sla.unscored, managers).duties
    return ((manager, duty) for manager, duties in found.items() for duty in duties)


def training_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """T02 of each of these managers."""
    managers = [worker.id for worker in workers]
    found = training(tx, frame.window, frame.scheme.training_attempts, managers)
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        target = signed.get((manager, "T02"))
        yield manager, points_fact(frame, "T02", found.get(manager), target)


def training_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The courses due, the worst first."""
    attempts = frame.scheme.training_attempts
    found = training(tx, frame.window, attempts, [manager]).get(manager)
    return Evidence(found.rows, found.row_count) if found else Evidence((), 0)


def answers(
    tx: Transaction, window: Window, unscored: Collection[str], managers: Collection[str]
) -> Answers:
    """Warnings whose first answer fell due in the window, by the manager they were raised to.

    A warning raised again after an answer is owed another: earlier ones do not answer it.
    Signals for compliance alone are never counted: a manager must not learn of them.
    """
    due: defaultdict[str, list[tuple[bool, Row]]] = defaultdict(list)
    duties: defaultdict[str, list[Duty]] = defaultdict(list)
    for manager, warning, client, severity, due_day, state, first_day in tx.execute(
        _fallen_due(window, unscored, managers)
    ):
        if due_day < window.end:
            in_time = first_day is not None and first_day <= due_day
            row: Row = {
                "id": warning,
                "client": client,
                "severity": severity,
                "due": day_of(due_day).isoformat(),
                "answered": "" if first_day is None else day_of(first_day).isoformat(),
            }
            due[manager].append((in_time, row))
        elif first_day is None and state == "open":
            duties[manager].append(Duty("warning", warning, client, day_of(due_day), (ANSWERED,)))
    return Answers(
        {manager: _timely(warnings) for manager, warnings in due.items()},
        {manager: tuple(found) for manager, found in duties.items()},
    )


def training(tx: Transaction, window: Window, attempts: int, managers: Collection[str]) -> Measures:
    """Points over courses that fell due in the window: the better of the attempts allowed.

    An attempt counts when taken by its own due day; a course without one counts 0. Courses due
    before the manager joined are left out.
    """
    statement = (
        select(
            TrainingResult.manager_id,
            TrainingResult.course,
            TrainingResult.attempt,
            TrainingResult.due_day,
            TrainingResult.taken_day,
            TrainingResult.score,
        )
        .join(Staff, Staff.id == TrainingResult.manager_id)
        .where(TrainingResult.manager_id.in_(managers), TrainingResult.due_day >= Staff.hired_day)
        .order_by(TrainingResult.manager_id, TrainingResult.course, TrainingResult.attempt)
    )
    courses: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for manager, course, attempt, due_day, taken_day, score in tx.execute(statement):
        due, best = courses[manager].get(course, (due_day, 0))
        if (
            attempt <= attempts
            and taken_day is not None
            and taken_day <= min(due_day, number(window.as_of))
        ):
            best = max(best, score or 0)
        courses[manager][course] = (min(due, due_day), best)
    measures = {}
    for manager, found in courses.items():
        due_now = {c: v for c, v in found.items() if window.first <= v[0] < window.end}
        if due_now:
            measures[manager] = _mean(due_now)
    return measures


def _fallen_due(
    window: Window, unscored: Collection[str], managers: Collection[str]
) -> Select[*tuple[Any, ...]]:
    """(manager, warning, client, severity, due day, state, day of the first answer).

    A warning that came in a drop as closed, since Daybook raised the same itself, is not owed
    an answer of its own.
    """
    own = aliased(RiskWarning)
    told_already = and_(
        RiskWarning.state == "closed",
        RiskWarning.batch_id.is_not(None),
        exists().where(
            own.client_id == RiskWarning.client_id,
            own.signal == RiskWarning.signal,
            own.batch_id.is_(None),
        ),
    )
    answered = func.min(WarningResponse.day)
    known = and_(
        WarningResponse.warning_id == RiskWarning.id,
        WarningResponse.day >= RiskWarning.raised_day,
        WarningResponse.day <= number(window.as_of),
    )
    keys = (
        RiskWarning.manager_id,
        RiskWarning.id,
        RiskWarning.client_id,
        RiskWarning.severity,
        RiskWarning.due_day,
        RiskWarning.state,
    )
    return (
        select(*keys, answered)
        .outerjoin(WarningResponse, known)
        .where(
            RiskWarning.manager_id.in_(managers),
            RiskWarning.severity.not_in(unscored),
            RiskWarning.signal.not_in(CONFIDENTIAL),
            RiskWarning.raised_day <= number(window.as_of),
            RiskWarning.due_day.between(window.first, number(window.period.last)),
        )
        .group_by(*keys)
        .having(or_(answered.is_not(None), ~told_already))
        .order_by(RiskWarning.due_day.desc(), RiskWarning.id)
    )


def _timely(warnings: list[tuple[bool, Row]]) -> Measure:
    """In time over due, showing the misses first."""
    shown = sorted(warnings, key=lambda warning: warning[0])[:EVIDENCE]
    in_time = sum(answered for answered, _ in warnings)
    return Measure(in_time, len(warnings), tuple(row for _, row in shown), len(warnings))


def _mean(courses: Mapping[str, tuple[int, int]]) -> Measure:
    """Points over courses, showing the worst first."""
    worst = sorted(courses.items(), key=lambda item: (item[1][1], item[0]))[:EVIDENCE]
    rows: tuple[Row, ...] = tuple(
        {"id": course, "score": best, "due": day_of(due).isoformat()}
        for course, (due, best) in worst
    )
    return Measure(sum(best for _, best in courses.values()), len(courses), rows, len(courses))
