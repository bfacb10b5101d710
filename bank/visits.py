"""Recording the visits managers make."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from bank.database import Transaction
from bank.days import number
from bank.errors import VisitError
from bank.models import Client, Visit
from bank.upsert import insert_new

KINDS = ("onsite", "video", "phone")
LONGEST_NOTE = 4_000


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """A visit as its manager tells of it; `id` is the same for every telling of it."""

    id: str
    client_id: str
    manager_id: str
    day: date
    kind: str
    note: str


def log_visit(tx: Transaction, visit: VisitEntry, logged: date) -> bool:
    """Record a visit once per id; False when it was recorded before.

    Raises VisitError for an unknown client or kind, a day still to come, or a note too long.
    """
    if visit.kind not in KINDS:
        raise VisitError(f"no kind of visit {visit.kind!r}: choose one of {', '.join(KINDS)}")
    if visit.day > logged:
        raise VisitError(f"a visit on {visit.day} has not taken place yet: log it afterwards")
    if len(visit.note) > LONGEST_NOTE:
        raise VisitError(f"a note of {len(visit.note):,} characters is too long: {LONGEST_NOTE:,}")
    if tx.scalar(select(Client.id).where(Client.id == visit.client_id)) is None:
        raise VisitError(f"no client {visit.client_id!r}: check the client's id")
    row = {
        "id": visit.id,
        "client_id": visit.client_id,
        "manager_id": visit.manager_id,
        "day": number(visit.day),
        "logged_day": number(logged),
        "kind": visit.kind,
        "note": visit.note,
    }
    return insert_new(tx, Visit, [row]) == 1
