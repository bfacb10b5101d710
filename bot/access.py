"""Who may do and see what: the only place that decides it.

Every deed has its roles here; whose figures somebody may see is decided by `kpi_subject`, those of
which unit by `unit_subject`, which clients by `check_client`, whom somebody may rate by
`rating_subject`, what part they have in an appraisal by `parts_in`, whose targets they sign by
`target_sides`, and which tickets and verified answers are somebody's by `ticket_of` and
`verified_of`.
"Not yours" and "does not exist" are one answer, so that nobody learns who works here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bank.briefs import keepers
from bank.cascade import parent_of, unit_of
from bank.cycle.appeals import AppealRecord
from bank.cycle.records import AppraisalRecord, appraisal_id, find_appraisal
from bank.database import Transaction
from bank.errors import UnknownStaffError
from bank.incidents import IncidentRecord, appeal_against, find_incident
from bank.people import Person, find_staff, holders, superiors, units_above, units_below
from bank.policies import PolicyRecord, policy_versions
from bank.targets import Holder, Side
from bank.tickets import TicketRecord, find_ticket
from bank.verified import VerifiedRecord, find_verified
from scoring.cycle import Part

EVERYONE: Final = frozenset({"manager", "team_lead", "risk", "compliance", "hr", "operator"})
_MANAGERS: Final = frozenset({"manager"})
_RISK: Final = frozenset({"risk"})
_SIGNERS: Final = frozenset({"manager", "team_lead", "hr"})
HANDLERS: Final = ("risk", "compliance", "hr")
"""Who may handle an appeal against an incident, first those asked first."""
_PARTS: Final[Mapping[str, frozenset[Part]]] = {
    "risk": frozenset({"risk"}),
    "hr": frozenset({"hr"}),
    "compliance": frozenset({"compliance"}),
    "operator": frozenset({"operator"}),
}

DEEDS: Final[Mapping[str, frozenset[str]]] = {
    "ask": EVERYONE,
    "sources": EVERYONE,
    "policies": EVERYONE,
    "confirm": frozenset({"compliance"}),
    "tickets": EVERYONE,
    "open_ticket": EVERYONE,
    "answer_ticket": EVERYONE,
    "assign_ticket": EVERYONE,
    "approve_answer": frozenset({"compliance"}),
    "decline_answer": frozenset({"compliance"}),
    "withdraw_answer": EVERYONE,
    "feedback": EVERYONE,
    "export_audit": frozenset({"compliance"}),
    "remove_audit": frozenset({"compliance"}),
    "restart_audit": frozenset({"compliance", "operator"}),
    "report_answers": frozenset({"compliance"}),
    "report_unit": frozenset({"team_lead", "hr"}),
    "kpi": frozenset({"manager", "team_lead", "hr"}),
    "brief": frozenset({"manager", "team_lead"}),
    "rate": frozenset({"team_lead", "risk"}),
    "incidents": frozenset({"manager", *HANDLERS}),
    "report_incident": _RISK,
    "decide_incident": frozenset(HANDLERS),
    "appeal_incident": _MANAGERS,
    "check_classes": _RISK,
    "targets": _SIGNERS,
    "propose_target": _SIGNERS,
    "sign_target": _SIGNERS,
    "decline_target": _SIGNERS,
    "allow_target": frozenset({"hr"}),
    "appraisal": EVERYONE,
    "open_appraisals": frozenset({"hr"}),
    "adjust_appraisals": frozenset({"hr"}),
    "advance_appraisals": frozenset({"hr", "operator"}),
    "day": _MANAGERS,
    "log_visit": _MANAGERS,
    "answer_warning": _MANAGERS,
    "snooze": _MANAGERS,
}
"""What can be done at the desk, and by whom."""


class NotYoursError(Exception):
    """The deed, or the person asked about, is not the actor's to do or see."""


def permit(actor: Person, deed: str, on: date) -> None:
    """Raise NotYoursError unless the actor works here on the day and their role allows the deed."""
    if not actor.active_on(on) or actor.role not in DEEDS[deed]:
        raise NotYoursError(deed)


def kpi_subject(tx: Transaction, actor: Person, subject_id: str, on: date) -> Person:
    """The manager whose appraisal the actor may see: their own, their subtree's, or (HR) anyone's.

    Raises NotYoursError alike for a person who does not exist and one who is not theirs.
    """
    permit(actor, "kpi", on)
    subject = _find(tx, subject_id)
    if subject.role != "manager" or not _may_see(tx, actor, subject):
        raise NotYoursError(subject_id)
    return subject


def unit_subject(tx: Transaction, actor: Person, unit_id: str, on: date) -> str:
    """The id of a unit whose business the actor may see: of their own subtree, or (HR) any.

    Raises NotYoursError alike for a unit that does not exist.
    """
    permit(actor, "report_unit", on)
    led = actor.role == "hr" or unit_id in units_below(tx, actor.unit_id)
    if not led or unit_id not in units_below(tx, unit_id):
        raise NotYoursError(unit_id)
    return unit_id


def clients_hidden(actor: Person, subject: Person, *, masked: bool) -> bool:
    """Whether an appraisal keeps its clients' names from the actor, where the bank has them masked.

    A manager sees their own.
    """
    return masked and actor.id != subject.id


def check_client(tx: Transaction, actor: Person, client_id: str, on: date) -> None:
    """A client's data is for the managers who look after it on the day, and for their leads.

    Raises NotYoursError alike for a client that does not exist.
    """
    permit(actor, "brief", on)
    kept = keepers(tx, client_id, on)
    if any(keeper.id == actor.id for keeper in kept):
        return
    below = units_below(tx, actor.unit_id) if actor.role == "team_lead" else frozenset()
    if not any(keeper.unit_id in below for keeper in kept):
        raise NotYoursError(client_id)


def rating_subject(tx: Transaction, actor: Person, subject_id: str, kind: str, on: date) -> Person:
    """The manager whom the actor may rate: their own lead as superior, any risk officer for risk.

    Raises NotYoursError alike for a person who does not exist.
    """
    permit(actor, "rate", on)
    subject = _find(tx, subject_id)
    if kind == "superior":
        rates = actor.id in {lead.id for lead in superiors(tx, subject.unit_id, on)}
    else:
        rates = kind == "risk" == actor.role
    if subject.role != "manager" or not rates:
        raise NotYoursError(subject_id)
    return subject


def parts_in(tx: Transaction, actor: Person, manager: Person, on: date) -> frozenset[Part]:
    """What somebody is to a manager's appraisal; nobody is anything more than that to their own."""
    if actor.id == manager.id:
        return frozenset({"manager"})
    if actor.role == "team_lead":
        if actor.id in {lead.id for lead in superiors(tx, manager.unit_id, on)}:
            return frozenset({"superior"})
        below = manager.unit_id in units_below(tx, actor.unit_id)
        return frozenset({"head"}) if below else frozenset()
    return _PARTS.get(actor.role, frozenset())


def appraisal_of(
    tx: Transaction, actor: Person, period: str, manager_id: str, on: date
) -> tuple[AppraisalRecord, frozenset[Part]]:
    """A manager's appraisal that the actor has a part in, and which.

    What each part may do is the machine's to say (scoring/cycle). Raises NotYoursError alike for
    one that was not begun, and for a person who does not exist.
    """
    permit(actor, "appraisal", on)
    manager = _find(tx, manager_id)
    parts = parts_in(tx, actor, manager, on)
    found = find_appraisal(tx, appraisal_id(period, manager_id))
    if found is None or not parts:
        raise NotYoursError(manager_id)
    return found, parts


def may_see_result(record: AppraisalRecord, parts: frozenset[Part], *, handles: bool) -> bool:
    """Whether somebody may see an appraisal's figures.

    The manager, their leads and HR do; the risk department while it confirms; and whoever
    `handles` an appeal against them.
    """
    if parts & {"manager", "superior", "head", "hr"} or handles:
        return True
    return "risk" in parts and record.state == "prelim"


def target_sides(
    tx: Transaction, actor: Person, deed: str, holder: Holder, on: date
) -> frozenset[Side]:
    """The sides on which the actor signs a holder's targets; none for who only may see them.

    Below stands the manager, or whoever leads the unit; above their next lead, and HR where there
    is none. Everybody who leads them may see, and HR. Raises NotYoursError alike for a holder that
    does not exist.
    """
    permit(actor, deed, on)
    above, below = signers(tx, holder, on)
    sides: set[Side] = set()
    if actor.id in {one.id for one in above}:
        sides.add("above")
    if actor.id in {one.id for one in below}:
        sides.add("below")
    unit = unit_of(tx, holder)
    led = actor.role == "team_lead" and unit in units_below(tx, actor.unit_id)
    if unit is None or not (sides or led or actor.role == "hr"):
        raise NotYoursError(holder.id)
    return frozenset(sides)


def signers(
    tx: Transaction, holder: Holder, on: date
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Who may sign a holder's targets on a day, above and below."""
    unit = unit_of(tx, holder)
    if unit is None:
        return (), ()
    below: tuple[Person, ...] = (_find(tx, holder.id),) if holder.kind == "manager" else ()
    start: str | None = unit
    if holder.kind == "unit":
        leads = holders(tx, "team_lead", on)
        below = tuple(one for one in leads if one.unit_id == unit)
        start = parent_of(tx, unit)
    above = superiors(tx, start, on) if start else ()
    return above or holders(tx, "hr", on), below


def ticket_of(tx: Transaction, actor: Person, deed: str, ticket_id: str, on: date) -> TicketRecord:
    """The ticket that the actor may answer or give away: its owner, or anybody in compliance.

    Whoever asked it may only see it ("tickets"). Raises NotYoursError alike for one that does not
    exist.
    """
    permit(actor, deed, on)
    ticket = find_ticket(tx, ticket_id)
    if ticket is None:
        raise NotYoursError(ticket_id)
    asked = ticket.asker_id == actor.id
    if not (asked and deed == "tickets"):
        theirs = ticket.owner_id == actor.id or actor.role == "compliance"
        if asked or not theirs:
            raise NotYoursError(ticket_id)
    return ticket


def verified_of(
    tx: Transaction, actor: Person, deed: str, verified_id: str, on: date
) -> VerifiedRecord:
    """The verified answer that the actor may see or decide on: compliance's, or their own.

    Nobody approves or declines what they wrote; that is refused where it is done, not hidden.
    Raises NotYoursError alike for one that does not exist.
    """
    permit(actor, deed, on)
    found = find_verified(tx, verified_id)
    if found is None or (actor.id != found.author_id and actor.role != "compliance"):
        raise NotYoursError(verified_id)
    return found


def incident_of(
    tx: Transaction, actor: Person, deed: str, incident_id: str, on: date
) -> IncidentRecord:
    """The incident that the actor may see or act on.

    That they had a part in it is refused where it is done, not hidden. Raises NotYoursError alike
    for one that does not exist.
    """
    permit(actor, deed, on)
    found = find_incident(tx, incident_id)
    if found is None or not sees_incident(actor, found, appeal_against(tx, found)):
        raise NotYoursError(incident_id)
    return found


def sees_incident(actor: Person, incident: IncidentRecord, appeal: AppealRecord | None) -> bool:
    """Risk sees every incident, a manager their own once confirmed, others what is appealed."""
    if actor.id == incident.manager_id:
        return actor.role == "manager" and incident.state == "confirmed"
    return actor.role == "risk" or (actor.role in HANDLERS and appeal is not None)


def _find(tx: Transaction, staff_id: str) -> Person:
    try:
        return find_staff(tx, staff_id)
    except UnknownStaffError:
        raise NotYoursError(staff_id) from None


def _may_see(tx: Transaction, actor: Person, subject: Person) -> bool:
    if actor.id == subject.id or actor.role == "hr":
        return True
    return actor.role == "team_lead" and subject.unit_id in units_below(tx, actor.unit_id)


def policy_roles(actor: Person, *, shared: bool) -> frozenset[str]:
    """The roles whose policies an answer may quote.

    In a `shared` place, a channel, others read along: only what every role may see.
    """
    return frozenset() if shared else frozenset({actor.role})


def may_read(tx: Transaction, person: Person, policy: PolicyRecord) -> bool:
    """Whether somebody may read a policy, where nobody reads along."""
    roles = policy_roles(person, shared=False)
    return policy.open_to(roles, policy_units(tx, person, shared=False))


def readable_clause(
    tx: Transaction, person: Person, reference: str, on: date
) -> tuple[str, str] | None:
    """The title and label of "policy-id label", the policy as in force on the day.

    None when there is none that somebody may read.
    """
    policy, _, label = reference.partition(" ")
    in_force = (one for one in policy_versions(tx, policy) if one.in_force(on))
    version = next((one for one in in_force if may_read(tx, person, one)), None)
    return (version.title, label) if version else None


def policy_units(tx: Transaction, actor: Person, *, shared: bool) -> frozenset[str]:
    """The units whose policies an answer may quote: the actor's own and every one above it.

    In a `shared` place only policies for the whole bank may be.
    """
    return frozenset() if shared else units_above(tx, actor.unit_id)
