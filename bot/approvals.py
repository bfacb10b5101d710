"""Verified answers at the desk: approved by a second person, declined, or withdrawn.

Approving ties an answer to the words its clauses have then; somebody who approves one again after
it lapsed has read the new words. Every deed is one transaction with the messages it owes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bank.audit import Deed
from bank.database import Database, Transaction
from bank.experts import officers
from bank.outbox import OutboxRow, put
from bank.people import Person, find_staff
from bank.rankings import ConfirmedRecord, NamedClause, confirm, forget
from bank.tickets import find_ticket
from bank.verified import (
    APPROVABLE,
    WAITING,
    Present,
    VerifiedRecord,
    change_verified,
    find_verified,
    present_clause,
    verified_answers,
)
from bot.access import NotYoursError, may_read, permit, verified_of
from bot.clients import ClientGuard
from bot.errors import Refusal
from bot.expert_messages import asks_for_approval, tells
from bot.text import visible
from knowledge.answer import Citation, cite
from knowledge.followup import stands_alone

WITHDRAWABLE = ("approved", "lapsed")


@dataclass(frozen=True, slots=True)
class VerifiedView:
    """A verified answer as somebody may see it: names, and its clauses as they are now in force.

    `changed` are the clauses, by policy and number, that have other words than when it was last
    approved, or are gone.
    """

    record: VerifiedRecord
    author: str
    approver: str | None
    clauses: tuple[Citation, ...]
    changed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Edits:
    """What somebody puts right instead of approving it; "" leaves it as it was."""

    text: str = ""
    question: str = ""


AS_IT_IS = Edits()


class Approvals:
    """What is done with verified answers. `actor` is the person of an envelope or of `--as`."""

    def __init__(self, database: Database, guard: ClientGuard, zone: ZoneInfo) -> None:
        """Approve by the dates of a time zone."""
        self._database = database
        self._guard = guard
        self._zone = zone

    def show(self, actor: Person, verified_id: str, on: date) -> VerifiedView:
        """One verified answer. Raises NotYoursError."""
        with self._database.read() as tx:
            return _view(tx, actor, verified_of(tx, actor, "tickets", verified_id, on), on)

    def list(self, actor: Person, on: date, states: Sequence[str] = ()) -> tuple[VerifiedView, ...]:
        """Verified answers in some states: for compliance all, for others those they wrote."""
        permit(actor, "tickets", on)
        every = actor.role == "compliance"
        with self._database.read() as tx:
            found = verified_answers(tx, states)
            theirs = (one for one in found if every or one.author_id == actor.id)
            return tuple(_view(tx, actor, one, on) for one in theirs)

    def proposed_of(self, actor: Person, ticket_id: str, on: date) -> VerifiedView | None:
        """What the actor's reply to a ticket was proposed as; None where it was not."""
        permit(actor, "tickets", on)
        with self._database.read() as tx:
            found = find_verified(tx, ticket_id)
            mine = found is not None and found.author_id == actor.id
            return _view(tx, actor, found, on) if found and mine else None

    def waiting(self, actor: Person, on: date) -> tuple[VerifiedView, ...]:
        """What waits for the actor's approval, for the first time or again, the oldest first."""
        permit(actor, "tickets", on)
        if actor.role != "compliance":
            return ()
        with self._database.read() as tx:
            found = verified_answers(tx, ("proposed", "lapsed"))
            theirs = [one for one in found if not _part_in(tx, one, actor)]
            return tuple(_view(tx, actor, one, on) for one in theirs)

    def approve(
        self, actor: Person, verified_id: str, now: datetime, edits: Edits = AS_IT_IS
    ) -> VerifiedView:
        """Have an answer served from now on; with edits, propose it anew for somebody else to.

        Raises NotYoursError, or Refusal: nobody approves what they wrote or asked, or what rests on
        a clause that is gone or that they may not read; or somebody was first.
        """
        on = self._day(now)
        text = self._guard.refuse_clients(visible(edits.text).strip())
        question = self._guard.refuse_clients(visible(edits.question).strip())
        with self._database.write() as tx:
            before = verified_of(tx, actor, "approve_answer", verified_id, on)
            text, question = text or before.text, question or before.question
            retold = edits != AS_IT_IS and before.state == "proposed"
            if retold and _by(before, actor, text, question):
                return _view(tx, actor, before, on)
            _check_second(tx, before, actor)
            present = [_present(tx, actor, one, on) for one in before.clauses]
            after = replace(
                before,
                text=text,
                question=question,
                clauses=tuple(one.name for one in present),
                changed_at=now,
                reason="",
            )
            standing = before.state == "approved" and after.clauses == before.clauses
            edited = (text, question) != (before.text, before.question)
            if standing and not edited and before.approver_id == actor.id:
                return _view(tx, actor, before, on)
            if before.state != "approved" or standing:
                _check_state(tx, before, APPROVABLE)
            if not stands_alone(question):
                raise Refusal("verified.not_alone")
            deed = Deed(actor.id, "approve_answer", on, now)
            if edited:
                _propose_anew(tx, before, replace(after, author_id=actor.id), present, deed)
            else:
                _approve(tx, before, after, deed)
            return self._seen(tx, actor, verified_id, on)

    def decline(self, actor: Person, verified_id: str, reason: str, now: datetime) -> VerifiedView:
        """Have a proposal never served. Raises NotYoursError, or Refusal."""
        return self._end(actor, verified_id, "declined", reason, now)

    def withdraw(self, actor: Person, verified_id: str, reason: str, now: datetime) -> VerifiedView:
        """Have an answer served no more. Raises NotYoursError, or Refusal."""
        return self._end(actor, verified_id, "withdrawn", reason, now)

    def _end(
        self, actor: Person, verified_id: str, state: str, reason: str, now: datetime
    ) -> VerifiedView:
        on = self._day(now)
        words = self._guard.refuse_clients(visible(reason).strip())
        if not words:
            raise Refusal("verified.reason_missing")
        name = "decline_answer" if state == "declined" else "withdraw_answer"
        with self._database.write() as tx:
            before = verified_of(tx, actor, name, verified_id, on)
            if (before.state, before.reason) == (state, words):
                return _view(tx, actor, before, on)
            after = replace(before, state=state, changed_at=now, reason=words)
            if state == "declined":
                _check_second(tx, before, actor)
                _check_state(tx, before, WAITING)
                after = replace(after, approver_id=actor.id)
            else:
                _check_state(tx, before, WITHDRAWABLE)
            deed = Deed(actor.id, name, on, now)
            put(tx, _news(tx, before, state, deed))
            forget(tx, [one.id for one in _confirmed(before)])
            _change(tx, before, after, deed)
            return self._seen(tx, actor, verified_id, on)

    def _seen(self, tx: Transaction, actor: Person, verified_id: str, on: date) -> VerifiedView:
        return _view(tx, actor, verified_of(tx, actor, "tickets", verified_id, on), on)

    def _day(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()


def view_answer(tx: Transaction, person: Person, verified_id: str, on: date) -> VerifiedView:
    """An answer that a message to somebody is about. Raises NotYoursError when it is gone."""
    found = find_verified(tx, verified_id)
    if found is None:
        raise NotYoursError(verified_id)
    return _view(tx, person, found, on)


def _by(record: VerifiedRecord, actor: Person, text: str, question: str) -> bool:
    """Whether a proposal is the actor's own and says this already: told twice, done once."""
    return (record.author_id, record.text, record.question) == (actor.id, text, question)


def _approve(tx: Transaction, before: VerifiedRecord, after: VerifiedRecord, deed: Deed) -> None:
    """Have it served; whoever asked hears where it is not what they were told."""
    after = replace(after, state="approved", approver_id=deed.actor_id, approved_on=deed.on)
    ticket = find_ticket(tx, before.ticket_id)
    other = before.state == "proposed" and ticket is not None and ticket.reply != after.text
    put(tx, _news(tx, before, "changed" if other else "approved", deed))
    confirm(tx, _confirmed(after))
    _change(tx, before, after, deed)


def _propose_anew(
    tx: Transaction,
    before: VerifiedRecord,
    after: VerifiedRecord,
    rests: Sequence[Present],
    deed: Deed,
) -> None:
    """Edited words are the editor's, and nobody publishes their own: a second person approves.

    That is whoever wrote it before, where they may, or else another officer of compliance.
    """
    ticket = find_ticket(tx, before.ticket_id)
    asker = ticket.asker_id if ticket else ""
    second = second_officer(tx, deed.on, {deed.actor_id, asker}, rests, first=before.author_id)
    after = replace(after, state="proposed", approver_id=second, approved_on=None)
    rows = asks_for_approval(replace(after, turn=before.turn + 1), deed.at)
    if before.author_id not in (second, deed.actor_id):
        rows.append(tells(before, before.author_id, "edited", deed.at))
    put(tx, rows)
    forget(tx, [one.id for one in _confirmed(before)])
    _change(tx, before, after, deed)


def second_officer(
    tx: Transaction,
    on: date,
    without: Collection[str],
    rests: Sequence[Present],
    first: str = "",
) -> str | None:
    """Who in compliance is to approve an answer that rests on these clauses; None for nobody."""
    policies = [one.passages[0].policy for one in rests]
    found = [
        one.id
        for one in officers(tx, on, without)
        if all(may_read(tx, one, policy) for policy in policies)
    ]
    return first if first in found else found[0] if found else None


def _check_second(tx: Transaction, before: VerifiedRecord, actor: Person) -> None:
    if part := _part_in(tx, before, actor):
        raise Refusal(f"verified.{part}")


def _part_in(tx: Transaction, record: VerifiedRecord, actor: Person) -> str:
    """How the actor is no second person: "own" is what they wrote, "asked" what they asked."""
    if record.author_id == actor.id:
        return "own"
    ticket = find_ticket(tx, record.ticket_id)
    return "asked" if ticket is not None and ticket.asker_id == actor.id else ""


def _check_state(tx: Transaction, before: VerifiedRecord, allowed: Sequence[str]) -> None:
    if before.state in allowed:
        return
    key = f"verified.was_{before.state}"
    name = find_staff(tx, before.approver_id).name if before.approver_id else ""
    values = {"name": name} if before.state in ("approved", "declined") else {}
    raise Refusal(key, **values)


def _change(tx: Transaction, before: VerifiedRecord, after: VerifiedRecord, deed: Deed) -> None:
    """Write it; whoever was first in the meantime stands."""
    if not change_verified(tx, after, before, deed):
        held = find_verified(tx, before.id) or before
        _check_state(tx, held, ())


def _present(tx: Transaction, actor: Person, clause: NamedClause, on: date) -> Present:
    found = present_clause(tx, clause.policy, clause.number, on)
    if found is None:
        raise Refusal("verified.clause_gone", clause=f"{clause.policy} {clause.number}")
    if not may_read(tx, actor, found.passages[0].policy):
        raise Refusal("verified.unseen")
    return found


def _view(tx: Transaction, actor: Person, record: VerifiedRecord, on: date) -> VerifiedView:
    shown: list[Citation] = []
    changed: list[tuple[str, str]] = []
    for clause in record.clauses:
        present = present_clause(tx, clause.policy, clause.number, on)
        if present is None or present.name != clause:
            changed.append((clause.policy, clause.number))
        if present is not None and may_read(tx, actor, present.passages[0].policy):
            shown += [cite(passage) for passage in present.passages]
    approver = find_staff(tx, record.approver_id).name if record.approver_id else None
    author = find_staff(tx, record.author_id).name
    return VerifiedView(record, author, approver, tuple(shown), tuple(changed))


def _confirmed(record: VerifiedRecord) -> list[ConfirmedRecord]:
    """An approved answer as what its question teaches the search."""
    return [
        ConfirmedRecord(
            record.question,
            record.lang,
            clause.policy,
            clause.number,
            clause.digest,
            record.approver_id or "",
            record.changed_at,
        )
        for clause in record.clauses
    ]


def _news(tx: Transaction, before: VerifiedRecord, news: str, deed: Deed) -> list[OutboxRow]:
    """Told to its author, and to the asker where what they were told does not stand as it was."""
    author = before.author_id
    rows = [] if deed.actor_id == author else [tells(before, author, news, deed.at)]
    ticket = find_ticket(tx, before.ticket_id)
    if ticket is not None and news != "approved":
        rows.append(tells(before, ticket.asker_id, news, deed.at))
    return rows
