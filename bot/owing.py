"""Putting into words what is owed to somebody, as it leaves: facts are looked up for them then."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bank.database import Database, Transaction
from bank.people import Person
from bank.verified import present_clause
from bot.access import policy_roles, policy_units
from bot.approvals import view_answer
from bot.experts import view_ticket
from bot.replies import approvals, tickets
from bot.replies.owed import owed
from bot.replies.tickets import Seen
from bot.replies.tree import Reply
from jobs.messenger import Message
from jobs.tickets import KINDS
from knowledge.answer import Citation, cite


def word(database: Database, message: Message, person: Person, on: date, zone: ZoneInfo) -> Reply:
    """A message for a person, as it stands on a day."""
    if message.kind not in KINDS:
        return owed(message.kind, message.payload, person, on)
    seen = Seen(person.lang, on, zone)
    with database.read() as tx:
        if "ticket" in message.payload:
            return _of_ticket(tx, message, person, seen)
        return _of_answer(tx, message, person, seen)


def _of_ticket(tx: Transaction, message: Message, person: Person, seen: Seen) -> Reply:
    facts: Mapping[str, Any] = message.payload
    view = view_ticket(tx, person, facts["ticket"])
    if message.kind == "ticket":
        return tickets.question(view, facts["stage"], seen)
    shared = message.disclosure == "public"
    rests = _rests(tx, facts["clauses"], person, seen.on, shared=shared)
    return tickets.reply(view, rests, seen, shared=shared, again="place" not in facts)


def _of_answer(tx: Transaction, message: Message, person: Person, seen: Seen) -> Reply:
    view = view_answer(tx, person, str(message.payload["verified"]), seen.on)
    if message.kind == "approval":
        return approvals.proposal(view, seen)
    if message.kind == "stale":
        return approvals.stale(view, seen)
    return approvals.news(view, str(message.payload["news"]), person, seen.lang)


def _rests(
    tx: Transaction, named: list[list[str]], person: Person, on: date, *, shared: bool
) -> tuple[Citation, ...]:
    """The clauses of a reply that those who read it may read, as in force as it leaves."""
    roles = policy_roles(person, shared=shared)
    units = policy_units(tx, person, shared=shared)
    found = [present_clause(tx, policy, number, on) for policy, number in named]
    return tuple(
        cite(passage)
        for present in found
        if present is not None
        for passage in present.passages
        if passage.policy.open_to(roles, units)
    )
