"""What a published grade entails, given out with it: eligibility, the pool, a training plan."""

from collections.abc import Mapping

from bank.audit import Deed
from bank.cycle.consequences import Follow, assign_courses, follow_up, quarters_of
from bank.cycle.inputs import result_of
from bank.cycle.moves import House
from bank.cycle.records import AppraisalRecord
from bank.database import Transaction
from bank.outbox import put
from bank.people import find_staff, holders, superiors
from jobs.cycle import trains
from scoring.consequences import Follows, follows, training_due
from scoring.grades import NOT_GRADED
from scoring.scheme import Scheme


def follow_published(tx: Transaction, record: AppraisalRecord, house: House, deed: Deed) -> None:
    """Write what follows from an appraisal's grade, and owe the messages of it.

    Asked again after an appeal, it replaces what is still open.
    """
    result = result_of(record)
    if result is None or result.grade == NOT_GRADED:
        return
    quarters = quarters_of(tx, record.manager_id, record.period)
    entailed = follows(
        house.scheme.cycle,
        result.grade,
        result.veto,
        quarters if record.kind == "quarter" else (),
    )
    wanted = [_eligibility(tx, record, entailed, house.scheme, deed)]
    if entailed.pool:
        streak = house.scheme.cycle.streak_grade
        top = [one.period for one in quarters if one.grade == streak and not one.vetoed]
        facts = {"quarters": top[-house.scheme.cycle.streak_quarters :]}
        wanted.append(_follow(tx, record, "pool", facts, deed))
    if entailed.training:
        plan = _training(tx, record, house, deed)
        assign_courses(tx, plan)
        put(tx, [trains(plan, plan.manager_id, "given", deed.at)])
        wanted.append(plan)
    follow_up(tx, record, wanted, deed)


def coefficient(scheme: Scheme, grade: str, veto: str) -> str:
    """What pay is multiplied by for a grade, as text; "" for who is not graded."""
    if grade == NOT_GRADED:
        return ""
    if veto in scheme.veto_coefficients:
        return str(scheme.veto_coefficients[veto])
    return next(str(one.coefficient) for one in scheme.grades if one.id == grade)


def _eligibility(
    tx: Transaction, record: AppraisalRecord, entailed: Follows, scheme: Scheme, deed: Deed
) -> Follow:
    result = result_of(record)
    grade, veto = (result.grade, result.veto) if result else (NOT_GRADED, "")
    facts = {
        "grade": grade,
        "coefficient": coefficient(scheme, grade, veto),
        "commission_pct": scheme.pay.commission_pct.get(grade, 0),
        "promotion": entailed.promotion,
        "development": entailed.development,
    }
    return _follow(tx, record, "eligibility", facts, deed)


def _follow(
    tx: Transaction, record: AppraisalRecord, kind: str, facts: Mapping[str, object], deed: Deed
) -> Follow:
    """Something that HR sees to."""
    officers = holders(tx, "hr", deed.on)
    owner = officers[0].id if officers else None
    return Follow(record.id, kind, record.manager_id, owner, "open", deed.on, None, facts)


def _training(tx: Transaction, record: AppraisalRecord, house: House, deed: Deed) -> Follow:
    """A plan that the superior sees to, and the days on which it is called to mind."""
    rules = house.scheme.cycle.training
    due, days = training_due(rules, deed.on, house.calendar.add_business_days)
    leads = superiors(tx, find_staff(tx, record.manager_id).unit_id, deed.on)
    facts = {
        "courses": {kind: f"{name} {record.period}" for kind, name in rules.courses.items()},
        "reminders": {
            str(before): day.isoformat() for before, day in zip(rules.reminders, days, strict=True)
        },
    }
    owner = leads[0].id if leads else None
    return Follow(record.id, "training", record.manager_id, owner, "open", deed.on, due, facts)
