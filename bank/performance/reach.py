"""Who has a target out of reach, by the newest scores of a period."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import String, cast, select

from bank.database import Transaction
from bank.days import number
from bank.models import KpiResult, ScoreRun
from scoring.periods import Period
from scoring.scorecard import Scorecard

MARK = '%"infeasible": true%'
"""How a stored scorecard says so: of many thousands only those few are read."""


def beyond_reach(tx: Transaction, period: Period, on: date) -> Iterator[Scorecard]:
    """The scorecards of a period's newest run by a day on which a sum is marked as infeasible."""
    newest = (
        select(ScoreRun.id)
        .where(ScoreRun.period == period.id, ScoreRun.as_of_day <= number(on))
        .order_by(ScoreRun.as_of_day.desc(), ScoreRun.computed_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    marked = cast(KpiResult.scorecard, String).like(MARK)
    rows = tx.scalars(
        select(KpiResult.scorecard)
        .where(KpiResult.run_id == newest, marked)
        .order_by(KpiResult.manager_id)
    )
    yield from map(Scorecard.from_json, rows)
