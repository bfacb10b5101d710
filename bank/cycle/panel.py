"""The panel of clients that is asked about a manager: drawn by the system, never chosen."""

from hashlib import sha256

from sqlalchemy import select

from bank.database import Transaction
from bank.days import number
from bank.models import Assignment, Client
from scoring.periods import Period


def draw_panel(
    tx: Transaction, manager: str, period: Period, size: int
) -> tuple[tuple[str, str], ...]:
    """The ids and names of so many clients a manager held on a period's last day.

    Anybody who draws it again draws the same.
    """
    last = number(period.last)
    rows = tx.execute(
        select(Client.id, Client.name)
        .join(Assignment, Assignment.client_id == Client.id)
        .where(
            Assignment.manager_id == manager,
            Assignment.from_day <= last,
            Assignment.to_day > last,
        )
        .distinct()
    ).all()
    lot = sorted(rows, key=lambda row: sha256(f"{period.id} {manager} {row.id}".encode()).digest())
    return tuple((row.id, row.name) for row in lot[:size])
