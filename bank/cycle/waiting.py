"""For whom appraisals wait: who confirms, rates, answers, calibrates, publishes and decides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from bank.cycle.appeals import AppealRecord, appeals
from bank.cycle.records import (
    AppraisalRecord,
    Entry,
    appraisals,
    entries,
    newest,
    open_queries,
)
from bank.database import Transaction
from bank.models import Rating, Staff
from bank.people import Person, find_staff, holders, superiors, team_of, unit_chains

STAGES = ("confirm", "answer", "rate", "calibrate", "publish", "decide")
LIVE = ("prelim", "confirmed", "rating", "calibration", "approved", "appeal")
"""States in which an appraisal may wait for somebody."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One appraisal that waits for somebody, for what, and until when (None: nobody says)."""

    person_id: str
    stage: str
    record: AppraisalRecord
    due_on: date | None
    about: str = ""
    """The query's turn, or the appeal's id."""


def waiting(tx: Transaction, on: date, records: Sequence[AppraisalRecord]) -> tuple[Waiting, ...]:
    """What waits for whom among some appraisals on a day, by person, the soonest due first."""
    live = [one for one in records if one.state in LIVE]
    if not live:
        return ()
    people = _People(tx, on)
    said = entries(tx, [one.id for one in live])
    rated = _rated(tx, {one.period for one in live})
    found = [
        each
        for one in live
        for each in _of(
            one, people, said.get(one.id, ()), rated.get((one.manager_id, one.period), ())
        )
    ]
    found += _appeals(tx, {(one.manager_id, one.period): one for one in live})
    return tuple(sorted(found, key=_order))


def waiting_for(tx: Transaction, person_id: str, on: date) -> tuple[Waiting, ...]:
    """What waits for one person on a day."""
    person = find_staff(tx, person_id)
    if person.role in ("manager", "operator"):
        return ()
    managers = None
    if person.role == "team_lead":
        managers = [one.id for one in team_of(tx, person_id, on)]
    states = ("appeal",) if person.role == "compliance" else LIVE
    found = waiting(tx, on, appraisals(tx, states=states, managers=managers))
    return tuple(one for one in found if one.person_id == person_id)


class _People:
    """Who leads whom and who is of the risk department, each looked up once."""

    def __init__(self, tx: Transaction, on: date) -> None:
        self._tx = tx
        self._on = on
        self._leads: dict[str, tuple[str, ...]] = {}
        self._chains = unit_chains(tx)
        self._units: dict[str, str] = dict(
            tx.execute(select(Staff.id, Staff.unit_id).where(Staff.role == "manager")).all()
        )
        self._risk = holders(tx, "risk", on)
        self.hr = tuple(one.id for one in holders(tx, "hr", on))

    def superiors(self, manager: str) -> tuple[str, ...]:
        unit = self._units.get(manager, "")
        if unit not in self._leads:
            found = superiors(self._tx, unit, self._on) if unit else ()
            self._leads[unit] = tuple(one.id for one in found)
        return self._leads[unit]

    def risk(self, manager: str) -> tuple[str, ...]:
        """The risk officers of the units above a manager's; of all where those have none."""
        above = self._chains.get(self._units.get(manager, ""), frozenset())
        near = [one.id for one in self._risk if one.unit_id in above]
        return tuple(near or [one.id for one in self._risk])


def _of(
    one: AppraisalRecord, people: _People, said: Sequence[Entry], rated: Iterable[str]
) -> Iterator[Waiting]:
    if one.state == "rating":
        yield from _to_rate(one, people, said, rated)
    elif one.state == "calibration":
        yield from _to(people.hr, "calibrate", one)
    elif one.state == "approved":
        yield from _to(people.hr, "publish", one)
    elif one.state == "prelim":
        yield from _to_confirm(one, people, said)
    if one.state in ("prelim", "confirmed"):
        for query in open_queries(said):
            for each in people.superiors(one.manager_id):
                yield Waiting(each, "answer", one, query.due_on, str(query.turn))


def _to_confirm(one: AppraisalRecord, people: _People, said: Sequence[Entry]) -> Iterator[Waiting]:
    if newest(said, "superior_confirmed") is None:
        yield from _to(people.superiors(one.manager_id), "confirm", one)
    if newest(said, "risk_confirmed") is None:
        yield from _to(people.risk(one.manager_id), "confirm", one)


def _to_rate(
    one: AppraisalRecord, people: _People, said: Sequence[Entry], rated: Iterable[str]
) -> Iterator[Waiting]:
    abstained = {each.actor_id for each in said if each.kind == "abstain"}
    for kind, who in (("superior", people.superiors), ("risk", people.risk)):
        if kind not in rated:
            left = [each for each in who(one.manager_id) if each not in abstained]
            yield from _to(left, "rate", one)


def _to(people: Iterable[str], stage: str, one: AppraisalRecord) -> Iterator[Waiting]:
    for person in people:
        if person != one.manager_id:
            yield Waiting(person, stage, one, one.due_on)


def _appeals(tx: Transaction, live: Mapping[tuple[str, str], AppraisalRecord]) -> Iterator[Waiting]:
    for one in appeals(tx, managers={manager for manager, _ in live}, state="open"):
        record = live.get((one.manager_id, one.period))
        if record is not None and record.state == "appeal" and one.handler_id:
            yield Waiting(one.handler_id, "decide", record, one.due_on, one.id)


def _rated(tx: Transaction, periods: Iterable[str]) -> Mapping[tuple[str, str], set[str]]:
    """The kinds of rating there are, by manager and period."""
    found: dict[tuple[str, str], set[str]] = {}
    columns = (Rating.manager_id, Rating.period, Rating.kind)
    for manager, period, kind in tx.execute(select(*columns).where(Rating.period.in_(periods))):
        found.setdefault((manager, period), set()).add(kind)
    return found


def _order(one: Waiting) -> tuple[str, date, int, str, str]:
    due = one.due_on or date.max
    return one.person_id, due, STAGES.index(one.stage), one.record.period, one.record.manager_id


def handler_for(
    tx: Transaction, involved: frozenset[str], manager: Person, on: date
) -> Person | None:
    """Who is to decide on a manager's appeal: HR, else compliance, with no part in the result.

    Whoever has the fewest to decide; None where there is nobody.
    """
    for role in ("hr", "compliance"):
        free = [
            one for one in holders(tx, role, on) if one.id not in involved and one.id != manager.id
        ]
        if free:
            burden = _burdens(appeals(tx, state="open"))
            return min(free, key=lambda one: (burden.get(one.id, 0), one.id))
    return None


def _burdens(found: Sequence[AppealRecord]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for one in found:
        if one.handler_id:
            counts[one.handler_id] = counts.get(one.handler_id, 0) + 1
    return counts
