"""Which clients are behind with their repayments."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from bank.database import Transaction
from bank.days import number
from bank.models import Client, Loan, Repayment


@dataclass(frozen=True, slots=True)
class Arrears:
    """A client's arrears at the end of a day: the longest, and everything past due (fen)."""

    client_id: str
    client_name: str
    loan_id: str
    """The loan that is longest past due."""
    days_past_due: int
    amount: int


def arrears(tx: Transaction, on: date) -> tuple[Arrears, ...]:
    """Every client with an instalment due before a day and not paid by its end, by client id."""
    day = number(on)
    behind = (
        select(
            Loan.client_id,
            Loan.id.label("loan_id"),
            Repayment.due_day,
            func.row_number()
            .over(partition_by=Loan.client_id, order_by=(Repayment.due_day, Loan.id))
            .label("place"),
            func.sum(Repayment.amount).over(partition_by=Loan.client_id).label("amount"),
        )
        .join(Loan, Loan.id == Repayment.loan_id)
        .where(Repayment.due_day < day, Repayment.paid_day > day)
        .subquery()
    )
    rows = tx.execute(
        select(behind.c.client_id, Client.name, behind.c.loan_id, behind.c.due_day, behind.c.amount)
        .join(Client, Client.id == behind.c.client_id)
        .where(behind.c.place == 1)
        .order_by(behind.c.client_id)
    )
    return tuple(
        Arrears(client_id, name, loan_id, day - due, int(amount))
        for client_id, name, loan_id, due, amount in rows
    )
