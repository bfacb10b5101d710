"""Recording the visits managers make."""

from dataclasses import dataclass
from datetime import date, datetime

from bank.audit import Deed
from bank.database import Transaction
from bank.entries import admit


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """A visit as its manager tells of it; `id` is the same for every telling of it."""

    id: str
    client_id: str
    manager_id: str
    day: date
    kind: str
    note: str


def log_visit(tx: Transaction, visit: VisitEntry, logged: date, at: datetime) -> bool:
    """Record a visit; False when it was recorded just so before.

    Raises EntryError for an unknown client or kind, a day still to come, or a note too long.
    """
    cells = {
        "id": visit.id,
        "client_id": visit.client_id,
        "manager_id": visit.manager_id,
        "date": visit.day.isoformat(),
        "logged_date": logged.isoformat(),
        "kind": visit.kind,
        "note": visit.note,
    }
    return admit(tx, "visits", cells, Deed(visit.manager_id, "log_visit", logged, at))
