"""Who owes the bank money on a day."""

from sqlalchemy import Select, func, select

from bank.loans import MOVES, OWED
from bank.models import Client, Loan

SME_SIZES = ("micro", "small")


def sme_borrowers(on: int) -> Select[str]:
    """The ids of the micro and small companies with a loan outstanding on a day number."""
    return (
        select(Loan.client_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .join(Client, Client.id == Loan.client_id)
        .where(Client.size_class.in_(SME_SIZES), MOVES.c.known_day <= on)
        .group_by(Loan.id, Loan.client_id)
        .having(func.sum(OWED) > 0)
    )
