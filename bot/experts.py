"""Experts' questions at the desk: opened, answered, given to somebody else.

Every deed is one transaction with the messages it owes. Of two people at once one wins, and the
other is told who was first. Experts need not see clients: what the asker said is masked, and what
anybody adds is refused while it names one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bank.audit import Deed
from bank.calendar import load_calendar
from bank.database import Database, Transaction
from bank.experts import experts, officers, policy_owner
from bank.outbox import put
from bank.people import Person, find_staff
from bank.policies import find_passages, policy_versions
from bank.questions import QuestionRecord, find_question
from bank.tickets import (
    TicketRecord,
    answer_ticket,
    find_ticket,
    open_ticket,
    reassign,
    ticket_id,
    tickets,
)
from bank.verified import Present, VerifiedRecord, present_clause, propose
from bot.access import NotYoursError, may_read, permit, ticket_of
from bot.approvals import second_officer
from bot.clients import ClientGuard
from bot.desk import earlier_turns
from bot.errors import Refusal
from bot.expert_messages import asks, asks_for_approval, replies
from bot.text import visible
from bot.trail import Posed, is_shared
from jobs import hours
from knowledge.answer import Citation, cite
from knowledge.followup import read_on
from knowledge.references import find_reference

LONGEST_REPLY = 3000
LONGEST_NOTE = 500
MOST_CLAUSES = 8


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as somebody may see it: names, and what the asker was shown that they may read."""

    ticket: TicketRecord
    asker: str
    owner: str
    answered_by: str | None
    clauses: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What an expert answers: the clauses it rests on, or that no rule covers this.

    `clauses` are as typed, "kyc 2.4", or ids of those the asker was shown. `question` is how it
    may be asked by others, "" as it was asked.
    """

    text: str
    clauses: tuple[str, ...] = ()
    uncovered: bool = False
    question: str = ""


class Experts:
    """What is done with tickets. `actor` is always the person of a verified envelope or `--as`."""

    def __init__(
        self, database: Database, guard: ClientGuard, zone: ZoneInfo, working_hours: int
    ) -> None:
        """A ticket is to be answered within `working_hours`."""
        self._database = database
        self._guard = guard
        self._zone = zone
        self._span = timedelta(hours=working_hours)

    def find(self, actor: Person, question_id: str, on: date) -> TicketView | None:
        """The ticket of a question of the actor's; None while there is none.

        Raises NotYoursError for somebody else's question.
        """
        permit(actor, "open_ticket", on)
        with self._database.read() as tx:
            _asked(tx, actor, question_id)
            found = find_ticket(tx, ticket_id(question_id))
            return _view(tx, actor, found) if found else None

    def open(self, actor: Person, question_id: str, note: str, now: datetime) -> TicketView:
        """Put a question of the actor's to an expert; once opened it stays as it is.

        Raises NotYoursError, or Refusal where a client is named in the note, or nobody can be
        asked.
        """
        on = self._day(now)
        if before := self.find(actor, question_id, on):
            return before
        added = self._guard.refuse_clients(visible(note).strip()[:LONGEST_NOTE])
        with self._database.read() as tx:
            asked = _asked(tx, actor, question_id)
            whole = _whole(tx, asked, on)
            owner = _owner(tx, asked, on)
            times = self._times(tx, now)
        if not asked.text:
            raise Refusal("expert.forgotten")
        ticket = TicketRecord(
            id=ticket_id(question_id),
            question_id=question_id,
            asker_id=actor.id,
            conversation=asked.conversation,
            lang=asked.lang,
            question=self._guard.without_clients(whole, asked.lang),
            note=added,
            clause_ids=asked.clause_ids,
            owner_id=owner.id,
            turn=1,
            state="open",
            opened_at=now,
            half_at=times[0],
            due_at=times[1],
            late_at=times[2],
        )
        with self._database.write() as tx:
            put(tx, [asks(ticket, now)])
            open_ticket(tx, ticket, Deed(actor.id, "open_ticket", on, now))
            held = find_ticket(tx, ticket.id)
            return _view(tx, actor, held or ticket)

    def answer(self, actor: Person, ticket_id: str, reply: Reply, now: datetime) -> TicketView:
        """Answer a ticket: whoever asked gets it, and with clauses it is proposed for others.

        Raises NotYoursError, or Refusal for a reply that cannot stand or comes too late.
        """
        on = self._day(now)
        words = self._guard.refuse_clients(visible(reply.text).strip())
        question = self._guard.refuse_clients(visible(reply.question).strip())
        if not words:
            raise Refusal("expert.reply_missing")
        if len(words) > LONGEST_REPLY:
            raise Refusal("expert.reply_long", limit=f"{LONGEST_REPLY:,}")
        deed = Deed(actor.id, "answer_ticket", on, now)
        with self._database.write() as tx:
            ticket = ticket_of(tx, actor, "answer_ticket", ticket_id, on)
            if ticket.state != "open":
                return _too_late(tx, actor, ticket, words)
            rests = self._rests(tx, actor, ticket, reply, on)
            answered = answer_ticket(tx, ticket, words, deed)
            if answered is None:
                return _too_late(tx, actor, find_ticket(tx, ticket.id) or ticket, words)
            rows = [replies(tx, answered, rests, now)]
            if rests:
                proposal = _proposal(tx, answered, question or ticket.question, rests, deed)
                propose(tx, proposal, deed)
                rows += asks_for_approval(proposal, now)
            put(tx, rows)
            return _view(tx, actor, answered)

    def assign(self, actor: Person, ticket_id: str, to: str, now: datetime) -> TicketView:
        """Give a ticket to another expert. Raises NotYoursError, or Refusal."""
        on = self._day(now)
        with self._database.write() as tx:
            ticket = ticket_of(tx, actor, "assign_ticket", ticket_id, on)
            chosen = next((one for one in experts(tx, on, {ticket.asker_id}) if one.id == to), None)
            if chosen is None:
                raise Refusal("expert.no_expert", staff=to[:64])
            return self._give(tx, actor, ticket, chosen, now)

    def pass_on(self, actor: Person, ticket_id: str, now: datetime) -> TicketView:
        """Not for me: the ticket goes to whoever in compliance has least to answer."""
        on = self._day(now)
        with self._database.write() as tx:
            ticket = ticket_of(tx, actor, "assign_ticket", ticket_id, on)
            others = officers(tx, on, {actor.id, ticket.owner_id, ticket.asker_id})
            if not others:
                raise Refusal("expert.nobody_else")
            return self._give(tx, actor, ticket, others[0], now)

    def others(self, actor: Person, ticket_id: str, on: date) -> tuple[Person, ...]:
        """Whom the actor may give a ticket to. Raises NotYoursError."""
        with self._database.read() as tx:
            ticket = ticket_of(tx, actor, "assign_ticket", ticket_id, on)
            return experts(tx, on, {ticket.owner_id, ticket.asker_id})

    def show(self, actor: Person, ticket_id: str, on: date) -> TicketView:
        """One ticket. Raises NotYoursError."""
        with self._database.read() as tx:
            return _view(tx, actor, ticket_of(tx, actor, "tickets", ticket_id, on))

    def to_act(self, actor: Person, ticket_id: str, on: date) -> TicketView:
        """A ticket that the actor may answer. Raises NotYoursError."""
        with self._database.read() as tx:
            return _view(tx, actor, ticket_of(tx, actor, "answer_ticket", ticket_id, on))

    def list(self, actor: Person, on: date, *, everything: bool = False) -> tuple[TicketView, ...]:
        """The actor's open tickets, to answer or asked, the soonest due first.

        For compliance those of everybody; with `everything` also the answered ones.
        """
        permit(actor, "tickets", on)
        of = None if actor.role == "compliance" else actor.id
        with self._database.read() as tx:
            found = tickets(tx, of, state="" if everything else "open")
            return tuple(_view(tx, actor, ticket) for ticket in found)

    def to_answer(self, actor: Person, on: date) -> tuple[TicketView, ...]:
        """The open tickets that the actor has, the soonest due first."""
        permit(actor, "tickets", on)
        with self._database.read() as tx:
            found = tickets(tx, actor.id, state="open")
            return tuple(_view(tx, actor, one) for one in found if one.owner_id == actor.id)

    def _day(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    def _times(self, tx: Transaction, now: datetime) -> tuple[datetime, datetime, datetime]:
        """When half of the working time is over, all of it, and half as much again."""
        calendar = load_calendar(tx)
        half, due, late = (
            hours.after_working(now, self._span * share, self._zone, calendar)
            for share in (0.5, 1, 1.5)
        )
        return half, due, late

    def _give(
        self, tx: Transaction, actor: Person, ticket: TicketRecord, to: Person, now: datetime
    ) -> TicketView:
        if ticket.owner_id != to.id:
            deed = Deed(actor.id, "assign_ticket", self._day(now), now)
            if not reassign(tx, ticket, to.id, deed):
                raise _overtaken(tx, find_ticket(tx, ticket.id) or ticket)
        held = find_ticket(tx, ticket.id) or ticket
        put(tx, [asks(held, now)])
        return _view(tx, actor, held)

    def _rests(
        self, tx: Transaction, actor: Person, ticket: TicketRecord, reply: Reply, on: date
    ) -> tuple[Present, ...]:
        """The clauses a reply rests on, all of which the asker may read as well."""
        typed = list(dict.fromkeys(one.strip() for one in reply.clauses if one.strip()))
        if bool(typed) == reply.uncovered:
            raise Refusal("expert.both" if typed else "expert.clauses_missing")
        if len(typed) > MOST_CLAUSES:
            raise Refusal("expert.clauses_many", limit=MOST_CLAUSES)
        asker = find_staff(tx, ticket.asker_id)
        found = {}
        shown = find_passages(tx, [one for one in typed if one in ticket.clause_ids])
        for one in typed:
            held = shown.get(one)
            named = f"{held.policy.policy} {held.clause.number}" if held else one
            present = find_present(tx, named, on)
            if present is None or not may_read(tx, actor, present.passages[0].policy):
                raise Refusal("expert.no_clause", clause=named[:80])
            if not may_read(tx, asker, present.passages[0].policy):
                raise Refusal("expert.not_theirs", clause=named[:80])
            found[present.name] = present
        return tuple(found.values())


def find_present(tx: Transaction, typed: str, on: date) -> Present | None:
    """The clause somebody names: "kyc 2.4", 第四条 after its policy's id, or in other words."""
    policy, _, clause = typed.partition(" ")
    if clause and (present := present_clause(tx, policy, clause.strip(), on)):
        return present
    named = find_reference(typed, [one for one in policy_versions(tx) if one.in_force(on)])
    return present_clause(tx, named.policy.policy, named.number, on) if named else None


def _asked(tx: Transaction, actor: Person, question_id: str) -> QuestionRecord:
    asked = find_question(tx, question_id)
    if asked is None or asked.staff_id != actor.id:
        raise NotYoursError(question_id)
    return asked


def _whole(tx: Transaction, asked: QuestionRecord, on: date) -> str:
    """A question as it was read: one that makes sense only after another, together with that."""
    if not asked.conversation:
        return asked.text
    posed = Posed(asked.id, asked.asked_at, on, asked.staff_id, asked.conversation, asked.text)
    earlier = earlier_turns(tx, posed, shared=is_shared(asked.conversation))
    read = read_on(asked.text, earlier)
    return read.text if read else asked.text


def _owner(tx: Transaction, asked: QuestionRecord, on: date) -> Person:
    """Whoever owns the nearest clause's policy, or else compliance in turn; never the asker."""
    passages = find_passages(tx, asked.clause_ids[:1])
    for passage in passages.values():
        if owner := policy_owner(tx, passage.policy.owner, on, {asked.staff_id}):
            return owner
    found = officers(tx, on, {asked.staff_id})
    if not found:
        raise Refusal("expert.nobody")
    return found[0]


def view_ticket(tx: Transaction, person: Person, ticket_id: str) -> TicketView:
    """A ticket that a message to somebody is about. Raises NotYoursError when it is gone."""
    found = find_ticket(tx, ticket_id)
    if found is None:
        raise NotYoursError(ticket_id)
    return _view(tx, person, found)


def _view(tx: Transaction, actor: Person, ticket: TicketRecord) -> TicketView:
    passages = find_passages(tx, ticket.clause_ids)
    shown = [passages[one] for one in ticket.clause_ids if one in passages]
    return TicketView(
        ticket,
        find_staff(tx, ticket.asker_id).name,
        find_staff(tx, ticket.owner_id).name,
        find_staff(tx, ticket.answered_by).name if ticket.answered_by else None,
        tuple(cite(one) for one in shown if may_read(tx, actor, one.policy)),
    )


def _too_late(tx: Transaction, actor: Person, held: TicketRecord, words: str) -> TicketView:
    """A reply told again stays as it was; another one lost to whoever was first."""
    if (held.answered_by, held.reply) == (actor.id, words):
        return _view(tx, actor, held)
    raise _overtaken(tx, held)


def _overtaken(tx: Transaction, held: TicketRecord) -> Refusal:
    if held.answered_by:
        return Refusal("expert.answered_first", name=find_staff(tx, held.answered_by).name)
    return Refusal("expert.given_first", name=find_staff(tx, held.owner_id).name)


def _proposal(
    tx: Transaction, ticket: TicketRecord, question: str, rests: Sequence[Present], deed: Deed
) -> VerifiedRecord:
    second = second_officer(tx, deed.on, {deed.actor_id, ticket.asker_id}, rests)
    return VerifiedRecord(
        id=ticket.id,
        ticket_id=ticket.id,
        question=question,
        lang=ticket.lang,
        text=ticket.reply,
        author_id=deed.actor_id,
        approver_id=second,
        approved_on=None,
        state="proposed",
        turn=1,
        proposed_at=deed.at,
        changed_at=deed.at,
        reason="",
        clauses=tuple(one.name for one in rests),
    )
