"""Everything one manager still can do in the period that would count."""

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from sqlalchemy import and_, case, func, or_, select

from bank.actions.cases import Case, overdue_actions, recovery_actions
from bank.actions.maturities import renewals
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Assignment, Client, RiskWarning, TrainingResult
from bank.performance.acquisition import near_clients
from bank.performance.care import visit_actions
from bank.performance.measuring import Frame
from bank.performance.timeliness import answer_actions
from scoring.levers import Action, Effect

WARNED = ("red", "orange")
"""While such a warning stands, nothing is sold to its client."""
UNFIT = "high"
"""Of the client's own risk level: nothing is sold before somebody has looked at it."""


def open_actions(
    tx: Transaction, frame: Frame, manager: str, cases: Sequence[Case]
) -> Iterator[Action]:
    """The open actions of a manager, from their own records alone; `cases` are their loans."""
    yield from answer_actions(tx, frame, manager)
    yield from _exams(tx, frame, manager)
    yield from overdue_actions(frame, cases)
    yield from visit_actions(tx, frame, manager)
    warned = _warned(tx, manager)
    yield from renewals(tx, frame, manager, warned)
    yield from _prospects(tx, frame, manager, warned)
    yield from recovery_actions(tx, frame, manager, cases)


def _warned(tx: Transaction, manager: str) -> Collection[str]:
    """The manager's clients with a grave warning that is not closed, confidential ones included.

    Nobody learns of those by this: that something is not suggested may have many reasons.
    """
    held = select(Assignment.client_id).where(Assignment.manager_id == manager)
    won = select(Client.id).where(Client.acquirer_id == manager)
    return frozenset(
        tx.scalars(
            select(RiskWarning.client_id).where(
                or_(RiskWarning.client_id.in_(held), RiskWarning.client_id.in_(won)),
                RiskWarning.severity.in_(WARNED),
                RiskWarning.state != "closed",
            )
        )
    )


def _exams(tx: Transaction, frame: Frame, manager: str) -> Iterator[Action]:
    """Courses due in the rest of the period with an attempt left, and not yet at what is expected.

    The best attempt counts, so that one more never harms.
    """
    window, rules = frame.window, frame.scheme.training
    taken = and_(TrainingResult.taken_day <= frame.known, TrainingResult.attempt <= rules.attempts)
    best = func.coalesce(func.max(case((taken, TrainingResult.score))), 0)
    tries = func.sum(case((taken, 1), else_=0))
    due = func.min(TrainingResult.due_day)
    courses = (
        select(TrainingResult.course, due, best)
        .where(TrainingResult.manager_id == manager)
        .group_by(TrainingResult.course)
        .having(
            due.between(window.end, number(window.period.last)),
            tries < rules.attempts,
            best < frame.scheme.levers.exam_score,
        )
    )
    for course, day, score in tx.execute(courses):
        expected, had = Fraction(frame.scheme.levers.exam_score), Fraction(score)
        effect = Effect("T02", expected, lapsed=had, asked=Fraction(1))
        yield Action("exam", course, "", day_of(day), (effect,))


def _prospects(
    tx: Transaction, frame: Frame, manager: str, warned: Collection[str]
) -> Iterator[Action]:
    """New clients just below what makes them effective; what is missing is an average of days."""
    near = near_clients(tx, frame, manager, frame.scheme.levers.near_pct)
    found = {str(row["id"]): row for row in near}
    if not found:
        return
    unfit = _unfit(tx, frame, found)
    for client, row in found.items():
        missing = max(int(row["wants"]) - int(row["has"]), 0)
        money = row["metric"] != "settlements"
        yield Action(
            "prospect",
            client,
            client,
            frame.window.period.last,
            (Effect("P04", Fraction(1)),),
            amount=missing if money else 0,
            suitable=client not in unfit,
            warned=client in warned,
        )


def _unfit(tx: Transaction, frame: Frame, clients: Collection[str]) -> Collection[str]:
    """Clients to whom nothing may be sold now: high risk, or their identity is to be checked."""
    overdue = Client.kyc_due_day < frame.window.end
    unfit = or_(Client.risk_level == UNFIT, overdue)
    return frozenset(tx.scalars(select(Client.id).where(Client.id.in_(clients), unfit)))
