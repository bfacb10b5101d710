"""Which moments of which schedule were taken: whoever inserts the row does the work."""

from datetime import datetime

from sqlalchemy import func, select

from bank.database import Transaction
from bank.models import ImportBatch, ScheduleFire
from bank.upsert import insert_new


def fired(tx: Transaction, schedule: str, due_at: datetime) -> bool:
    """Whether some replica has done this moment's work."""
    row = select(ScheduleFire.schedule).where(
        ScheduleFire.schedule == schedule, ScheduleFire.due_at == due_at
    )
    return tx.execute(row).first() is not None


def fire(tx: Transaction, schedule: str, due_at: datetime, now: datetime) -> bool:
    """Take a moment; False when another replica has it.

    Do the moment's work in the same transaction: a crash then gives the moment back.
    """
    row = {"schedule": schedule, "due_at": due_at, "fired_at": now}
    return insert_new(tx, ScheduleFire, [row]) == 1


def last_import(tx: Transaction) -> datetime | None:
    """When a drop was last committed; None before the first."""
    return tx.execute(select(func.max(ImportBatch.imported_at))).scalar_one()
