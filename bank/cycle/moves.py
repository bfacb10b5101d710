"""Deeds done to appraisals: what each comes to is worked out, and written if it may be.

The clock and people move appraisals through the same function, so they cannot disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bank.audit import Deed
from bank.calendar import Calendar
from bank.cycle.inputs import Pinned, Shared, newest_run, pinned, resettle, share, with_entry
from bank.cycle.records import AppraisalRecord, Change, Entry, change
from bank.cycle.standing import standings
from bank.database import Transaction
from scoring.cycle import NotAllowedError, Part, State, decide
from scoring.cycle_rules import Windows
from scoring.periods import Period
from scoring.scheme import Scheme

FRESH = ("preliminary", "recompute", "decide")
"""Deeds that take the newest scorecard; the others keep the one the appraisal rests on."""
SETTLING = ("prelim", "confirmed", "rating", "calibration")
"""States in which every deed makes the result anew: reports and adjustments count at once."""


@dataclass(frozen=True, slots=True)
class House:
    """By what a deed is done: the scheme, and the bank's working days."""

    scheme: Scheme
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Doing:
    """What somebody does to some appraisals: as which part to each, by id, and saying what.

    The deed's name is the action.
    """

    deed: Deed
    parts: Mapping[str, frozenset[Part]]
    reason: str = ""
    said: Mapping[str, Entry] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was moved, and what might not be, with the reason; what is in neither was overtaken."""

    moved: tuple[AppraisalRecord, ...]
    refused: tuple[tuple[AppraisalRecord, NotAllowedError], ...]


def move(
    tx: Transaction, records: Sequence[AppraisalRecord], doing: Doing, house: House
) -> Outcome:
    """Do something to appraisals of one period. Raises AuditKeyError, AuditBrokenError."""
    if not records:
        return Outcome((), ())
    deed, rules = doing.deed, house.scheme.cycle
    shared = share(tx, records, rules)
    standing = standings(tx, records, shared, rules, on=deed.on, actor_id=deed.actor_id)
    pins = _pins(tx, records, deed)
    changes, refused = [], []
    for one in records:
        try:
            state = decide(one.kind, one.state, deed.name, doing.parts[one.id], standing[one.id])
        except NotAllowedError as error:
            refused.append((one, error))
            continue
        entry = (doing.said or {}).get(one.id)
        after = _settled(one, pins.get(one.id), _told(shared, one, entry), house, deed.name)
        changes.append(Change(one, _entered(after, state, deed, house), entry, doing.reason))
    return Outcome(change(tx, changes, deed), tuple(refused))


def window(state: State, on: date, windows: Windows, calendar: Calendar) -> date | None:
    """The last day of a state's window that begins on a day; None where it has none."""
    days = {
        "prelim": windows.confirm,
        "confirmed": windows.objection,
        "rating": windows.rating,
        "published": windows.appeal,
    }.get(state)
    return None if days is None else calendar.add_business_days(on, days)


def _told(shared: Shared, one: AppraisalRecord, entry: Entry | None) -> Shared:
    return shared if entry is None else with_entry(shared, one, entry)


def _pins(tx: Transaction, records: Sequence[AppraisalRecord], deed: Deed) -> Mapping[str, Pinned]:
    """The scorecard each result is to rest on, by appraisal; absent where there is none."""
    period = Period.parse(records[0].period)
    fresh = newest_run(tx, period, deed.on) if deed.name in FRESH else None
    runs: dict[str, list[AppraisalRecord]] = {}
    for one in records:
        if run := fresh or one.run_id:
            runs.setdefault(run, []).append(one)
    found: dict[str, Pinned] = {}
    for run, theirs in runs.items():
        cards = pinned(tx, run, [one.manager_id for one in theirs])
        found |= {one.id: cards[one.manager_id] for one in theirs if one.manager_id in cards}
    return found


def _settled(
    one: AppraisalRecord, pin: Pinned | None, shared: Shared, house: House, action: str
) -> AppraisalRecord:
    if pin is None or not (one.state in SETTLING or action in FRESH):
        return one
    return resettle(one, pin, shared, house.scheme)


def _entered(one: AppraisalRecord, state: State, deed: Deed, house: House) -> AppraisalRecord:
    """An appraisal as it comes into a state; an appeal leaves the window for others as it is."""
    if state == one.state:
        return one
    due = window(state, deed.on, house.scheme.cycle.windows, house.calendar)
    return replace(
        one,
        state=state,
        entered_at=deed.at,
        entered_on=deed.on,
        due_on=one.due_on if state == "appeal" else due,
    )
