"""Items people have put off. An item is named "visit:<client>" or "warning:<warning>"."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, true

from bank.database import Transaction
from bank.days import number
from bank.models import Snooze
from bank.upsert import upsert


def snooze(tx: Transaction, staff_id: str, item: str, until: date, now: datetime) -> None:
    """Show this one item to this one person again from a day on."""
    row = {"staff_id": staff_id, "item": item, "until_day": number(until), "set_at": now}
    upsert(tx, Snooze, [row], keys=("staff_id", "item"))


def snoozed(
    tx: Transaction, on: date, staff_ids: Collection[str] | None = None
) -> frozenset[tuple[str, str]]:
    """The (person, item) pairs of these people (of all, without) not to be shown on a day."""
    of_them = true() if staff_ids is None else Snooze.staff_id.in_(staff_ids)
    rows = tx.execute(
        select(Snooze.staff_id, Snooze.item).where(of_them, Snooze.until_day > number(on))
    )
    return frozenset((staff_id, item) for staff_id, item in rows)


def was_snoozed(tx: Transaction, staff_id: str, item: str) -> bool:
    """Whether the person has ever put the item off."""
    row = select(Snooze.item).where(Snooze.staff_id == staff_id, Snooze.item == item)
    return tx.execute(row).first() is not None
