"""What is the case about appraisals at a moment, read for many of one period at once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from bank.cycle.inputs import Shared, behind, newest_run, pinned, result_of
from bank.cycle.records import AppraisalRecord, Entry, appraisals, entries, newest, open_queries
from bank.database import Transaction
from bank.models import Rating
from bank.targets import settled
from scoring.cycle import Standing
from scoring.cycle_rules import RATERS, CycleRules
from scoring.periods import Period
from scoring.raters import missing
from scoring.results import out_of_quota

PARTICIPANTS = (*("risk", "client", "comment", "superior_confirmed", "risk_confirmed", "grade"),)
"""Entries whose author had a part in the result."""
GRADED = ("calibration", "approved", "published", "appeal", "locked")


def standings(
    tx: Transaction,
    records: Sequence[AppraisalRecord],
    shared: Shared,
    rules: CycleRules,
    *,
    on: date,
    actor_id: str = "",
) -> Mapping[str, Standing]:
    """The standing of some appraisals of one period, for a deed of somebody's, by id."""
    period = Period.parse(records[0].period)
    managers = [one.manager_id for one in records]
    raters = _raters(tx, period.id, managers)
    signed = settled(tx, period.year, managers)
    reached = _reached(tx, period, managers, on)
    in_quota = not out_of_quota(_grades(tx, period.id), rules.quotas) if rules.quotas else True
    found = {}
    for one in records:
        theirs = shared.entries.get(one.id, ())
        rated = _counted(raters.get(one.manager_id, ()), theirs)
        moved = newest(theirs, "grade")
        appealed = shared.appeals.get(one.manager_id, ())
        found[one.id] = Standing(
            signed=one.manager_id in signed,
            period_over=on > period.last,
            loaded=one.manager_id in reached,
            superior_confirmed=newest(theirs, "superior_confirmed") is not None,
            risk_confirmed=newest(theirs, "risk_confirmed") is not None,
            window_over=one.due_on is not None and on > one.due_on,
            queries_closed=not open_queries(theirs),
            rated=not missing(rated, rules.raters),
            complete=all(rated[kind] for kind in RATERS),
            deadline_over=one.due_on is not None and on > one.due_on,
            in_quota=in_quota,
            own_move=moved is not None and moved.actor_id == actor_id,
            rater=actor_id in participants(raters.get(one.manager_id, ()), theirs),
            appeals_closed=all(each.state != "open" for each in appealed),
        )
    return found


def blockers(
    tx: Transaction, period: Period, managers: Collection[str], on: date
) -> Mapping[str, tuple[str, ...]]:
    """What keeps figures from reaching the period's end, by manager; () where nothing does.

    Absent is who has no scorecard of a run that reaches it.
    """
    run = newest_run(tx, period, on)
    if run is None:
        return {}
    return {manager: behind(pin.card, period) for manager, pin in pinned(tx, run, managers).items()}


def participants(rated: Sequence[tuple[str, str]], theirs: Sequence[Entry]) -> frozenset[str]:
    """Everybody who rated, reported, confirmed or moved a grade: none may handle an appeal."""
    said = {one.actor_id for one in theirs if one.kind in PARTICIPANTS}
    return frozenset({rater for _, rater in rated} | said)


def part_takers(tx: Transaction, record: AppraisalRecord) -> frozenset[str]:
    """The same of one appraisal."""
    rated = _raters(tx, record.period, [record.manager_id]).get(record.manager_id, ())
    return participants(rated, entries(tx, [record.id]).get(record.id, ()))


def _counted(rated: Sequence[tuple[str, str]], theirs: Sequence[Entry]) -> Counter[str]:
    """How many ratings there are of each kind, those who abstained apart."""
    abstained = {one.actor_id for one in theirs if one.kind == "abstain"}
    return Counter(kind for kind, rater in rated if rater not in abstained)


def _raters(
    tx: Transaction, period: str, managers: Collection[str]
) -> Mapping[str, Sequence[tuple[str, str]]]:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = tx.execute(
        select(Rating.manager_id, Rating.kind, Rating.rater_id).where(
            Rating.period == period, Rating.manager_id.in_(managers)
        )
    )
    for manager, kind, rater in rows:
        found[manager].append((kind, rater))
    return found


def _reached(
    tx: Transaction, period: Period, managers: Collection[str], on: date
) -> frozenset[str]:
    found = blockers(tx, period, managers, on)
    return frozenset(manager for manager, late in found.items() if not late)


def _grades(tx: Transaction, period: str) -> list[str]:
    results = (result_of(one) for one in appraisals(tx, period=period, states=GRADED))
    return [result.grade for result in results if result is not None]
