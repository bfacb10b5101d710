"""What moved on loans, with whatever was taken back again."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from bank.models import LoanEvent

_UNDONE = aliased(LoanEvent)

MOVES = (
    select(
        LoanEvent.id,
        LoanEvent.loan_id,
        func.coalesce(_UNDONE.id, LoanEvent.id).label("move_id"),
        func.coalesce(_UNDONE.kind, LoanEvent.kind).label("kind"),
        func.coalesce(_UNDONE.day, LoanEvent.day).label("day"),
        LoanEvent.day.label("known_day"),
        case((LoanEvent.kind == "reversal", -LoanEvent.amount), else_=LoanEvent.amount).label(
            "amount"
        ),
    )
    .outerjoin(_UNDONE, _UNDONE.id == LoanEvent.reverses_id)
    .subquery("move")
)
"""Every move of a loan. A reversal has the kind, the day and the `move_id` of what it takes back,
an amount below zero, and is known from its own day on."""

OWED = case((MOVES.c.kind == "drawdown", MOVES.c.amount), else_=-MOVES.c.amount)
"""What a move adds to the loan's balance (MOVES), in fen."""
