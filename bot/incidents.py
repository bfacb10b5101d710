"""Incidents at the desk: reported by one risk officer, decided on by another, appealed against.

Nobody decides on what they reported, nor on anybody they led then or since; an appeal is handled by
somebody who had no part in it. Every deed is one transaction with the messages it owes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bank.audit import Deed
from bank.calendar import load_calendar
from bank.cycle.appeals import (
    AppealRecord,
    appeal_id,
    appeals,
    decide_appeal,
    find_appeal,
    raise_appeal,
)
from bank.database import Database, Transaction
from bank.errors import UnknownStaffError
from bank.incidents import (
    CODES,
    IncidentRecord,
    appeal_against,
    decide_incident,
    find_incident,
    in_line,
    incident_id,
    incidents,
    report_incident,
)
from bank.outbox import put
from bank.people import Person, away, find_staff, holders
from bot.access import HANDLERS, NotYoursError, incident_of, permit, sees_incident
from bot.errors import Refusal
from bot.experts import find_present
from bot.incident_messages import asks_to_confirm, asks_to_handle, tells
from bot.text import visible
from scoring.periods import Period
from scoring.versions import PRODUCTS_OWN, Schemes

LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Report:
    """What a risk officer reports: about whom, what (CODES), when it was, and what proves it."""

    manager_id: str
    code: str
    event_on: date
    summary: str
    evidence: str
    clause: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident as somebody may see it.

    The manager is not told who reported and who confirmed it: both names are empty for them.
    """

    record: IncidentRecord
    manager: str
    reporter: str
    decider: str
    appeal: AppealRecord | None
    handler: str
    own: bool
    """Whether whoever looks is the manager it is about."""

    @property
    def state(self) -> str:
        """reported, confirmed, dismissed, or lifted by an appeal."""
        lifted = self.appeal is not None and self.appeal.state == "upheld"
        return "lifted" if lifted else self.record.state


class Incidents:
    """What is done with incidents. `actor` is the person of an envelope or of `--as`."""

    def __init__(self, database: Database, zone: ZoneInfo, schemes: Schemes = PRODUCTS_OWN) -> None:
        """Work by the dates of a time zone and the windows of the bank's schemes."""
        self._database = database
        self._zone = zone
        self._schemes = schemes

    def check_reporter(self, actor: Person, on: date) -> None:
        """Raise NotYoursError unless the actor may report incidents."""
        permit(actor, "report_incident", on)

    def report(self, actor: Person, report: Report, now: datetime) -> tuple[IncidentView, str]:
        """Report an incident; told again in the same words it is one.

        The second value is who is asked to confirm it, "" while there is nobody. Raises
        NotYoursError, Refusal.
        """
        on = self._day(now)
        permit(actor, "report_incident", on)
        summary, evidence = _words(report.summary), _words(report.evidence)
        _check_report(report, summary, evidence, on)
        with self._database.write() as tx:
            manager = _manager(tx, report.manager_id)
            _check_line(tx, actor, manager.id, report.event_on, on)
            clause = find_present(tx, report.clause.strip(), report.event_on)
            if clause is None:
                raise Refusal("incident.no_clause", clause=report.clause.strip()[:80])
            record = IncidentRecord(
                id="",
                manager_id=manager.id,
                code=report.code,
                veto=CODES[report.code],
                event_on=report.event_on,
                known_on=on,
                state="reported",
                reported_by=actor.id,
                summary=summary,
                evidence=evidence,
                policy=f"{clause.name.policy} {clause.passages[0].clause.label}",
            )
            record = replace(record, id=incident_id(record))
            second = _others(tx, record, ("risk",), on)[:1]
            put(tx, asks_to_confirm(record, second, now))
            report_incident(tx, record, Deed(actor.id, "report_incident", on, now))
            held = find_incident(tx, record.id) or record
            return _view(tx, actor, held), second[0].name if second else ""

    def confirm(self, actor: Person, incident: str, now: datetime) -> IncidentView:
        """Have it veto the period's grade, and tell the manager. Raises NotYoursError, Refusal."""
        return self._decide(actor, incident, ("confirmed", ""), now)

    def dismiss(self, actor: Person, incident: str, reason: str, now: datetime) -> IncidentView:
        """Have it never count. Raises NotYoursError, Refusal."""
        words = _words(reason)
        if not words:
            raise Refusal("incident.reason_missing")
        return self._decide(actor, incident, ("dismissed", words), now)

    def show(self, actor: Person, incident: str, on: date) -> IncidentView:
        """One incident. Raises NotYoursError."""
        with self._database.read() as tx:
            return _view(tx, actor, incident_of(tx, actor, "incidents", incident, on))

    def list(
        self, actor: Person, on: date, *, everything: bool = False
    ) -> tuple[IncidentView, ...]:
        """Those to be decided on, the longest known first; with `everything` all the actor may see.

        A manager sees those of their own that were confirmed.
        """
        permit(actor, "incidents", on)
        with self._database.read() as tx:
            if actor.role == "manager":
                found = incidents(tx, managers=[actor.id])
            else:
                found = incidents(tx) if everything else _open(tx)
            return tuple(_seen(tx, actor, found))

    def waiting(self, actor: Person, on: date) -> tuple[IncidentView, ...]:
        """Those that wait for the actor: to be confirmed, or with an appeal to be handled."""
        if actor.role not in HANDLERS:
            return ()
        with self._database.read() as tx:
            views = _seen(tx, actor, _open(tx))
            return tuple(view for view in views if not _part_in(tx, view, actor, on))

    def appeal(self, actor: Person, incident: str, claim: str, now: datetime) -> IncidentView:
        """Object to an incident, once and in time. Raises NotYoursError, Refusal."""
        on = self._day(now)
        words = _words(claim)
        if not words:
            raise Refusal("incident.claim_missing")
        with self._database.write() as tx:
            record = incident_of(tx, actor, "appeal_incident", incident, on)
            before = appeal_against(tx, record)
            if before is not None:
                if before.claim == words:
                    return _view(tx, actor, record)
                raise Refusal("incident.appealed")
            scheme = self._schemes.of_period(Period.containing(record.event_on))
            windows, calendar = scheme.cycle.windows, load_calendar(tx)
            last = calendar.add_business_days(record.decided_on or record.known_on, windows.appeal)
            if on > last:
                raise Refusal("incident.appeal_late", day=last.isoformat())
            period = Period.containing(record.event_on).id
            appeal = AppealRecord(
                id=appeal_id(actor.id, period, record.id),
                manager_id=actor.id,
                period=period,
                item=record.id,
                claim=words,
                state="open",
                raised_on=on,
                due_on=calendar.add_business_days(on, windows.decision),
            )
            put(tx, asks_to_handle(record, _others(tx, record, HANDLERS, on), now))
            raise_appeal(tx, appeal, Deed(actor.id, "appeal_incident", on, now))
            return _view(tx, actor, record)

    def decide(
        self, actor: Person, incident: str, reason: str, now: datetime, *, uphold: bool
    ) -> IncidentView:
        """Decide on an appeal: upheld, it lifts the veto. Raises NotYoursError, Refusal."""
        on = self._day(now)
        words = _words(reason)
        if not words:
            raise Refusal("incident.reason_missing")
        with self._database.write() as tx:
            record = incident_of(tx, actor, "decide_incident", incident, on)
            view = _view(tx, actor, record)
            appeal = view.appeal
            if appeal is None:
                raise Refusal("incident.no_appeal")
            state = "upheld" if uphold else "rejected"
            if (appeal.state, appeal.reason, appeal.handler_id) == (state, words, actor.id):
                return view
            if part := _part_in(tx, view, actor, on):
                raise Refusal(f"incident.{part}")
            after = replace(
                appeal,
                state=state,
                handler_id=actor.id,
                decided_on=on,
                reason=words,
                points=Decimal(0),
            )
            put(tx, [tells(record, record.manager_id, state, now)])
            if not decide_appeal(tx, appeal, after, Deed(actor.id, "decide_incident", on, now)):
                held = find_appeal(tx, appeal.id) or appeal
                name = find_staff(tx, held.handler_id).name if held.handler_id else ""
                raise Refusal("incident.appeal_decided", name=name)
            return _view(tx, actor, record)

    def _decide(
        self, actor: Person, incident: str, outcome: tuple[str, str], now: datetime
    ) -> IncidentView:
        on = self._day(now)
        state, reason = outcome
        with self._database.write() as tx:
            before = incident_of(tx, actor, "decide_incident", incident, on)
            decided = (before.state, before.reason, before.confirmed_by)
            if decided == (state, reason, actor.id):
                return _view(tx, actor, before)
            if actor.role != "risk":
                raise NotYoursError(incident)
            if part := _part_in(tx, _view(tx, actor, before), actor, on):
                raise Refusal(f"incident.{part}")
            after = replace(
                before, state=state, confirmed_by=actor.id, decided_on=on, reason=reason
            )
            told = [before.reported_by, *([before.manager_id] if state == "confirmed" else [])]
            put(tx, [tells(before, whom, state, now) for whom in told])
            if not decide_incident(tx, before, after, Deed(actor.id, "decide_incident", on, now)):
                raise _overtaken(tx, find_incident(tx, incident) or before)
            return _view(tx, actor, after)

    def _day(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()


def view_incident(tx: Transaction, person: Person, incident: str) -> IncidentView:
    """An incident that a message to somebody is about. Raises NotYoursError when it is gone."""
    found = find_incident(tx, incident)
    if found is None:
        raise NotYoursError(incident)
    return _view(tx, person, found)


def _words(text: str) -> str:
    return visible(text).strip()


def _check_report(report: Report, summary: str, evidence: str, on: date) -> None:
    if report.code not in CODES:
        raise Refusal("incident.no_code", code=report.code[:40])
    if not summary:
        raise Refusal("incident.summary_missing")
    if not evidence:
        raise Refusal("incident.evidence_missing")
    if max(len(summary), len(evidence)) > LONGEST_TEXT:
        raise Refusal("incident.text_long", limit=f"{LONGEST_TEXT:,}")
    if report.event_on > on:
        raise Refusal("incident.day_ahead")


def _manager(tx: Transaction, staff_id: str) -> Person:
    try:
        found = find_staff(tx, staff_id)
    except UnknownStaffError:
        raise Refusal("incident.no_manager", staff=staff_id[:64]) from None
    if found.role != "manager":
        raise Refusal("incident.no_manager", staff=staff_id[:64])
    return found


def _check_line(tx: Transaction, actor: Person, manager: str, since: date, on: date) -> None:
    if in_line(tx, actor.id, manager, since, on):
        raise Refusal("incident.own_line")


def _part_in(tx: Transaction, view: IncidentView, actor: Person, on: date) -> str:
    """How the actor is none to decide now: what they did in it, or that there is nothing left."""
    record, appeal = view.record, view.appeal
    if in_line(tx, actor.id, record.manager_id, record.event_on, on):
        return "own_line"
    if actor.id == record.reported_by:
        return "own_report"
    if record.state == "reported":
        return "" if actor.role == "risk" else "not_decided"
    if appeal is None or appeal.state != "open":
        return f"was_{view.state}"
    return "own_decision" if actor.id == record.confirmed_by else ""


def _open(tx: Transaction) -> tuple[IncidentRecord, ...]:
    """What is to be decided: incidents that were reported, and those appealed against."""
    appealed = {one.item for one in appeals(tx, state="open")}
    found = incidents(tx, states=("reported", "confirmed"))
    return tuple(one for one in found if one.state == "reported" or one.id in appealed)


def _others(
    tx: Transaction, record: IncidentRecord, roles: Iterable[str], on: date
) -> tuple[Person, ...]:
    """Whom to ask to decide: at work, without part in it, the roles in their order."""
    gone = away(tx, on)
    parts = {record.reported_by, record.confirmed_by, record.manager_id}
    known = [one for role in roles for one in holders(tx, role, on) if one.id not in parts]
    return tuple(
        one
        for one in known
        if one.id not in gone and not in_line(tx, one.id, record.manager_id, record.event_on, on)
    )


def _overtaken(tx: Transaction, held: IncidentRecord) -> Refusal:
    name = find_staff(tx, held.confirmed_by).name if held.confirmed_by else ""
    return Refusal("incident.decided_first", name=name)


def _seen(
    tx: Transaction, actor: Person, found: Iterable[IncidentRecord]
) -> Iterator[IncidentView]:
    """Those of some incidents that the actor may see."""
    for record in found:
        view = _view(tx, actor, record)
        if sees_incident(actor, record, view.appeal):
            yield view


def _view(tx: Transaction, actor: Person, record: IncidentRecord) -> IncidentView:
    own = actor.id == record.manager_id
    appeal = appeal_against(tx, record)
    decider = record.confirmed_by if record.confirmed_by and not own else None
    handler = appeal.handler_id if appeal else None
    return IncidentView(
        record,
        find_staff(tx, record.manager_id).name,
        "" if own else find_staff(tx, record.reported_by).name,
        find_staff(tx, decider).name if decider else "",
        appeal,
        find_staff(tx, handler).name if handler else "",
        own,
    )
