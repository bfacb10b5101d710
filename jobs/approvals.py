"""Expert answers that wait for a second person: whom to remind, in working hours.

Whoever was asked to approve one hears of it again after a working day, and the lead of compliance
after half as much again, or after that day where nobody was asked who still works here. Each once.
"""

from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bank.calendar import Calendar, load_calendar
from bank.database import Transaction
from bank.experts import lead_officer, officers
from bank.outbox import OutboxItem
from bank.people import find_staff
from bank.tickets import find_ticket
from bank.verified import VerifiedRecord, find_verified, verified_answers
from jobs import hours
from jobs.planned import Planned

Stage = Literal["waits", "waits_late"]
WAIT: Final = timedelta(hours=8)
"""Working time after which whoever is to approve an answer is reminded."""
_LATE: Final = 1.5


def waiting(tx: Transaction, now: datetime, zone: ZoneInfo) -> list[Planned]:
    """The reminders that are due at a moment, those sent before among them."""
    proposed = verified_answers(tx, ("proposed",))
    if not proposed:
        return []
    calendar = load_calendar(tx)
    found = (_reminder(tx, one, now, zone, calendar) for one in proposed)
    return [one for one in found if one]


def holds(tx: Transaction, item: OutboxItem, on: date) -> bool:
    """Whether an answer still waits for whoever a message asks to approve it."""
    record = find_verified(tx, str(item.payload["verified"]))
    if record is None or record.state != "proposed":
        return False
    if item.payload.get("stage") == "waits_late":
        return item.payload["turn"] == record.turn and above(tx, record, on) == item.recipient
    return record.approver_id == item.recipient


def above(tx: Transaction, record: VerifiedRecord, on: date) -> str | None:
    """Who hears of an answer that waits for long: the lead of compliance, or another officer."""
    ticket = find_ticket(tx, record.ticket_id)
    without = {record.author_id, ticket.asker_id if ticket else ""}
    lead = lead_officer(tx, on)
    if lead is not None and lead.id not in without:
        return lead.id
    others = officers(tx, on, without)
    return others[0].id if others else None


def _reminder(
    tx: Transaction,
    record: VerifiedRecord,
    now: datetime,
    zone: ZoneInfo,
    calendar: Calendar,
) -> Planned | None:
    since, on = record.changed_at, now.astimezone(zone).date()
    if now < hours.after_working(since, WAIT, zone, calendar):
        return None
    late = now >= hours.after_working(since, WAIT * _LATE, zone, calendar)
    asked = record.approver_id
    here = asked is not None and find_staff(tx, asked).active_on(on)
    stage: Stage = "waits_late" if late or not here else "waits"
    recipient = above(tx, record, on) if stage == "waits_late" else asked
    if recipient is None:
        return None
    return Planned(
        key=f"verified:{record.id}:{record.turn}:{stage}",
        recipient=recipient,
        kind="approval",
        disclosure="staff",
        severity="yellow" if stage == "waits" else "orange",
        payload={"verified": record.id, "stage": stage, "turn": record.turn},
        due_at=hours.next_open(now, zone, calendar),
        subject=record.id,
    )
