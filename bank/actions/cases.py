"""Loans: those a manager answers for, those past due that may turn bad, and bad ones to recover."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from sqlalchemy import and_, case, func, select

from bank.database import Transaction
from bank.days import OPEN, day_of, number
from bank.models import Assignment, Repayment
from bank.performance.measuring import Frame
from bank.performance.npl import loans_now
from bank.performance.window import SHARE
from scoring.forecast import Owed
from scoring.levers import Action, Effect

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Case:
    """A loan a manager answers for on the window's last day, in fen of the manager's share."""

    loan_id: str
    client_id: str
    grade: str
    balance: int
    gone: int
    """Written off or sold of late."""
    scheduled: int
    """Falls due in the rest of the period."""
    late: int
    """Past due."""
    due: int
    """Day number since which it is past due; OPEN while it is not."""


def cases_of(tx: Transaction, frame: Frame, manager: str) -> tuple[Case, ...]:
    """The loans R01 looks at, with what is due on them."""
    loans, last = loans_now(frame, manager), frame.window.end - 1
    unpaid, late = Repayment.paid_day > last, Repayment.due_day <= last
    rest = Repayment.due_day <= number(frame.window.period.last)
    due = func.min(case((late, Repayment.due_day), else_=OPEN))
    statement = (
        select(
            loans,
            func.coalesce(func.sum(case((~late, Repayment.amount), else_=0)), 0).label("scheduled"),
            func.coalesce(func.sum(case((late, Repayment.amount), else_=0)), 0).label("late"),
            func.coalesce(due, OPEN).label("due"),
        )
        .select_from(loans)
        .outerjoin(Repayment, and_(Repayment.loan_id == loans.c.loan_id, unpaid, rest))
        .group_by(*loans.c)
        .order_by(loans.c.loan_id)
    )
    return tuple(
        Case(
            row.loan_id,
            row.client_id,
            row.grade or "",
            (int(row.whole) - int(row.written)) * row.share_pct // SHARE,
            int(row.written) * row.share_pct // SHARE,
            int(row.scheduled) * row.share_pct // SHARE,
            int(row.late) * row.share_pct // SHARE,
            int(row.due),
        )
        for row in tx.execute(statement)
    )


def owed_at_end(cases: Sequence[Case]) -> tuple[Owed, ...]:
    """The loans as scheduled for the period's last day."""
    return tuple(
        Owed(max(each.balance - each.scheduled, 0), each.grade, each.gone) for each in cases
    )


def overdue_actions(frame: Frame, cases: Sequence[Case]) -> Iterator[Action]:
    """Loans past due that turn bad within the period unless somebody collects before."""
    days, last = frame.scheme.levers.bad_after_days, frame.window.period.last
    for each in cases:
        if each.due == OPEN or not each.balance or _is_bad(frame, each):
            continue
        turns = day_of(each.due) + timedelta(days=days)
        if frame.window.through < turns <= last:
            lapsed = Fraction(each.balance)
            effects = tuple(Effect(name, Fraction(0), lapsed=lapsed) for name in ("R02", "R01"))
            yield Action("overdue", each.loan_id, each.client_id, turns, effects, amount=each.late)


def recovery_actions(
    tx: Transaction, frame: Frame, manager: str, cases: Sequence[Case]
) -> Iterator[Action]:
    """Bad loans of clients the manager holds: what one effort is expected to bring in."""
    bad = [each for each in cases if each.balance and _is_bad(frame, each)]
    if not bad:
        return
    last = frame.window.end - 1
    held = select(Assignment.client_id, Assignment.share_pct).where(
        Assignment.manager_id == manager,
        Assignment.client_id.in_([each.client_id for each in bad]),
        Assignment.from_day <= last,
        Assignment.to_day > last,
    )
    holds = {client for client, _ in tx.execute(held)}
    for each in bad:
        amount = each.balance * frame.scheme.levers.recovered_pct // PERCENT
        if each.client_id in holds and amount:
            effects = (Effect("R05", Fraction(amount)),)
            end = frame.window.period.last
            yield Action("recovery", each.loan_id, each.client_id, end, effects, amount=amount)


def _is_bad(frame: Frame, each: Case) -> bool:
    return each.grade in frame.scheme.formation.npl_grades
