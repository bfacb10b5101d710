"""What can be asked and done, in plain values; every deed is checked by bot/access first.

Slack and the command line both come here, so neither can do more than the other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from bank.actions import Outlook, look_ahead
from bank.briefs import ClientBrief, brief
from bank.calendar import load_calendar
from bank.clients import client_names, clients_of
from bank.cycle.consequences import Follow, consequences
from bank.cycle.records import appraisal_id
from bank.database import Database, Transaction
from bank.outbox import find
from bank.people import Person, holders
from bank.performance import evidence_behind, latest_scorecard
from bank.policies import find_passages
from bank.policy_changes import PolicyFeed, policy_feed
from bank.questions import earlier_questions, find_question
from bank.snoozes import snooze, snoozed, was_snoozed
from bank.visits import VisitEntry, log_visit
from bank.warnings import WarningAnswer, answer_warning, find_warning
from bot.access import (
    NotYoursError,
    check_client,
    clients_hidden,
    kpi_subject,
    permit,
    policy_roles,
    policy_units,
    readable_clause,
)
from bot.errors import Refusal
from bot.text import visible
from bot.trail import Posed, write_down
from jobs.digest import Item, due_items, item_facts, item_key
from knowledge.answer import Answer, Citation, Query, Turn, cite
from knowledge.errors import QUESTION_LIMIT, QuestionError
from scoring.facts import Evidence
from scoring.periods import Period
from scoring.scheme import Scheme
from scoring.scorecard import IndicatorScore, Scorecard
from scoring.versions import PRODUCTS_OWN, Schemes

SNOOZE_DAYS = (1, 3, 7)
"""Working days an item can be put off for."""
EARLIER = 4
"""How many earlier questions of a conversation are read again."""
RECENT = timedelta(minutes=30)
"""For how long questions that stand beside each other in a direct conversation belong together."""


class Library(Protocol):
    """What answers from the policies (knowledge.library)."""

    def ask(self, query: Query) -> Answer:
        """The answer; raises QuestionError."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's outcome: the record's id, the answer, and whom to ask next (None: nobody)."""

    question_id: str
    answer: Answer
    officer: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A manager's scorecard of a period; None while there is no score."""

    manager: Person
    period: Period
    card: Scorecard | None
    scheme: Scheme
    """The scheme it was computed by."""
    clients: Mapping[str, str]
    """The names of the clients its levers are about, by id."""
    corrected_from: date | None = None
    """First day of what the bank corrected since it was computed."""
    follows: tuple[Follow, ...] = ()
    """What follows from it, once its grade is published."""
    outlook: Outlook | None = None
    """Where it is heading and what would lift it, where that was asked for."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One figure of a scorecard, with what is needed to tell its records and its reason."""

    scored: IndicatorScore
    scheme: Scheme
    records: Evidence
    clients: Mapping[str, str]
    """The names of the clients in its records, by id."""
    clause: tuple[str, str] | None
    """The title and the label of the clause behind it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An item that was shown and is not due any more, or was put off."""

    client_name: str
    state: Literal["done", "snoozed"]


class Desk:
    """The bot's deeds. `actor` is always the person of a verified envelope or of `--as`."""

    def __init__(
        self,
        database: Database,
        library: Library,
        zone: ZoneInfo,
        schemes: Schemes = PRODUCTS_OWN,
        *,
        masked: bool = False,
    ) -> None:
        """`masked`: an appraisal names its clients to nobody but its own manager."""
        self._database = database
        self._masked = masked
        self._library = library
        self._zone = zone
        self.schemes = schemes

    def today(self, now: datetime) -> date:
        """The bank's date at a moment."""
        return now.astimezone(self._zone).date()

    def ask(
        self,
        actor: Person,
        text: str,
        on: date,
        *,
        question_id: str,
        now: datetime,
        conversation: str = "",
        shared: bool = False,
        lang: str | None = None,
    ) -> Asked:
        """Ask the policies and write down who asked what, once per `question_id`.

        What the actor asked before in the same conversation says how a follow-up is read.
        `shared`: others read along, so only what everyone may read, and no name, is said.
        Raises Refusal for a question that cannot be asked.
        """
        today = self.today(now)
        permit(actor, "ask", today)
        posed = Posed(question_id, now, on, actor.id, conversation, text)
        with self._database.read() as tx:
            units = policy_units(tx, actor, shared=shared)
            earlier = earlier_turns(tx, posed, shared=shared) if conversation else ()
        roles = policy_roles(actor, shared=shared)
        query = Query(text, on, roles, lang, units, earlier, actor.id)
        try:
            answer = self._library.ask(query)
        except QuestionError as error:
            raise _unaskable(error) from error
        with self._database.write() as tx:
            write_down(tx, posed, answer)
            officers = () if shared else holders(tx, "compliance", today)
        return Asked(question_id, answer, officers[0].name if officers else None)

    def sources(self, actor: Person, question_id: str, on: date) -> tuple[str, list[Citation]]:
        """The language of an earlier question, and its clauses in full as the actor may read them.

        Raises NotYoursError when nothing of it is left to show.
        """
        permit(actor, "sources", on)
        with self._database.read() as tx:
            asked = find_question(tx, question_id)
            passages = find_passages(tx, asked.clause_ids) if asked else {}
            units = policy_units(tx, actor, shared=False)
        if asked is None:
            raise NotYoursError(question_id)
        roles = policy_roles(actor, shared=False)
        kept = [passages[one] for one in asked.clause_ids if one in passages]
        shown = [cite(passage) for passage in kept if passage.policy.open_to(roles, units)]
        if not shown:
            raise NotYoursError(question_id)
        return asked.lang, shown

    def policy_changes(self, actor: Person, since: date, on: date) -> PolicyFeed:
        """The news of the policies the actor may read, from a day up to another."""
        permit(actor, "policies", on)
        with self._database.read() as tx:
            units = policy_units(tx, actor, shared=False)
            return policy_feed(tx, since, on).open_to(policy_roles(actor, shared=False), units)

    def kpi(
        self, actor: Person, subject_id: str, period: Period, on: date, *, ahead: bool = False
    ) -> Standing:
        """A manager's newest stored scorecard by a day, and what is `ahead`. Raises NotYoursError.

        The scorecard is looked up, the outlook computed from the manager's own records.
        """
        with self._database.read() as tx:
            subject = kpi_subject(tx, actor, subject_id, on)
            found = latest_scorecard(tx, subject.id, period, on)
            if found is None:
                return Standing(subject, period, None, self.schemes.of_period(period), {})
            scheme = self.schemes.behind(found.run.scheme, period)
            outlook = look_ahead(tx, found, scheme) if ahead else None
            clients = {lever.client_id for lever in outlook.levers} if outlook else set()
            names = self._names(tx, actor, subject, clients)
            told = appraisal_id(period.id, subject.id)
            held = consequences(tx, managers=[subject.id])
            return Standing(
                *(subject, period, found.card, scheme, names, found.corrected_from),
                follows=tuple(one for one in held if one.appraisal_id == told),
                outlook=outlook,
            )

    def explain(
        self, actor: Person, subject_id: str, period: Period, indicator: str, on: date
    ) -> Explained:
        """What is behind one figure of a scorecard. Raises NotYoursError."""
        with self._database.read() as tx:
            subject = kpi_subject(tx, actor, subject_id, on)
            found = latest_scorecard(tx, subject.id, period, on)
            scores = found.card.indicators() if found else ()
            scored = next((each for each in scores if each.id == indicator), None)
            if found is None or scored is None:
                raise NotYoursError(indicator)
            scheme = self.schemes.behind(found.run.scheme, period)
            records = evidence_behind(tx, found, indicator, scheme)
            named = {str(row.get("client", row["id"])) for row in records.rows}
            clause = readable_clause(tx, actor, str(scored.explain["clause"] or ""), on)
            names = self._names(tx, actor, subject, named)
            return Explained(scored, scheme, records, names, clause)

    def evidence(
        self, actor: Person, subject_id: str, period: Period, on: date
    ) -> Mapping[str, Evidence]:
        """The records behind every figure of a scorecard, by indicator. Raises NotYoursError."""
        with self._database.read() as tx:
            subject = kpi_subject(tx, actor, subject_id, on)
            found = latest_scorecard(tx, subject.id, period, on)
            if found is None:
                return {}
            scheme = self.schemes.behind(found.run.scheme, period)
            return {
                each.id: evidence_behind(tx, found, each.id, scheme)
                for each in found.card.indicators()
            }

    def brief(self, actor: Person, client_id: str, on: date) -> ClientBrief:
        """What a manager needs to know before seeing a client. Raises NotYoursError."""
        with self._database.read() as tx:
            check_client(tx, actor, client_id, on)
            return brief(tx, client_id, on)

    def day(self, actor: Person, on: date) -> tuple[Item, ...]:
        """What the actor owes on a day, most pressing first."""
        permit(actor, "day", on)
        with self._database.read() as tx:
            return self._due(tx, actor, on)

    def item(self, actor: Person, name: str, on: date) -> Item:
        """One thing the actor owes. Raises Refusal when it is settled or not theirs."""
        for item in self.day(actor, on):
            if item_key(item) == name:
                return item
        raise Refusal("press.not_open")

    def done_visit(self, actor: Person, visit: VisitEntry, on: date, now: datetime) -> None:
        """Log the actor's visit to one of their clients, once per id."""
        permit(actor, "log_visit", on)
        if visit.day > on:
            raise Refusal("visit.day_ahead")
        note = visible(visit.note).strip()
        if not note:
            raise Refusal("visit.note_missing")
        with self._database.write() as tx:
            held = clients_of(tx, actor.id, on)
            if visit.manager_id != actor.id or visit.client_id not in held:
                raise Refusal("press.not_open")
            log_visit(tx, replace(visit, note=note), on, now)

    def answer_warning(
        self, actor: Person, warning_id: str, text: str, on: date, now: datetime
    ) -> None:
        """Record the actor's answer to a warning of theirs."""
        permit(actor, "answer_warning", on)
        words = visible(text).strip()
        if not words:
            raise Refusal("warning.text_missing")
        with self._database.write() as tx:
            warning = find_warning(tx, warning_id)
            if warning is None or warning.manager_id != actor.id:
                raise Refusal("press.not_open")
            answer = WarningAnswer(warning_id, actor.id, words)
            if not answer_warning(tx, answer, on, now):
                raise Refusal("press.not_open")

    def snooze(self, actor: Person, name: str, days: int, on: date, now: datetime) -> date:
        """Put one thing off for so many working days; the day it comes back.

        A red warning is never put off, and an orange one only once.
        """
        permit(actor, "snooze", on)
        if days not in SNOOZE_DAYS:
            raise Refusal("press.not_open")
        item = self.item(actor, name, on)
        severity = getattr(item, "severity", "")
        with self._database.write() as tx:
            if severity == "red":
                raise Refusal("press.red_stays")
            if severity == "orange" and was_snoozed(tx, actor.id, name):
                raise Refusal("press.put_off_already")
            until = load_calendar(tx).add_business_days(on, days)
            snooze(tx, actor.id, name, until, now)
        return until

    def digest(
        self, actor: Person, key: str, on: date
    ) -> tuple[list[Mapping[str, object] | Settled], int]:
        """A morning message as it now stands: what is still due, and what was settled since.

        The second figure counts what is due beyond it.
        """
        permit(actor, "day", on)
        with self._database.read() as tx:
            sent = find(tx, key)
            due = {item_key(item): item for item in self._due(tx, actor, on)}
            off = {item for _, item in snoozed(tx, on, [actor.id])}
        if sent is None or sent.recipient != actor.id:
            raise NotYoursError(key)
        planned = sent.payload.get("items")
        told: list[Mapping[str, object] | Settled] = []
        for facts in planned if isinstance(planned, list) else []:
            name = str(facts["item"])
            if name in due:
                told.append(item_facts(due.pop(name)))
            else:
                state: Literal["done", "snoozed"] = "snoozed" if name in off else "done"
                told.append(Settled(str(facts["client_name"]), state))
        return told, len(due)

    def settled(self, actor: Person, name: str, on: date) -> Settled:
        """An item that was the actor's, as one line. Raises NotYoursError."""
        permit(actor, "day", on)
        kind, _, subject = name.partition(":")
        with self._database.read() as tx:
            warning = find_warning(tx, subject) if kind == "warning" else None
            held = clients_of(tx, actor.id, on)
            off = (actor.id, name) in snoozed(tx, on, [actor.id])
        mine = warning is not None and warning.manager_id == actor.id
        client = warning.client_name if warning and mine else held.get(subject)
        if client is None:
            raise NotYoursError(name)
        return Settled(client, "snoozed" if off else "done")

    def _names(
        self, tx: Transaction, actor: Person, subject: Person, clients: Collection[str]
    ) -> Mapping[str, str]:
        """The names of clients in a manager's appraisal, as far as the actor is told them."""
        hidden = clients_hidden(actor, subject, masked=self._masked)
        return {} if hidden else client_names(tx, clients)

    def _due(self, tx: Transaction, actor: Person, on: date) -> tuple[Item, ...]:
        return due_items(tx, actor.id, on, self.schemes.on(on).visits)


def earlier_turns(tx: Transaction, posed: Posed, *, shared: bool) -> tuple[Turn, ...]:
    """What belongs before a question; between two people also what was just asked elsewhere."""
    asked = earlier_questions(
        tx,
        posed.staff_id,
        posed.conversation,
        before=posed.at,
        most=EARLIER,
        since=None if shared else posed.at - RECENT,
        but=posed.id,
    )
    return tuple(Turn(one.text, one.lang, one.clause_ids) for one in asked)


def _unaskable(error: QuestionError) -> Refusal:
    if error.code == "empty":
        return Refusal("question.empty")
    return Refusal("question.too_long", limit=f"{QUESTION_LIMIT:,}", length=f"{error.length:,}")
