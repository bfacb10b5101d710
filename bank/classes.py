"""Loans whose class the rules look at again: a list for the risk department, and nothing more.

The class is the bank's word; nothing here writes one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from bank.database import Transaction
from bank.days import day_of, number
from bank.loans import MOVES, OWED
from bank.models import Client, Loan, LoanClass, Repayment
from scoring.classes import ClassedLoan, ClassRules, Finding, shortfalls
from scoring.loans import NON_PERFORMING, months_before


@dataclass(frozen=True, slots=True)
class Doubt:
    """A loan with a better class than the rules allow, and why; the balance in fen."""

    loan: ClassedLoan
    client_id: str
    client_name: str
    balance: int
    findings: tuple[Finding, ...]


def check_classes(tx: Transaction, rules: ClassRules, on: date) -> tuple[Doubt, ...]:
    """The loans with a better class on a day than the rules allow, the largest first."""
    found = (_doubt(row, rules, on) for row in tx.execute(_suspects(rules, on)).mappings())
    doubts = [doubt for doubt in found if doubt.findings]
    return tuple(sorted(doubts, key=lambda doubt: (-doubt.balance, doubt.loan.id)))


def _doubt(row: Any, rules: ClassRules, on: date) -> Doubt:  # noqa: ANN401 - a row
    due, restructured = row["due"], row["restructured_day"]
    loan = ClassedLoan(
        id=row["id"],
        grade=row["grade"] or "",
        days_past_due=0 if due is None else number(on) - due,
        retail=row["customer_class"] == "retail",
        debtor_bad=int(row["bad"]),
        debtor_whole=int(row["whole"]),
        restructured=None if restructured is None else day_of(restructured),
    )
    findings = shortfalls(loan, rules, on)
    return Doubt(loan, row["client_id"], row["name"], int(row["balance"]), findings)


def _suspects(rules: ClassRules, on: date) -> Select[*tuple[Any, ...]]:
    """Loans that are past due, were restructured lately, or whose debtor has a bad one."""
    day = number(on)
    owed = (
        select(MOVES.c.loan_id, func.sum(OWED).label("balance"))
        .where(MOVES.c.day <= day, MOVES.c.known_day <= day)
        .group_by(MOVES.c.loan_id)
        .having(func.sum(OWED) > 0)
        .subquery("owed")
    )
    late = (
        select(Repayment.loan_id, func.min(Repayment.due_day).label("due"))
        .where(Repayment.due_day < day, Repayment.paid_day > day)
        .group_by(Repayment.loan_id)
        .subquery("late")
    )
    in_force = and_(LoanClass.loan_id == Loan.id, LoanClass.from_day <= day, LoanClass.to_day > day)
    bad = case((LoanClass.grade.in_(NON_PERFORMING), owed.c.balance), else_=0)
    loans = (
        select(
            Loan.id,
            Loan.client_id,
            Loan.restructured_day,
            LoanClass.grade,
            owed.c.balance,
            late.c.due,
            func.sum(bad).over(partition_by=Loan.client_id).label("bad"),
            func.sum(owed.c.balance).over(partition_by=Loan.client_id).label("whole"),
        )
        .join(owed, owed.c.loan_id == Loan.id)
        .outerjoin(late, late.c.loan_id == Loan.id)
        .outerjoin(LoanClass, in_force)
        .subquery("loans")
    )
    observed = number(months_before(on, rules.observed_months))
    return (
        select(loans, Client.name, Client.customer_class)
        .join(Client, Client.id == loans.c.client_id)
        .where(
            or_(
                loans.c.due.is_not(None),
                loans.c.restructured_day.between(observed, day),
                loans.c.bad > 0,
            )
        )
    )
