"""Experts' questions: whom to remind of which, and which approved answers have gone stale.

A ticket's owner hears of it when half of its working time is over and when all of it is; after
half as much again the lead of compliance does, and at once where its owner has left. Nobody is
told twice, or after it was answered. Answers that wait for approval are jobs/approvals.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bank import outbox, schedule
from bank.calendar import load_calendar
from bank.database import Database, Transaction
from bank.errors import UnknownStaffError
from bank.experts import lead_officer, officers
from bank.generations import active_generation
from bank.outbox import OutboxItem, OutboxRow
from bank.people import find_staff
from bank.tickets import TicketRecord, find_ticket, pressing_tickets
from bank.verified import VerifiedRecord, clauses_on, find_verified, lapse, verified_answers
from jobs import approvals, hours
from jobs.planned import Planned

Stage = Literal["asked", "half", "due", "late", "left"]
_ABOVE: Final = ("late", "left")
"""Stages that are told to the lead of compliance instead of the owner."""

KINDS: Final = frozenset({"ticket", "ticket_reply", "approval", "verified_news", "stale"})
"""The messages about tickets and verified answers."""
PUSHES: Final = frozenset({"ticket", "approval", "stale"})
"""Those that keep to people's hours; the others are answers."""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """An approved answer that rests on a clause which changed or ended, and who is to know."""

    record: VerifiedRecord
    messages: tuple[OutboxRow, ...]


def reminders(tx: Transaction, now: datetime, zone: ZoneInfo) -> tuple[Planned, ...]:
    """The reminders of a moment that the outbox does not hold yet. Writes nothing."""
    pressing = pressing_tickets(tx, now, now.astimezone(zone).date())
    found = [one for ticket in pressing if (one := _reminder(tx, ticket, now, zone))]
    found += approvals.waiting(tx, now, zone)
    if not found:
        return ()
    there = outbox.known(tx, [one.key for one in found])
    return tuple(one for one in found if one.key not in there)


def remind_when_due(db: Database, now: datetime, zone: ZoneInfo) -> int:
    """Owe the reminders of a moment; how many were new."""
    with db.read() as tx:
        due = reminders(tx, now, zone)
    if not due:
        return 0
    with db.write() as tx:
        return outbox.put(tx, due)


def review_when_due(db: Database, now: datetime, zone: ZoneInfo) -> int:
    """Let approved answers lapse whose clauses do not stand; how many did.

    Looked at once a local morning, for clauses end by themselves, and once after each change of
    the policies, on whichever replica.
    """
    with db.read() as tx:
        due = [one for one in _moments(tx, now, zone) if not schedule.fired(tx, *one)]
        lapsed = [*_lapsed(tx, now, zone)] if due else []
    if not due:
        return 0
    with db.write() as tx:
        taken = [schedule.fire(tx, name, moment, now) for name, moment in due]
        if not any(taken):
            return 0
        gone = lapse(tx, [one.record for one in lapsed], now)
        told = {one.record.id: one.messages for one in lapsed}
        outbox.put(tx, [message for one in gone for message in told[one.id]])
    return len(gone)


def still_holds(tx: Transaction, item: OutboxItem, on: date) -> Mapping[str, object] | None:
    """The facts of such a message as it leaves; None when nothing of it is left to say.

    What asks somebody to act holds while it is theirs to do; what tells somebody what came of
    something holds while they work here.
    """
    try:
        here = find_staff(tx, item.recipient).active_on(on)
    except UnknownStaffError:
        return None
    return item.payload if here and _theirs(tx, item, on) else None


def _theirs(tx: Transaction, item: OutboxItem, on: date) -> bool:
    match item.kind:
        case "ticket":
            ticket = find_ticket(tx, str(item.payload["ticket"]))
            return ticket is not None and _owed(tx, ticket, item, on)
        case "approval":
            return approvals.holds(tx, item, on)
        case "stale":
            found = find_verified(tx, str(item.payload["verified"]))
            return found is not None and found.state == "lapsed"
        case _:
            return True


def _owed(tx: Transaction, ticket: TicketRecord, item: OutboxItem, on: date) -> bool:
    if ticket.state != "open":
        return False
    stage, same_turn = item.payload["stage"], item.payload["turn"] == ticket.turn
    recipient = _above(tx, ticket, on) if stage in _ABOVE else ticket.owner_id
    return recipient == item.recipient and (same_turn or stage not in ("asked", "left"))


def _reminder(
    tx: Transaction, ticket: TicketRecord, now: datetime, zone: ZoneInfo
) -> Planned | None:
    on = now.astimezone(zone).date()
    stage: Stage = "late" if now >= ticket.late_at else "due" if now >= ticket.due_at else "half"
    if stage != "late" and not find_staff(tx, ticket.owner_id).active_on(on):
        stage = "left"
    recipient = _above(tx, ticket, on) if stage in _ABOVE else ticket.owner_id
    if recipient is None:
        return None
    told = f"left:{ticket.turn}" if stage == "left" else stage
    return Planned(
        key=f"ticket:{ticket.id}:{told}",
        recipient=recipient,
        kind="ticket",
        disclosure="staff",
        severity="blue" if stage == "half" else "yellow" if stage == "due" else "orange",
        payload={"ticket": ticket.id, "stage": stage, "turn": ticket.turn},
        due_at=hours.next_open(now, zone, load_calendar(tx)),
        subject=ticket.id,
    )


def _above(tx: Transaction, ticket: TicketRecord, on: date) -> str | None:
    """Who hears of a ticket that is late: the lead of compliance, or of those who are left."""
    lead = lead_officer(tx, on)
    if lead is not None and lead.id not in (ticket.owner_id, ticket.asker_id):
        return lead.id
    others = officers(tx, on, {ticket.owner_id, ticket.asker_id})
    return others[0].id if others else None


def _moments(tx: Transaction, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
    morning = hours.moment(now.astimezone(zone).date(), hours.OPENS, zone)
    generation = active_generation(tx)
    if morning <= now:
        yield "answers", morning
    if generation is not None and generation.built_at <= now:
        yield "policies", generation.built_at


def _lapsed(tx: Transaction, now: datetime, zone: ZoneInfo) -> Iterator[Lapsed]:
    on = now.astimezone(zone).date()
    for record in verified_answers(tx, ("approved",)):
        if not clauses_on(tx, record.clauses, lambda policy: policy.in_force(on)):
            yield Lapsed(record, (*_told(tx, record, on, now),))


def _told(tx: Transaction, record: VerifiedRecord, on: date, now: datetime) -> Iterator[OutboxRow]:
    """Its owner, once a change, and whoever asked: what they were told no longer holds."""
    owner = record.author_id
    if not find_staff(tx, owner).active_on(on):
        lead = lead_officer(tx, on)
        owner = lead.id if lead else owner
    turn = record.turn + 1
    key = f"verified:{record.id}:{turn}"
    facts: Mapping[str, object] = {"verified": record.id, "news": "lapsed"}
    yield OutboxRow(f"{key}:owner", owner, "stale", "staff", "yellow", facts, now)
    ticket = find_ticket(tx, record.ticket_id)
    if ticket is not None:
        yield OutboxRow(
            f"{key}:asker", ticket.asker_id, "verified_news", "staff", "blue", facts, now
        )
