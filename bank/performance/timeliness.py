"""R03: risk warnings first answered in time, by who owed the answer on the day it fell due."""

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from bank.database import Transaction
from bank.days import OPEN, day_of, number
from bank.models import RiskWarning, WarningResponse, WarningTerm
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, signed_targets
from bank.performance.window import Measure
from scoring.facts import EVIDENCE, Evidence, Fact
from scoring.levers import Action, Effect
from scoring.signals import CONFIDENTIAL

ANSWERED = Effect("R03", Fraction(1), asked=Fraction(1))


def answer_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """R03 of each of these managers: warnings first answered in time over those fallen due.

    A warning raised again after an answer is owed another. Signals for compliance alone are never
    counted: a manager must not learn of them.
    """
    if not frame.wants("R03"):
        return
    managers = [worker.id for worker in workers]
    due = _fallen_due(frame, managers).subquery("due")
    timely = func.sum(case((_in_time(due), 1), else_=0))
    sums = select(due.c.manager_id, timely, func.count()).group_by(due.c.manager_id)
    found = {manager: Measure(int(hits), int(all_)) for manager, hits, all_ in tx.execute(sums)}
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        target = signed.get((manager, "R03"))
        yield manager, percent_fact(frame, "R03", found.get(manager), target)


def answer_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The warnings fallen due, the misses first; those with `in_time` 1 count to the numerator."""
    due = _fallen_due(frame, [manager]).subquery("due")
    count = tx.scalar(select(func.count()).select_from(due)) or 0
    timely = case((_in_time(due), 1), else_=0).label("in_time")
    order = (timely, due.c.due_day.desc(), due.c.warning_id)
    rows = tuple(
        {
            "id": row.warning_id,
            "client": row.client_id,
            "severity": row.severity,
            "raised": day_of(row.raised_day).isoformat(),
            "due": day_of(row.due_day).isoformat(),
            "answered": "" if row.answered is None else day_of(row.answered).isoformat(),
            "in_time": row.in_time,
        }
        for row in tx.execute(select(due, timely).order_by(*order).limit(EVIDENCE))
    )
    return Evidence(rows, count)


def answer_actions(tx: Transaction, frame: Frame, manager: str) -> Iterator[Action]:
    """The warnings still to answer in the period."""
    window, warning = frame.window, RiskWarning
    rows = select(warning.id, warning.client_id, warning.due_day).where(
        warning.manager_id == manager,
        warning.state == "open",
        warning.severity.not_in(frame.scheme.sla.unscored),
        warning.signal.not_in(CONFIDENTIAL),
        warning.raised_day <= frame.known,
        warning.due_day.between(window.end, number(window.period.last)),
    )
    for warning_id, client, due in tx.execute(rows):
        yield Action("warning", warning_id, client, day_of(due), (ANSWERED,))


def _in_time(due: Subquery) -> ColumnElement[bool]:
    return func.coalesce(due.c.answered, OPEN) <= due.c.due_day


def _fallen_due(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """(manager_id, warning_id, client_id, severity, raised_day, due_day, answered) of each.

    What a warning asks may change before it is due: it is handed over, gets worse, or is raised
    anew after an answer. What was asked fell due where it still stood on its day, or had been
    answered before; `answered` is the day of its first answer.
    """
    terms = _terms(frame, managers)
    keys = [terms.c[name] for name in TERM]
    asked = (
        select(*keys, RiskWarning.client_id, terms.c.to_day, _told_already().label("told"))
        .select_from(terms)
        .join(RiskWarning, RiskWarning.id == terms.c.warning_id)
        .where(
            terms.c.severity.not_in(frame.scheme.sla.unscored),
            RiskWarning.signal.not_in(CONFIDENTIAL),
            terms.c.from_day <= terms.c.due_day,
        )
        .subquery("asked")
    )
    given = and_(
        WarningResponse.warning_id == asked.c.warning_id,
        WarningResponse.day >= asked.c.raised_day,
        WarningResponse.day < asked.c.to_day,
        WarningResponse.day <= frame.known,
    )
    answered = func.min(WarningResponse.day)
    owed = and_(not_(asked.c.told), asked.c.to_day > asked.c.due_day)
    return (
        select(*(asked.c[name] for name in TERM), asked.c.client_id, answered.label("answered"))
        .select_from(asked)
        .outerjoin(WarningResponse, given)
        .group_by(*asked.c)
        .having(or_(answered.is_not(None), owed))
    )


TERM = ("manager_id", "warning_id", "severity", "raised_day", "due_day")


def _terms(frame: Frame, managers: Collection[str]) -> FromClause:
    """(TERM, from_day, to_day) of all that warnings ever asked of these managers by the window."""
    past, now = WarningTerm, RiskWarning
    days = (frame.window.first, frame.window.end - 1)
    since = (
        select(func.max(past.to_day))
        .where(past.warning_id == now.id)
        .correlate(now)
        .scalar_subquery()
    )
    return union_all(
        select(
            now.manager_id,
            now.id.label("warning_id"),
            now.severity,
            now.raised_day,
            now.due_day,
            func.coalesce(since, now.raised_day).label("from_day"),
            literal(OPEN).label("to_day"),
        ).where(now.manager_id.in_(managers), now.due_day.between(*days)),
        select(
            past.manager_id,
            past.warning_id,
            past.severity,
            past.raised_day,
            past.due_day,
            past.from_day,
            past.to_day,
        ).where(past.manager_id.in_(managers), past.due_day.between(*days)),
    ).subquery("term")


def _told_already() -> ColumnElement[bool]:
    """That a warning came in a drop as closed, since Daybook raised the same itself."""
    own = aliased(RiskWarning)
    return and_(
        RiskWarning.state == "closed",
        RiskWarning.batch_id.is_not(None),
        exists().where(
            own.client_id == RiskWarning.client_id,
            own.signal == RiskWarning.signal,
            own.batch_id.is_(None),
        ),
    )
