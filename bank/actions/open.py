"""Everything one manager still can do in the period that would count."""

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from sqlalchemy import and_, case, func, or_, select, union

from bank.actions.cases import Case, overdue_actions, recovery_actions
from bank.actions.maturities import Barred, renewals
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
    tx: Transaction, frame: Frame, manager: str, cases: Sequence[Case], asked: Collection[str]
) -> Iterator[Action]:
    """The open actions of a manager, from their own records alone; `cases` are their loans.

    What has no target (`asked` names the indicators that have) brings no points: it is not looked
    for.
    """
    yield from answer_actions(tx, frame, manager)
    yield from _exams(tx, frame, manager)
    yield from overdue_actions(frame, cases)
    yield from visit_actions(tx, frame, manager)
    barred = _barred(tx, frame, manager)
    yield from renewals(tx, frame, manager, barred)
    if "P04" in asked:
        yield from _prospects(tx, frame, manager, barred)
    if "R05" in asked:
        yield from recovery_actions(tx, frame, manager, cases)


def _barred(tx: Transaction, frame: Frame, manager: str) -> Barred:
    """What keeps the clients a manager holds or won from being sold anything.

    Nobody learns of confidential warnings by this: that something is not suggested may have many
    reasons.
    """
    held = select(Assignment.client_id).where(Assignment.manager_id == manager)
    clients = union(held, select(Client.id).where(Client.acquirer_id == manager)).subquery()
    theirs = select(clients.c[0])
    grave = select(RiskWarning.client_id).where(
        RiskWarning.client_id.in_(theirs),
        RiskWarning.severity.in_(WARNED),
        RiskWarning.state != "closed",
    )
    unfit = select(Client.id).where(
        Client.id.in_(theirs),
        or_(Client.risk_level == UNFIT, Client.kyc_due_day < frame.window.end),
    )
    return Barred(frozenset(tx.scalars(grave)), frozenset(tx.scalars(unfit)))


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


def _prospects(tx: Transaction, frame: Frame, manager: str, barred: Barred) -> Iterator[Action]:
    """New clients just below what makes them effective; what is missing is an average of days."""
    for row in near_clients(tx, frame, manager, frame.scheme.levers.near_pct):
        client, missing = str(row["id"]), int(row["wants"]) - int(row["has"])
        yield Action(
            "prospect",
            client,
            client,
            frame.window.period.last,
            (Effect("P04", Fraction(1)),),
            amount=0 if row["metric"] == "settlements" else missing,
            suitable=client not in barred.unfit,
            warned=client in barred.warned,
        )
