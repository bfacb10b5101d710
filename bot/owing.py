"""Putting into words what is owed to somebody, as it leaves: facts are looked up for them then."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bank.cascade import name_of
from bank.cycle.consequences import consequences
from bank.cycle.records import find_appraisal
from bank.cycle.waiting import waiting_for
from bank.database import Database, Transaction
from bank.people import Person, find_staff
from bank.performance import latest_scorecard
from bank.targets import find_proposal
from bank.verified import present_clause
from bot.access import NotYoursError, policy_roles, policy_units, target_sides
from bot.appraisal_views import view
from bot.approvals import view_answer
from bot.experts import view_ticket
from bot.incidents import view_incident
from bot.replies import approvals, course, course_forms, tickets
from bot.replies import incidents as incident_replies
from bot.replies import targets as target_replies
from bot.replies.owed import owed
from bot.replies.tickets import Seen
from bot.replies.tree import Reply
from bot.target_views import target_view
from jobs import cycle, incidents, targets
from jobs.messenger import Message
from jobs.tickets import KINDS
from knowledge.answer import Citation, cite
from scoring.periods import Period
from scoring.versions import PRODUCTS_OWN, Schemes


def word(
    database: Database,
    message: Message,
    person: Person,
    seen: Seen,
    schemes: Schemes = PRODUCTS_OWN,
) -> Reply:
    """A message for a person, as it stands when they see it."""
    if message.kind in cycle.KINDS:
        return _of_appraisal(database, message, person, seen, schemes)
    if message.kind in incidents.KINDS:
        return _of_incident(database, message, person, seen)
    if message.kind in targets.KINDS:
        return _of_target(database, message, person, seen, schemes)
    if message.kind not in KINDS:
        return owed(message.kind, message.payload, person, seen.on)
    with database.read() as tx:
        if "ticket" in message.payload:
            return _of_ticket(tx, message, person, seen)
        return _of_answer(tx, message, person, seen)


def _of_appraisal(
    database: Database, message: Message, person: Person, seen: Seen, schemes: Schemes
) -> Reply:
    facts: Mapping[str, Any] = message.payload
    with database.read() as tx:
        if message.kind == "appraisal_todo":
            found = [
                (one, person)
                for one in waiting_for(tx, person.id, seen.on)
                if (one.record.period, one.stage) == (facts["period"], facts["stage"])
            ]
            (waits,) = course_forms.todos(found) or (_nothing(facts),)
            return course_forms.todo(waits, person.role, seen)
        if message.kind == "training":
            plans = consequences(tx, managers=[facts["manager"]], kinds=["training"])
            plan = next(one for one in plans if one.appraisal_id == facts["appraisal"])
            name = find_staff(tx, plan.manager_id).name
            return course.training(plan, name, facts["stage"], seen)
        record = find_appraisal(tx, facts["appraisal"])
        if record is None:
            raise NotYoursError(facts["appraisal"])
        seen_by = view(tx, person, record, frozenset({"manager"}), seen.on)
        scheme = schemes.of_period(Period.parse(record.period))
        return course.news(seen_by, facts["news"], facts["about"], scheme, seen)


def _nothing(facts: Mapping[str, Any]) -> course_forms.Todo:
    """What waited, settled while its message was being written."""
    return course_forms.Todo(facts["stage"], facts["period"], 0, None)


def _of_incident(database: Database, message: Message, person: Person, seen: Seen) -> Reply:
    facts: Mapping[str, Any] = message.payload
    with database.read() as tx:
        view = view_incident(tx, person, facts["incident"])
    if message.kind == "incident":
        return incident_replies.asks(view, facts["stage"], seen)
    return incident_replies.news(view, facts["news"], seen)


def _of_target(
    database: Database, message: Message, person: Person, seen: Seen, schemes: Schemes
) -> Reply:
    facts: Mapping[str, Any] = message.payload
    with database.read() as tx:
        if message.kind == targets.COACHING:
            return _coaching(tx, facts, seen, schemes)
        record = find_proposal(tx, facts["proposal"])
        if record is None:
            raise NotYoursError(facts["proposal"])
        terms = record.terms
        scheme = schemes.of_period(Period.of_year(terms.year))
        if facts["stage"] not in targets.WAITS:
            name = name_of(tx, terms.holder)
            return target_replies.news(record, name, facts["stage"], scheme, seen)
        sides = target_sides(tx, person, "targets", terms.holder, seen.on)
        seen_by = target_view(
            tx, terms.holder, scheme.indicator(terms.indicator), terms.year, scheme=scheme,
            sides=sides, on=seen.on,
        )  # fmt: skip
    if seen_by is None:
        raise NotYoursError(facts["proposal"])
    return target_replies.asks(seen_by, facts["stage"], seen)


def _coaching(tx: Transaction, facts: Mapping[str, Any], seen: Seen, schemes: Schemes) -> Reply:
    period = Period.parse(facts["period"])
    latest = latest_scorecard(tx, facts["manager"], period, seen.on)
    paces = latest.card.pace if latest else ()
    pace = next((one for one in paces if one.indicator == facts["indicator"]), None)
    if pace is None:
        raise NotYoursError(facts["manager"])
    name, scheme = find_staff(tx, facts["manager"]).name, schemes.of_period(period)
    return target_replies.coaching(name, period.id, pace, scheme, seen.lang)


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
        return approvals.proposal(view, seen, str(message.payload.get("stage", "propose")))
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
