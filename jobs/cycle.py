"""The appraisal's clock: one rule a state, looked at for all of them; and whom to tell what.

Each morning, after each import and after each run of scores, what the clock may move is moved
(scoring.cycle.TIMERS). What waits for somebody is said once when it begins, and again on the last
day and every business day after it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bank import outbox, schedule
from bank.audit import Deed
from bank.calendar import Calendar, load_calendar
from bank.chain import HOUSE
from bank.cycle.consequences import Follow, close_follow, consequences, met
from bank.cycle.inputs import last_scored
from bank.cycle.moves import Doing, House, move
from bank.cycle.records import AppraisalRecord, appraisals, find_appraisal
from bank.cycle.waiting import LIVE, Waiting, waiting, waiting_for
from bank.database import Database, Transaction
from bank.errors import UnknownStaffError
from bank.outbox import OutboxItem, OutboxRow
from bank.people import find_staff
from jobs import hours
from scoring.cycle import TIMERS, State
from scoring.cycle_rules import TrainingRules
from scoring.periods import Period
from scoring.versions import Schemes

KINDS: Final = frozenset({"appraisal", "appraisal_todo", "training"})
"""The messages about appraisals."""
PUSHES: Final = KINDS
"""All of them keep to people's hours."""
AT_ONCE: Final = 500
"""Appraisals that one transaction moves."""
NEWS: Final[Mapping[State, str]] = {
    "prelim": "prelim",
    "confirmed": "confirmed",
    "published": "published",
}
"""The states a manager is told of."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is looked at, and by which calendar."""

    now: datetime
    on: date
    calendar: Calendar


def advance_when_due(db: Database, now: datetime, zone: ZoneInfo, schemes: Schemes) -> int:
    """Move what the clock may move, on whichever replica; how many appraisals moved."""
    on = now.astimezone(zone).date()
    with db.read() as tx:
        due = [one for one in _moments(tx, now, zone) if not schedule.fired(tx, *one)]
        if not due:
            return 0
        moment = Moment(now, on, load_calendar(tx))
    moved = _advance(db, moment, schemes)
    _train(db, moment, schemes.on(on).cycle.training)
    with db.write() as tx:
        outbox.put(tx, _reminders(tx, moment))
        for name, fired_at in due:
            schedule.fire(tx, name, fired_at, now)
    return moved


def announce(
    tx: Transaction, moved: Sequence[AppraisalRecord], on: date, now: datetime
) -> list[OutboxRow]:
    """What people are told of appraisals that came into another state just now."""
    rows = [tells(one, NEWS[one.state], now) for one in moved if one.state in NEWS]
    return [*rows, *_asks(waiting(tx, on, moved), on, now)]


def tells(record: AppraisalRecord, news: str, now: datetime, about: str = "") -> OutboxRow:
    """News of an appraisal for its manager: theirs alone."""
    facts: Mapping[str, object] = {"appraisal": record.id, "news": news, "about": about}
    key = f"appraisal:{record.id}:{news}{about and ':' + about}"
    return OutboxRow(key, record.manager_id, "appraisal", "personal", "blue", facts, now)


def trains(plan: Follow, whom: str, stage: str, now: datetime) -> OutboxRow:
    """News of a training plan: "given", days before its end, or "unmet" for the superior."""
    facts: Mapping[str, object] = {
        "appraisal": plan.appraisal_id,
        "stage": stage,
        "manager": plan.manager_id,
    }
    key = f"training:{plan.appraisal_id}:{stage}:{whom}"
    severity = "yellow" if stage in ("1", "unmet") else "blue"
    return OutboxRow(key, whom, "training", "personal", severity, facts, now)


def still_holds(tx: Transaction, item: OutboxItem, on: date) -> Mapping[str, object] | None:
    """The facts of such a message as it leaves; None when nothing of it is left to say."""
    try:
        here = find_staff(tx, item.recipient).active_on(on)
    except UnknownStaffError:
        return None
    return item.payload if here and _holds(tx, item, on) else None


def _holds(tx: Transaction, item: OutboxItem, on: date) -> bool:
    facts = item.payload
    if item.kind == "appraisal_todo":
        named = (facts["period"], facts["stage"])
        theirs = waiting_for(tx, item.recipient, on)
        return any((one.record.period, one.stage) == named for one in theirs)
    record = find_appraisal(tx, str(facts["appraisal"]))
    if item.kind == "training" and facts["stage"] != "unmet":
        plans = consequences(tx, managers=[str(facts["manager"])], kinds=["training"], state="open")
        return any(one.appraisal_id == facts["appraisal"] for one in plans)
    return record is not None


def _moments(tx: Transaction, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
    """The moments that call for a look: this morning, the newest import, the newest scores."""
    morning = hours.moment(now.astimezone(zone).date(), hours.OPENS, zone)
    found = (
        ("appraisals", morning),
        ("appraisals_import", schedule.last_import(tx)),
        ("appraisals_scores", last_scored(tx)),
    )
    for name, at in found:
        if at is not None and at <= now:
            yield name, at


def _advance(db: Database, moment: Moment, schemes: Schemes) -> int:
    """Each state's timer in the order of the states: one day may carry an appraisal further."""
    count = 0
    for state, action in TIMERS.items():
        deed = Deed(HOUSE, action, moment.on, moment.now)
        with db.read() as tx:
            found = appraisals(tx, states=[state])
        for some in _some(found):
            house = House(schemes.of_period(Period.parse(some[0].period)), moment.calendar)
            with db.write() as tx:
                doing = Doing(deed, {one.id: frozenset({"house"}) for one in some})
                moved = move(tx, some, doing, house).moved
                outbox.put(tx, announce(tx, moved, moment.on, moment.now))
            count += len(moved)
    return count


def _some(found: Sequence[AppraisalRecord]) -> Iterator[Sequence[AppraisalRecord]]:
    """A period's appraisals, so many at once."""
    periods = sorted({one.period for one in found})
    for period in periods:
        theirs = [one for one in found if one.period == period]
        for start in range(0, len(theirs), AT_ONCE):
            yield theirs[start : start + AT_ONCE]


def _reminders(tx: Transaction, moment: Moment) -> list[OutboxRow]:
    """What is asked again: on its last day, and on every business day after."""
    if not moment.calendar.is_business(moment.on):
        return []
    late = [
        one
        for one in waiting(tx, moment.on, appraisals(tx, states=LIVE))
        if _pressing(one, moment.on)
    ]
    return [*_asks(late, moment.on, moment.now), *_recalls(tx, moment)]


def _pressing(one: Waiting, on: date) -> bool:
    return one.due_on is not None and one.due_on <= on


def _asks(found: Iterable[Waiting], on: date, now: datetime) -> Iterator[OutboxRow]:
    """One message a person, period and stage a day, however many appraisals wait."""
    for person, period, stage in sorted({(o.person_id, o.record.period, o.stage) for o in found}):
        facts: Mapping[str, object] = {"period": period, "stage": stage}
        key = f"appraisal_todo:{person}:{period}:{stage}:{on.isoformat()}"
        yield OutboxRow(key, person, "appraisal_todo", "personal", "blue", facts, now)


def _recalls(tx: Transaction, moment: Moment) -> Iterator[OutboxRow]:
    """Training plans to be called to mind today."""
    for plan in consequences(tx, kinds=["training"], state="open"):
        for stage, day in plan.facts["reminders"].items():
            if day == moment.on.isoformat():
                yield trains(plan, plan.manager_id, stage, moment.now)


def _train(db: Database, moment: Moment, rules: TrainingRules) -> None:
    """End the training plans that were met, and those whose time is over."""
    with db.read() as tx:
        plans = consequences(tx, kinds=["training"], state="open")
        ended = [(one, met(tx, one, rules.pass_from)) for one in plans]
    for plan, done in ended:
        over = plan.due_on is not None and moment.on > plan.due_on
        if not done and not over:
            continue
        deed = Deed(HOUSE, "end_training", moment.on, moment.now)
        with db.write() as tx:  # one each: whoever holds one of them may wait for the log's head
            if not done and plan.owner_id:
                outbox.put(tx, [trains(plan, plan.owner_id, "unmet", moment.now)])
            close_follow(tx, plan, "done" if done else "unmet", deed)
