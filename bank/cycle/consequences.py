"""What published grades entail: each with an owner, a due day where there is one, and an end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, delete, func, select, true, update

from bank.audit import Deed, record_deed
from bank.cycle.inputs import SETTLED, result_of
from bank.cycle.records import AppraisalRecord, appraisals
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Consequence, TrainingResult
from bank.upsert import insert_new
from scoring.consequences import Outcome
from scoring.cycle import kind_of


@dataclass(frozen=True, slots=True)
class Follow:
    """Something that follows: "eligibility", "pool" or "training", and what is said of it.

    `state` is "open", "done" (met, or confirmed) or "unmet".
    """

    appraisal_id: str
    kind: str
    manager_id: str
    owner_id: str | None
    state: str
    given_on: date
    due_on: date | None
    facts: Mapping[str, Any]
    decided_by: str | None = None
    decided_on: date | None = None


def quarters_of(tx: Transaction, manager: str, through: str) -> tuple[Outcome, ...]:
    """A manager's published quarters up to one, the oldest first."""
    found = appraisals(tx, states=SETTLED, managers=[manager])
    outcomes = []
    for one in found:
        result = result_of(one)
        if kind_of(one.period) == "quarter" and one.period <= through and result is not None:
            outcomes.append(Outcome(one.period, result.grade, bool(result.veto)))
    return tuple(sorted(outcomes, key=lambda each: each.period))


def follow_up(
    tx: Transaction, record: AppraisalRecord, wanted: Sequence[Follow], deed: Deed
) -> None:
    """Write what follows from an appraisal's grade in place of what is still open of it."""
    theirs = Consequence.appraisal_id == record.id
    kept = {
        one.kind for one in consequences(tx, managers=[record.manager_id]) if one.state != "open"
    }
    tx.execute(delete(Consequence).where(theirs, Consequence.state == "open"))
    new = [_row(one) for one in wanted if one.kind not in kept or one.appraisal_id != record.id]
    insert_new(tx, Consequence, new)
    record_deed(tx, deed, f"consequence:{record.id}", {"kinds": [one.kind for one in wanted]})


def consequences(
    tx: Transaction,
    *,
    managers: Collection[str] | None = None,
    kinds: Collection[str] = (),
    state: str = "",
) -> tuple[Follow, ...]:
    """What follows for some managers (all, without), the newest last."""
    wanted = and_(
        Consequence.manager_id.in_(managers) if managers is not None else true(),
        Consequence.kind.in_(kinds) if kinds else true(),
        Consequence.state == state if state else true(),
    )
    rows = tx.execute(
        select(*Consequence.__table__.columns)
        .where(wanted)
        .order_by(Consequence.given_day, Consequence.manager_id, Consequence.kind)
    ).mappings()
    return tuple(_follow(dict(row)) for row in rows)


def close_follow(tx: Transaction, before: Follow, state: str, deed: Deed) -> bool:
    """End something that follows, as "done" or "unmet"; False when it is not open."""
    named = and_(
        Consequence.appraisal_id == before.appraisal_id,
        Consequence.kind == before.kind,
        Consequence.state == "open",
    )
    person = None if deed.actor_id == "daybook" else deed.actor_id
    values = {"state": state, "decided_by": person, "decided_day": number(deed.on)}
    if tx.execute(update(Consequence).where(named).values(**values)).rowcount != 1:
        return False
    subject = f"consequence:{before.appraisal_id}:{before.kind}"
    record_deed(tx, deed, subject, {"state": state})
    return True


def assign_courses(tx: Transaction, plan: Follow) -> None:
    """Make a training plan's courses owed: they are mandatory, and count in the exams' figure."""
    rows = [
        {
            "manager_id": plan.manager_id,
            "course": course,
            "attempt": 1,
            "due_day": number(plan.due_on or plan.given_on),
            "taken_day": None,
            "score": None,
            "kind": kind,
        }
        for kind, course in plan.facts["courses"].items()
    ]
    insert_new(tx, TrainingResult, rows)


def passed(tx: Transaction, plan: Follow, pass_from: int) -> frozenset[str]:
    """The courses of a plan that were passed in time."""
    rows = tx.scalars(
        select(TrainingResult.course)
        .where(
            TrainingResult.manager_id == plan.manager_id,
            TrainingResult.course.in_(list(plan.facts["courses"].values())),
            TrainingResult.taken_day <= number(plan.due_on or plan.given_on),
        )
        .group_by(TrainingResult.course)
        .having(func.max(TrainingResult.score) >= pass_from)
    )
    return frozenset(rows)


def met(tx: Transaction, plan: Follow, pass_from: int) -> bool:
    """Whether every course of a plan was passed in time."""
    return passed(tx, plan, pass_from) == frozenset(plan.facts["courses"].values())


def _row(one: Follow) -> dict[str, Any]:
    return {
        "appraisal_id": one.appraisal_id,
        "kind": one.kind,
        "manager_id": one.manager_id,
        "owner_id": one.owner_id,
        "state": one.state,
        "given_day": number(one.given_on),
        "due_day": number(one.due_on) if one.due_on else None,
        "facts": dict(one.facts),
        "decided_by": one.decided_by,
        "decided_day": number(one.decided_on) if one.decided_on else None,
    }


def _follow(row: Mapping[str, Any]) -> Follow:
    held = dict(row)
    given, due, decided = (held.pop(name) for name in ("given_day", "due_day", "decided_day"))
    return Follow(
        **held,
        given_on=day_of(given),
        due_on=None if due is None else day_of(due),
        decided_on=None if decided is None else day_of(decided),
    )
