"""Who owes the bank money on a day."""

from sqlalchemy import Select, case, func, select

from bank.models import Client, Loan, LoanEvent

SME_SIZES = ("micro", "small")


def sme_borrowers(on: int) -> Select[str]:
    """The ids of the micro and small companies with a loan outstanding on a day number."""
    moved = case((LoanEvent.kind == "drawdown", LoanEvent.amount), else_=-LoanEvent.amount)
    return (
        select(Loan.client_id)
        .join(LoanEvent, LoanEvent.loan_id == Loan.id)
        .join(Client, Client.id == Loan.client_id)
        .where(Client.size_class.in_(SME_SIZES), LoanEvent.day <= on)
        .group_by(Loan.id, Loan.client_id)
        .having(func.sum(moved) > 0)
    )
