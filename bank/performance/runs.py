"""Runs: every manager of a period scored, stored, and shown again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime

from sqlalchemy import and_, func, insert, select, update

from bank.database import Database, Transaction
from bank.days import day_of, number
from bank.models import Appraisal, Correction, ImportBatch, KpiResult, PlanVersion, ScoreRun
from bank.performance import rollup
from bank.performance.findings import Findings, find_all, find_evidence
from bank.performance.measuring import load_frame
from bank.upsert import insert_new
from scoring.appraisal import score_manager
from scoring.facts import Evidence
from scoring.periods import Period
from scoring.scheme import Scheme, default_scheme
from scoring.scorecard import Scorecard

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Run:
    """One computation of a period, as of the last business day loaded."""

    id: str
    period: str
    as_of: date
    scheme: str
    computed_at: datetime
    batch_id: int
    """The newest drop in the records it read (import_batch.id); 0 before the first."""


@dataclass(frozen=True, slots=True)
class Latest:
    """A manager's newest scorecard of a period and the run it comes from."""

    card: Scorecard
    run: Run
    corrected_from: date | None
    """First day of what the bank corrected since the run; None while the figures stand."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A finished run, and how many managers it scored."""

    run_id: str
    managers: int


@dataclass(frozen=True, slots=True)
class Result:
    """A scorecard, and the fingerprint of everything it was computed from."""

    card: Scorecard
    inputs_hash: str


def score_period(
    database: Database,
    period: Period,
    as_of: date,
    now: datetime,
    scheme: Scheme | None = None,
    *,
    from_intervals: bool = False,
) -> RunSummary:
    """Score every manager of a period as of the last business day loaded, and store the results.

    The records are read in one consistent state, and the results appear all at once or not at
    all; unchanged records give the same run again, with nothing new but its time. PeriodError
    when the period has not begun by `as_of`, or nothing is known of it. `from_intervals` leaves
    the rollup aside, which must not change anything.
    """
    scheme = scheme or default_scheme()
    if not from_intervals:
        rollup.catch_up(database)
    with database.bulk() as bulk, bulk.prepare() as tx:
        newest = tx.scalar(select(func.max(ImportBatch.id))) or 0
        everyone = find_all(tx, scheme, period, as_of, from_intervals=from_intervals)
        results = [score(scheme, found) for found in everyone]
    inputs = [scheme.digest, as_of, [result.inputs_hash for result in results]]
    run_id = f"{period.id}-{_fingerprint(inputs)[:16]}"
    run = Run(run_id, period.id, as_of, scheme.id, now, newest)
    with database.write() as tx:
        store_run(tx, run, scheme, results)
    return RunSummary(run.id, len(results))


def score(scheme: Scheme, found: Findings) -> Result:
    """A manager's scorecard with its pace."""
    card = score_manager(scheme, found.subject, found.facts, found.vetoes)
    return Result(
        replace(card, pace=found.pace),
        _fingerprint([scheme.digest, found]),
    )


def store_run(tx: Transaction, run: Run, scheme: Scheme, results: Sequence[Result]) -> None:
    """Write a run, its scorecards, and the scheme once; a run there already is told anew."""
    plan = json.dumps(scheme, sort_keys=True, default=_plain)
    plan_id = hashlib.sha256(plan.encode()).hexdigest()
    version = {
        "id": plan_id,
        "name": scheme.id,
        "content": json.loads(plan),
        "recorded_at": run.computed_at,
    }
    insert_new(tx, PlanVersion, [version])
    row = {
        "id": run.id,
        "period": run.period,
        "as_of_day": number(run.as_of),
        "scheme": run.scheme,
        "computed_at": run.computed_at,
        "plan_id": plan_id,
        "batch_id": run.batch_id,
    }
    if not insert_new(tx, ScoreRun, [row]):
        again = update(ScoreRun).where(ScoreRun.id == run.id)
        tx.execute(again.values(computed_at=run.computed_at, batch_id=run.batch_id))
        return
    for at in range(0, len(results), ROWS_AT_ONCE):
        tx.execute(
            insert(KpiResult),
            [
                {
                    "run_id": run.id,
                    "manager_id": result.card.manager,
                    "scorecard": result.card.to_json(),
                    "inputs_hash": result.inputs_hash,
                }
                for result in results[at : at + ROWS_AT_ONCE]
            ],
        )


def latest_scorecard(
    tx: Transaction, manager_id: str, period: Period, on: date | None = None
) -> Latest | None:
    """A manager's newest scorecard of a period; None while there is none.

    The newest business day counts first, then the newest computation. With `on`, only runs as of
    that day or earlier are looked at. Once the appraisal is locked its own run stands.
    """
    locked = and_(
        Appraisal.manager_id == KpiResult.manager_id,
        Appraisal.period == ScoreRun.period,
        Appraisal.state == "locked",
        Appraisal.run_id == ScoreRun.id,
    )
    statement = (
        select(
            KpiResult.scorecard,
            ScoreRun.id,
            ScoreRun.period,
            ScoreRun.as_of_day,
            ScoreRun.scheme,
            ScoreRun.computed_at,
            ScoreRun.batch_id,
        )
        .join(ScoreRun, ScoreRun.id == KpiResult.run_id)
        .where(KpiResult.manager_id == manager_id, ScoreRun.period == period.id)
        .outerjoin(Appraisal, locked)
        .order_by(Appraisal.id.is_(None), ScoreRun.as_of_day.desc(), ScoreRun.computed_at.desc())
        .limit(1)
    )
    if on is not None:
        statement = statement.where(ScoreRun.as_of_day <= number(on))
    row = tx.execute(statement).first()
    if row is None:
        return None
    card, run_id, period_id, as_of, scheme, computed_at, batch_id = row
    run = Run(run_id, period_id, day_of(as_of), scheme, computed_at, batch_id or 0)
    return Latest(Scorecard.from_json(card), run, _corrected_from(tx, manager_id, period, run))


def evidence_behind(
    tx: Transaction, latest: Latest, indicator: str, scheme: Scheme | None = None
) -> Evidence:
    """The records behind one figure of a stored scorecard, as known on its as-of day."""
    card = latest.card
    frame = load_frame(tx, scheme or default_scheme(), Period.parse(card.period), card.as_of)
    return find_evidence(tx, frame, card.manager, indicator)


def _corrected_from(tx: Transaction, manager_id: str, period: Period, run: Run) -> date | None:
    """First day of what a drop corrected after the run, within the days the run looked at."""
    first = tx.scalar(
        select(func.min(Correction.first_day)).where(
            Correction.manager_id == manager_id,
            Correction.first_day <= number(period.through(run.as_of)),
            Correction.batch_id > run.batch_id,
        )
    )
    return None if first is None else day_of(first)


def _fingerprint(inputs: object) -> str:
    """SHA-256 of values written as JSON: dataclasses by field, dates and decimals by their text."""
    text = json.dumps(inputs, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)
