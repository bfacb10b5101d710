"""Questions put to experts: who has each until when, and what was replied.

A ticket is open until its one reply. Whoever changes it says what they saw: of two people at
once one wins, and the other is told so.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, func, or_, select, true, update

from bank.audit import Deed, record_change, record_deed
from bank.database import Transaction
from bank.days import number
from bank.models import Staff, Ticket
from bank.upsert import insert_new


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """A question put to an expert, its words without any client's data.

    `turn` counts its owners. Half of the working time it may take is over at `half_at`, all of it
    at `due_at`, and at `late_at` the lead of compliance hears of it. `clause_ids` are what the
    asker was shown, `conversation` where they asked (team/channel/root; "" from the command line).
    `reply`, `answered_by` and `answered_at` are empty while it is open.
    """

    id: str
    question_id: str
    asker_id: str
    conversation: str
    lang: str
    question: str
    note: str
    clause_ids: tuple[str, ...]
    owner_id: str
    turn: int
    state: str
    opened_at: datetime
    half_at: datetime
    due_at: datetime
    late_at: datetime
    reply: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None


def ticket_id(question_id: str) -> str:
    """The id of the ticket of a question: there is at most one.

    64 bits: some millions a year never meet, and of two that did one would show the other.
    """
    return sha256(question_id.encode()).hexdigest()[:16]


def open_ticket(tx: Transaction, ticket: TicketRecord, deed: Deed) -> bool:
    """Write a new ticket down; False, and nothing written, when its question has one already."""
    row = asdict(ticket) | {"clause_ids": list(ticket.clause_ids)}
    if insert_new(tx, Ticket, [row]) == 0:
        return False
    content = {"owner": ticket.owner_id, "question": ticket.question_id}
    record_change(tx, deed, ("ticket", ticket.id), ("", "open"), content)
    return True


def find_ticket(tx: Transaction, ticket_id: str) -> TicketRecord | None:
    """The ticket of an id, or None."""
    found = _tickets(tx, Ticket.id == ticket_id)
    return found[0] if found else None


def tickets(tx: Transaction, of: str | None = None, *, state: str = "") -> tuple[TicketRecord, ...]:
    """Tickets that somebody has or opened (all, without), the soonest due first."""
    theirs = true() if of is None else or_(Ticket.owner_id == of, Ticket.asker_id == of)
    return _tickets(tx, and_(theirs, Ticket.state == state if state else true()))


def pressing_tickets(tx: Transaction, now: datetime, on: date) -> tuple[TicketRecord, ...]:
    """The open tickets of whose time half is over, or whose owner has left by a day.

    The soonest due first.
    """
    gone = select(Staff.id).where(Staff.left_day <= number(on))
    pressing = or_(Ticket.half_at <= now, Ticket.owner_id.in_(gone))
    return _tickets(tx, and_(Ticket.state == "open", pressing))


def reassign(tx: Transaction, before: TicketRecord, owner_id: str, deed: Deed) -> bool:
    """Give a ticket, as it was read, to somebody else; False when it is not so any more."""
    values = {"owner_id": owner_id, "turn": before.turn + 1}
    if not _change(tx, before, values):
        return False
    content = {"from": before.owner_id, "to": owner_id}
    record_deed(tx, deed, f"ticket:{before.id}", content)
    return True


def answer_ticket(
    tx: Transaction, before: TicketRecord, reply: str, deed: Deed
) -> TicketRecord | None:
    """Close a ticket, as it was read, with the actor's reply; None when it is not so any more."""
    after = replace(
        before, state="answered", reply=reply, answered_by=deed.actor_id, answered_at=deed.at
    )
    values = {name: getattr(after, name) for name in ("state", "reply", "answered_by")}
    if not _change(tx, before, values | {"answered_at": deed.at}):
        return None
    record_change(tx, deed, ("ticket", before.id), ("open", "answered"), {"reply": reply})
    return after


def burdens(tx: Transaction) -> Mapping[str, tuple[int, datetime]]:
    """How many open tickets each owner has, and when the newest was opened."""
    rows = tx.execute(
        select(Ticket.owner_id, func.count(), func.max(Ticket.opened_at))
        .where(Ticket.state == "open")
        .group_by(Ticket.owner_id)
    )
    return {owner: (count, newest) for owner, count, newest in rows}


def _change(tx: Transaction, before: TicketRecord, values: Mapping[str, object]) -> bool:
    unchanged = and_(Ticket.id == before.id, Ticket.state == "open", Ticket.turn == before.turn)
    return tx.execute(update(Ticket).where(unchanged).values(**values)).rowcount == 1


def _tickets(tx: Transaction, which: ColumnElement[bool]) -> tuple[TicketRecord, ...]:
    rows = tx.execute(
        select(*Ticket.__table__.columns).where(which).order_by(Ticket.due_at, Ticket.id)
    )
    return tuple(
        TicketRecord(**dict(row) | {"clause_ids": tuple(row["clause_ids"])})
        for row in rows.mappings()
    )
