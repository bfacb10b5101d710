"""What a client owes, what it still may borrow, and what is due when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, case, func, or_, select

from bank.database import Transaction
from bank.days import day_of, number
from bank.loans import MOVES, OWED
from bank.models import CreditLine as LineRow
from bank.models import Loan, LoanClass, Repayment


@dataclass(frozen=True, slots=True)
class Debt:
    """A loan with money outstanding or past due, in fen at the end of a day.

    `grade` is None while the bank has not classified it; `next_due` while nothing is scheduled.
    """

    id: str
    purpose: str
    outstanding: int
    grade: str | None
    matures: date | None
    next_due: date | None
    next_amount: int
    overdue: int
    days_past_due: int


@dataclass(frozen=True, slots=True)
class CreditLine:
    """What the client may borrow at the most, and the first day on which it may not."""

    id: str
    purpose: str
    amount: int
    ends: date


def debts(tx: Transaction, client_id: str, as_of: date) -> tuple[Debt, ...]:
    """A client's loans at the end of a day, the longest past due first."""
    day = number(as_of)
    owed_on, unpaid_on = _outstanding(client_id, day).subquery(), _unpaid(client_id, day).subquery()
    in_force = and_(LoanClass.loan_id == Loan.id, LoanClass.from_day <= day, LoanClass.to_day > day)
    due_next = and_(Repayment.loan_id == Loan.id, Repayment.due_day == unpaid_on.c.next_day)
    rows = tx.execute(
        select(
            Loan.id,
            Loan.purpose,
            Loan.matures_day,
            LoanClass.grade,
            func.coalesce(owed_on.c.amount, 0).label("outstanding"),
            func.coalesce(unpaid_on.c.overdue, 0).label("overdue"),
            unpaid_on.c.oldest_day,
            unpaid_on.c.next_day,
            func.coalesce(Repayment.amount, 0).label("next_amount"),
        )
        .outerjoin(owed_on, owed_on.c.loan_id == Loan.id)
        .outerjoin(unpaid_on, unpaid_on.c.loan_id == Loan.id)
        .outerjoin(LoanClass, in_force)
        .outerjoin(Repayment, due_next)
        .where(Loan.client_id == client_id, or_(owed_on.c.amount > 0, unpaid_on.c.overdue > 0))
    )
    found = (
        Debt(
            id=row.id,
            purpose=row.purpose,
            outstanding=int(row.outstanding),
            grade=row.grade,
            matures=_date(row.matures_day),
            next_due=_date(row.next_day),
            next_amount=int(row.next_amount),
            overdue=int(row.overdue),
            days_past_due=0 if row.oldest_day is None else day - row.oldest_day,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda debt: (-debt.days_past_due, -debt.outstanding, debt.id)))


def credit_lines(tx: Transaction, client_id: str, on: date) -> tuple[CreditLine, ...]:
    """The lines open to a client on a day, those that end first leading."""
    rows = tx.execute(
        select(LineRow.id, LineRow.purpose, LineRow.amount, LineRow.to_day)
        .where(
            LineRow.client_id == client_id,
            LineRow.from_day <= number(on),
            LineRow.to_day > number(on),
        )
        .order_by(LineRow.to_day, LineRow.id)
    )
    return tuple(
        CreditLine(line_id, purpose, amount, day_of(to_day))
        for line_id, purpose, amount, to_day in rows
    )


def _outstanding(client_id: str, day: int) -> Select[str, int]:
    """What each loan of a client drew less what left it, as known at the end of a day."""
    return (
        select(MOVES.c.loan_id, func.sum(OWED).label("amount"))
        .join(Loan, Loan.id == MOVES.c.loan_id)
        .where(Loan.client_id == client_id, MOVES.c.known_day <= day)
        .group_by(MOVES.c.loan_id)
    )


def _unpaid(client_id: str, day: int) -> Select[str, int, int, int]:
    """What of each loan is past due, since when, and when the next instalment is."""
    late = Repayment.due_day < day
    return (
        select(
            Repayment.loan_id,
            func.sum(case((late, Repayment.amount), else_=0)).label("overdue"),
            func.min(case((late, Repayment.due_day))).label("oldest_day"),
            func.min(case((~late, Repayment.due_day))).label("next_day"),
        )
        .join(Loan, Loan.id == Repayment.loan_id)
        .where(Loan.client_id == client_id, Repayment.paid_day > day)
        .group_by(Repayment.loan_id)
    )


def _date(day: int | None) -> date | None:
    return None if day is None else day_of(day)
