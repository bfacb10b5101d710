"""Compliance incidents: reported by one person of the risk department, decided on by another.

reported → confirmed | dismissed. Only a confirmed one is a veto, for the period it happened in,
from the day it was decided on; and no more once an appeal against it is upheld (bank/cycle).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, true, update

from bank.audit import Deed, record_change
from bank.cycle.appeals import AppealRecord, appeals
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Appeal, Incident, StaffUnit
from bank.people import find_staff, units_above
from bank.seals import plain_digest
from bank.upsert import insert_new
from scoring.grades import Veto
from scoring.periods import Period

CODES: Mapping[str, str] = {
    "false_materials": "V1",
    "unauthorised_sale": "V1",
    "aml_failure": "V1",
    "major_breach": "V1",
    "loss": "V2",
}
"""What can have happened, and the veto it carries once confirmed."""


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """An incident; `code` is empty for one that another system sent.

    `confirmed_by` is who confirmed or dismissed it, on `decided_on`; `reason` says why it was
    dismissed. `policy` is the clause it breaks, as "policy-id clause".
    """

    id: str
    manager_id: str
    code: str
    veto: str
    event_on: date
    known_on: date
    state: str
    reported_by: str
    summary: str
    evidence: str
    policy: str
    confirmed_by: str | None = None
    decided_on: date | None = None
    reason: str = ""


def incident_id(record: IncidentRecord) -> str:
    """The id of a report: told twice in the same words it is one."""
    told = (record.manager_id, record.code, record.event_on.isoformat(), record.summary)
    return plain_digest(["incident", record.reported_by, *told])[:16]


def vetoes(tx: Transaction, period: Period, as_of: date) -> Mapping[str, tuple[Veto, ...]]:
    """Every manager's vetoes for a period: happened in it, and confirmed by the end of `as_of`."""
    day = number(as_of)
    decided = func.coalesce(Incident.decided_day, Incident.known_day)
    lifted = exists().where(
        Appeal.manager_id == Incident.manager_id,
        Appeal.item == Incident.id,
        Appeal.state == "upheld",
        Appeal.decided_day <= day,
    )
    statement = (
        select(
            Incident.manager_id,
            Incident.veto,
            Incident.id,
            Incident.event_day,
            Incident.known_day,
            Incident.summary,
            Incident.policy,
        )
        .where(
            Incident.state == "confirmed",
            Incident.event_day.between(number(period.first), number(period.last)),
            Incident.known_day <= day,
            decided <= day,
            ~lifted,
        )
        .order_by(Incident.id)
    )
    found: defaultdict[str, list[Veto]] = defaultdict(list)
    for manager, code, incident, event, known, summary, policy in tx.execute(statement):
        found[manager].append(Veto(code, incident, day_of(event), day_of(known), summary, policy))
    return {manager: tuple(incidents) for manager, incidents in found.items()}


def report_incident(tx: Transaction, record: IncidentRecord, deed: Deed) -> bool:
    """Write a report down; False, and nothing written, when it was told before."""
    if insert_new(tx, Incident, [_row(record)]) == 0:
        return False
    record_change(tx, deed, ("incident", record.id), ("", "reported"), _content(record))
    return True


def decide_incident(
    tx: Transaction, before: IncidentRecord, after: IncidentRecord, deed: Deed
) -> bool:
    """Confirm or dismiss an incident, as `after` says; False when it is not reported any more.

    What another system sent is Daybook's from then on: no drop undoes the decision.
    """
    names = ("state", "confirmed_by", "decided_day", "reason", "batch_id")
    values = {name: value for name, value in _row(after).items() if name in names}
    unchanged = and_(Incident.id == before.id, Incident.state == "reported")
    if tx.execute(update(Incident).where(unchanged).values(**values)).rowcount != 1:
        return False
    states = (before.state, after.state)
    record_change(tx, deed, ("incident", before.id), states, _content(after))
    return True


def find_incident(tx: Transaction, incident: str) -> IncidentRecord | None:
    """The incident of an id, or None."""
    found = _incidents(tx, Incident.id == incident)
    return found[0] if found else None


def incidents(
    tx: Transaction, *, managers: Collection[str] | None = None, states: Collection[str] = ()
) -> tuple[IncidentRecord, ...]:
    """Incidents of some managers (all, without) in some states, the longest known first."""
    return _incidents(
        tx,
        and_(
            Incident.manager_id.in_(managers) if managers is not None else true(),
            Incident.state.in_(states) if states else true(),
        ),
    )


def appeal_against(tx: Transaction, record: IncidentRecord) -> AppealRecord | None:
    """The manager's appeal against an incident, whatever became of it."""
    found = appeals(tx, managers=[record.manager_id])
    return next((one for one in found if one.item == record.id), None)


def in_line(tx: Transaction, staff_id: str, manager_id: str, since: date, on: date) -> bool:
    """Whether somebody is the manager, or led them on some day from `since` to `on`."""
    if staff_id == manager_id:
        return True
    first, last = number(since), number(on)

    def spans(person: str) -> ColumnElement[bool]:
        during = and_(StaffUnit.from_day <= last, StaffUnit.to_day > first)
        return and_(StaffUnit.staff_id == person, during)

    led = tx.scalars(
        select(StaffUnit.unit_id).where(spans(staff_id), StaffUnit.role == "team_lead")
    )
    units = {find_staff(tx, manager_id).unit_id}
    units.update(tx.scalars(select(StaffUnit.unit_id).where(spans(manager_id))))
    above = {one for unit in units for one in units_above(tx, unit)}
    return not above.isdisjoint(led)


def _content(record: IncidentRecord) -> Mapping[str, Any]:
    """What the log fingerprints of it."""
    names = ("manager_id", "veto", "code", "summary", "evidence", "policy", "reason")
    return {name: getattr(record, name) for name in names}


DAYS = {"event_on": "event_day", "known_on": "known_day", "decided_on": "decided_day"}


def _row(record: IncidentRecord) -> dict[str, Any]:
    row: dict[str, Any] = {**asdict(record), "batch_id": None}
    for name, column in DAYS.items():
        day = row.pop(name)
        row[column] = None if day is None else number(day)
    return row


def _incidents(tx: Transaction, which: ColumnElement[bool]) -> tuple[IncidentRecord, ...]:
    rows = tx.execute(
        select(*Incident.__table__.columns).where(which).order_by(Incident.known_day, Incident.id)
    )
    return tuple(_record(dict(row)) for row in rows.mappings())


def _record(held: dict[str, Any]) -> IncidentRecord:
    del held["batch_id"]
    for name, column in DAYS.items():
        day = held.pop(column)
        held[name] = None if day is None else day_of(day)
    return IncidentRecord(**held)
