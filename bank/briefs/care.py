"""What was said and promised: visits, needs, questions, complaints, papers."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from bank.briefs.client import Facts
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import ClientDocument, ClientNeed, Staff, Visit
from bank.models import Complaint as ComplaintRow
from bank.models import Inquiry as InquiryRow
from scoring.coverage import VISIT_KINDS

NOTES = 3


@dataclass(frozen=True, slots=True)
class Note:
    """What was written down after a contact."""

    day: date
    kind: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Need:
    """Something the client could use (`kind` of the catalogue, such as N05)."""

    id: str
    kind: str
    noted: date
    due: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question of the client's that nobody has answered."""

    id: str
    topic: str
    received: date
    due: date


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint that is not decided."""

    id: str
    severity: str
    received: date
    summary: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to be renewed, or the client's identity check (`kind` kyc)."""

    kind: str
    due: date


def last_met(tx: Transaction, client_id: str, on: date) -> date | None:
    """Day of the last visit on site or by video known on a day."""
    newest = tx.scalar(
        select(func.max(Visit.day)).where(
            Visit.client_id == client_id,
            Visit.kind.in_(sorted(VISIT_KINDS)),
            Visit.day <= number(on),
            Visit.logged_day <= number(on),
        )
    )
    return None if newest is None else day_of(newest)


def notes(tx: Transaction, client_id: str, on: date) -> tuple[Note, ...]:
    """The last notes of any contact, whoever wrote them."""
    rows = tx.execute(
        select(Visit.day, Visit.kind, Staff.name, Visit.note)
        .join(Staff, Staff.id == Visit.manager_id)
        .where(
            Visit.client_id == client_id,
            Visit.day <= number(on),
            Visit.logged_day <= number(on),
            func.trim(Visit.note) != "",
        )
        .order_by(Visit.day.desc(), Visit.logged_day.desc(), Visit.id)
        .limit(NOTES)
    )
    return tuple(Note(day_of(day), kind, by, text) for day, kind, by, text in rows)


def needs(tx: Transaction, client_id: str, on: date) -> tuple[Need, ...]:
    """Open needs, those with a day first."""
    rows = tx.execute(
        select(
            ClientNeed.id,
            ClientNeed.kind,
            ClientNeed.noted_day,
            ClientNeed.due_day,
            ClientNeed.note,
        ).where(
            ClientNeed.client_id == client_id,
            ClientNeed.state == "open",
            ClientNeed.noted_day <= number(on),
        )
    )
    found = (
        Need(need_id, kind, day_of(noted), None if due is None else day_of(due), note)
        for need_id, kind, noted, due, note in rows
    )
    return tuple(sorted(found, key=lambda need: (need.due or date.max, need.noted, need.id)))


def inquiries(tx: Transaction, client_id: str, on: date) -> tuple[Inquiry, ...]:
    """Questions received and not answered by the end of a day, by when they are due."""
    day = number(on)
    rows = tx.execute(
        select(InquiryRow.id, InquiryRow.topic, InquiryRow.received_day, InquiryRow.due_day)
        .where(
            InquiryRow.client_id == client_id,
            InquiryRow.received_day <= day,
            or_(InquiryRow.answered_day.is_(None), InquiryRow.answered_day > day),
        )
        .order_by(InquiryRow.due_day, InquiryRow.id)
    )
    return tuple(
        Inquiry(inquiry_id, topic, day_of(received), day_of(due))
        for inquiry_id, topic, received, due in rows
    )


def complaints(tx: Transaction, client_id: str, on: date) -> tuple[Complaint, ...]:
    """Complaints received and not decided by the end of a day, the oldest first."""
    day = number(on)
    rows = tx.execute(
        select(
            ComplaintRow.id,
            ComplaintRow.severity,
            ComplaintRow.received_day,
            ComplaintRow.summary,
        )
        .where(
            ComplaintRow.client_id == client_id,
            ComplaintRow.received_day <= day,
            or_(ComplaintRow.decided_day.is_(None), ComplaintRow.decided_day > day),
        )
        .order_by(ComplaintRow.received_day, ComplaintRow.id)
    )
    return tuple(
        Complaint(complaint_id, severity, day_of(received), summary)
        for complaint_id, severity, received, summary in rows
    )


def papers(tx: Transaction, client: Facts, on: date, until: date) -> tuple[Paper, ...]:
    """What is to be renewed by a day, or should have been before, the most urgent first.

    What was renewed once it was due is done, though the day of the next time is not sent yet.
    """
    renewed = ClientDocument.renewed_day
    undone = or_(renewed.is_(None), renewed < ClientDocument.due_day, renewed > number(on))
    rows = tx.execute(
        select(ClientDocument.kind, ClientDocument.due_day).where(
            ClientDocument.client_id == client.id, ClientDocument.due_day <= number(until), undone
        )
    )
    found = [Paper(kind, day_of(due)) for kind, due in rows]
    if client.kyc_due is not None and client.kyc_due <= until:
        found.append(Paper("kyc", client.kyc_due))
    return tuple(sorted(found, key=lambda paper: (paper.due, paper.kind)))
