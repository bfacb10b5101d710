"""An appraisal as somebody may see it: what is theirs to know in its state, and to do."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bank.cycle.appeals import AppealRecord, appeals
from bank.cycle.consequences import Follow, consequences
from bank.cycle.inputs import SETTLED as TOLD
from bank.cycle.inputs import result_of
from bank.cycle.records import AppraisalRecord, Entry, Step, appraisals, entries, steps
from bank.cycle.standing import blockers
from bank.database import Transaction
from bank.people import Person, find_staff
from bot.access import may_see_result
from scoring.cycle import Part, possible
from scoring.periods import Period
from scoring.results import Result


@dataclass(frozen=True, slots=True)
class AppraisalView:
    """An appraisal as somebody may see it.

    `result` is None before there is one, and for who may not see it yet. `late` are indicators
    whose figures keep it from going on. `may` are the deeds that are theirs in its state.
    """

    record: AppraisalRecord
    manager: Person
    parts: frozenset[Part]
    result: Result | None
    entries: tuple[Entry, ...]
    steps: tuple[Step, ...]
    appeals: tuple[AppealRecord, ...]
    follows: tuple[Follow, ...]
    late: tuple[str, ...]
    may: tuple[str, ...]
    peers: tuple[Decimal, ...] = ()
    """The published scores of the period, nobody's name with them."""


def view(
    tx: Transaction, actor: Person, record: AppraisalRecord, parts: frozenset[Part], on: date
) -> AppraisalView:
    """An appraisal as somebody may see it."""
    objections = appeals(tx, managers=[record.manager_id], period=record.period)
    handles = any(one.handler_id == actor.id for one in objections)
    seen = may_see_result(record, parts, handles=handles)
    own = parts == {"manager"}
    result = result_of(record) if seen else None
    if own and record.state in ("rating", "calibration", "approved"):
        result = None  # what the committee is at is told when it is published
    said = entries(tx, [record.id]).get(record.id, ()) if seen else ()
    period = Period.parse(record.period)
    late: tuple[str, ...] = ()
    if record.state == "data_freeze":
        late = blockers(tx, period, [record.manager_id], on).get(record.manager_id, ())
    follows = consequences(tx, managers=[record.manager_id]) if seen else ()
    return AppraisalView(
        record,
        find_staff(tx, record.manager_id),
        parts,
        result,
        tuple(one for one in said if not own or _for_the_manager(one, record)),
        steps(tx, record.id) if seen else (),
        objections if seen else (),
        tuple(one for one in follows if one.appraisal_id == record.id),
        late,
        possible(record.kind, record.state, parts),
        _peers(tx, record.period) if own else (),
    )


def _peers(tx: Transaction, period: str) -> tuple[Decimal, ...]:
    results = (result_of(one) for one in appraisals(tx, period=period, states=TOLD))
    return tuple(one.score for one in results if one is not None and one.score is not None)


def _for_the_manager(entry: Entry, record: AppraisalRecord) -> bool:
    """Raters' abstentions are theirs; a moved grade is told once it is published."""
    if entry.kind == "abstain":
        return False
    return entry.kind != "grade" or record.state in TOLD
