"""What an appraisal's result is made of, out of the rows; and the result with its hash.

A stored result can be made again from the rows it names: the same inputs, the same hash.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from bank.cycle.appeals import AppealRecord, appeals
from bank.cycle.records import AppraisalRecord, Entry, appraisals, entries, newest
from bank.database import Transaction
from bank.days import number
from bank.models import KpiResult, OrgUnit, PriorAdjustment, Rating, ScoreRun, Staff
from bank.seals import plain_digest
from scoring.cycle_rules import CycleRules, RaterRules
from scoring.grades import NOT_GRADED
from scoring.periods import Period
from scoring.raters import Corrected, Given, View, corrected, views
from scoring.results import Added, Inputs, Result, settle
from scoring.rounding import micro
from scoring.scheme import Scheme
from scoring.scorecard import Scorecard

MICRO = 1_000_000
SETTLED = ("published", "appeal", "locked")
"""States in which a quarter's result counts in its year's."""
RATED = ("calibration", "approved", "published", "appeal", "locked")
"""States in which the ratings are closed: what they then came to stands, whatever is rated later.
Once locked, so do the quarters."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A scorecard that a result rests on, the run it comes from, and its inputs' hash."""

    card: Scorecard
    run_id: str
    inputs_hash: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What the appraisals of a period have in common, read once for all of them."""

    ratings: Mapping[str, tuple[Corrected, ...]]
    quarters: Mapping[str, Mapping[str, Decimal | None]]
    appeals: Mapping[str, tuple[AppealRecord, ...]]
    prior: Mapping[str, tuple[Added, ...]]
    entries: Mapping[str, tuple[Entry, ...]]
    raters: RaterRules


def pinned(tx: Transaction, run_id: str, managers: Collection[str]) -> Mapping[str, Pinned]:
    """The scorecards of a run, by manager."""
    columns = (KpiResult.manager_id, KpiResult.scorecard, KpiResult.inputs_hash)
    rows = tx.execute(
        select(*columns).where(KpiResult.run_id == run_id, KpiResult.manager_id.in_(managers))
    )
    return {
        manager: Pinned(Scorecard.from_json(card), run_id, inputs) for manager, card, inputs in rows
    }


def newest_run(tx: Transaction, period: Period, on: date) -> str | None:
    """The newest run that reaches the end of a period, of those known on a day; None without."""
    return tx.scalar(
        select(ScoreRun.id)
        .where(
            ScoreRun.period == period.id,
            ScoreRun.as_of_day >= number(period.last),
            ScoreRun.as_of_day <= number(on),
        )
        .order_by(ScoreRun.as_of_day.desc(), ScoreRun.computed_at.desc())
        .limit(1)
    )


def last_scored(tx: Transaction) -> datetime | None:
    """When scores were last computed; None before the first."""
    return tx.execute(select(func.max(ScoreRun.computed_at))).scalar_one()


def behind(card: Scorecard, period: Period) -> tuple[str, ...]:
    """The indicators whose figures do not reach the period's end."""
    return tuple(
        one.id
        for dimension in card.dimensions
        for one in dimension.indicators
        if one.as_of < period.last
    )


def share(tx: Transaction, records: Sequence[AppraisalRecord], rules: CycleRules) -> Shared:
    """What the results of some appraisals of one period are made of, besides their scorecards."""
    period = records[0].period
    managers = [one.manager_id for one in records]
    return Shared(
        _ratings(tx, period, rules) if records[0].kind == "year" else {},
        _quarters(tx, period, managers) if records[0].kind == "year" else {},
        _by_manager(appeals(tx, managers=managers, period=period)),
        _prior(tx, period, managers),
        entries(tx, [one.id for one in records]),
        rules.raters,
    )


def inputs_of(record: AppraisalRecord, pin: Pinned, shared: Shared) -> Inputs:
    """What one appraisal's result is made of."""
    manager, card = record.manager_id, pin.card
    theirs = shared.entries.get(record.id, ())
    moved = newest(theirs, "grade")
    stored = result_of(record)
    locked = stored is not None and record.state == "locked"
    return Inputs(
        record.kind,
        card.score,
        card.grade != NOT_GRADED,
        card.veto.code if card.veto else "",
        dict(stored.quarters) if stored and locked else shared.quarters.get(manager, {}),
        stored.views if stored and record.state in RATED else _views(manager, theirs, shared),
        (
            *_reports(record, theirs),
            *_upheld(shared.appeals.get(manager, ())),
            *shared.prior.get(manager, ()),
        ),
        moved.after if moved else "",
    )


def resettle(
    record: AppraisalRecord, pin: Pinned, shared: Shared, scheme: Scheme
) -> AppraisalRecord:
    """An appraisal with its result anew, and that result's hash."""
    result = settle(scheme, scheme.cycle, inputs_of(record, pin, shared))
    stored = result.to_json()
    return replace(record, run_id=pin.run_id, result=stored, result_hash=result_hash(stored, pin))


def with_entry(shared: Shared, record: AppraisalRecord, entry: Entry) -> Shared:
    """What is shared, as it will be once an entry is written."""
    theirs = (*shared.entries.get(record.id, ()), replace(entry, turn=record.turn + 1))
    return replace(shared, entries={**shared.entries, record.id: theirs})


def result_hash(stored: Mapping[str, Any], pin: Pinned) -> str:
    """The hash of a result, of its run, and of what that run's scorecard was computed from."""
    return plain_digest({"result": stored, "run": pin.run_id, "inputs": pin.inputs_hash})


def result_of(record: AppraisalRecord) -> Result | None:
    """An appraisal's result as values; None before the first."""
    return Result.from_json(dict(record.result)) if record.result is not None else None


def _views(manager: str, theirs: Sequence[Entry], shared: Shared) -> tuple[View, ...]:
    """The ratings by kind, without those of raters who abstained."""
    abstained = {one.actor_id for one in theirs if one.kind == "abstain"}
    given = shared.ratings.get(manager, ())
    return views([one for one in given if one.given.rater not in abstained], shared.raters)


def _reports(record: AppraisalRecord, theirs: Sequence[Entry]) -> tuple[Added, ...]:
    """The newest report of each side."""
    found = [one for kind in ("risk", "client") if (one := newest(theirs, kind)) is not None]
    return tuple(Added(one.kind, one.points, one.text, f"{record.id}/{one.turn}") for one in found)


def _upheld(found: Sequence[AppealRecord]) -> tuple[Added, ...]:
    return tuple(
        Added("appeal", one.points, one.reason, one.id)
        for one in sorted(found, key=lambda each: each.id)
        if one.state == "upheld" and one.points
    )


def _ratings(
    tx: Transaction, period: str, rules: CycleRules
) -> Mapping[str, tuple[Corrected, ...]]:
    """Every rating of a period, corrected among all of them, by manager.

    Managers are compared within the unit above their own: a team has one superior.
    """
    rows = tx.execute(
        select(
            Rating.manager_id, Rating.kind, Rating.rater_id, Rating.score,
            OrgUnit.parent_id, OrgUnit.id,
        )
        .join(Staff, Staff.id == Rating.manager_id)
        .join(OrgUnit, OrgUnit.id == Staff.unit_id)
        .where(Rating.period == period)
        .order_by(Rating.manager_id, Rating.kind, Rating.rater_id)
    )  # fmt: skip
    given = [Given(*row[:4], row[4] or row[5]) for row in rows]
    return _grouped((one.given.manager, one) for one in corrected(given, rules.raters))


def _quarters(
    tx: Transaction, year: str, managers: Collection[str]
) -> Mapping[str, Mapping[str, Decimal | None]]:
    found: defaultdict[str, dict[str, Decimal | None]] = defaultdict(dict)
    for quarter in Period.parse(year).quarters():
        for one in appraisals(tx, period=quarter.id, states=SETTLED, managers=managers):
            result = result_of(one)
            found[one.manager_id][quarter.id] = result.score if result else None
    return found


def _prior(
    tx: Transaction, period: str, managers: Collection[str]
) -> Mapping[str, tuple[Added, ...]]:
    rows = tx.execute(
        select(
            PriorAdjustment.manager_id,
            PriorAdjustment.points,
            PriorAdjustment.reason,
            PriorAdjustment.id,
        )
        .where(PriorAdjustment.posted_to == period, PriorAdjustment.manager_id.in_(managers))
        .order_by(PriorAdjustment.manager_id, PriorAdjustment.period, PriorAdjustment.version)
    )
    return _grouped(
        (manager, Added("prior", micro(Decimal(points) / MICRO), reason, row))
        for manager, points, reason, row in rows
    )


def _by_manager(found: Sequence[AppealRecord]) -> Mapping[str, tuple[AppealRecord, ...]]:
    return _grouped((one.manager_id, one) for one in found)


def _grouped(pairs: Any) -> dict[str, tuple[Any, ...]]:  # noqa: ANN401 - values of one kind
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}
