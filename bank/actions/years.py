"""The unit's years before, from the runs that were stored then: what it reached, and by when."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from bank.database import Transaction
from bank.days import number
from bank.models import KpiResult, ScoreRun
from bank.performance.measuring import Frame
from scoring.periods import Period


@dataclass(frozen=True, slots=True)
class Years:
    """What a unit did in the same period of earlier years, by indicator."""

    attained: Mapping[str, Fraction]
    """λ₀: what it reached of its targets last year; 1 is all."""
    seasons: Mapping[str, tuple[Fraction, ...]]
    """The share of each year's end that it had by this day of the year."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """What managers had together of an indicator, and what they were asked for."""

    actual: Fraction
    target: Fraction


def years_of(tx: Transaction, frame: Frame, managers: Collection[str]) -> Years:
    """The years of the managers who are in the unit now; what was not stored is not known."""
    window = frame.window
    attained: Mapping[str, Fraction] = {}
    seasons: defaultdict[str, list[Fraction]] = defaultdict(list)
    average = {each.id for each in frame.scheme.indicators if each.type == "average"}
    for back in range(1, frame.scheme.forecast.seasons + 1):
        period = _earlier(window.period, back)
        end = _stored(tx, period, period.last, managers)
        if not end:
            continue
        if back == 1:
            attained = {
                name: each.actual / each.target for name, each in end.items() if each.target > 0
            }
        day = period.first + timedelta(days=min(window.days, period.days) - 1)
        for name, by_then in _stored(tx, period, day, managers).items():
            part = Fraction(window.days, period.days) if name in average else 1
            if name in end and end[name].actual > 0:
                share = by_then.actual * part / end[name].actual
                seasons[name].append(min(max(share, Fraction(0)), Fraction(1)))
    return Years(attained, {name: tuple(shares) for name, shares in seasons.items()})


def _earlier(period: Period, years: int) -> Period:
    """The same period so many years before."""
    return Period.parse(period.id.replace(str(period.year), str(period.year - years), 1))


def _stored(
    tx: Transaction, period: Period, day: date, managers: Collection[str]
) -> Mapping[str, _Sum]:
    """What was stored as of a day, or the week before it; nothing where nothing was.

    Of a period's last day, the first run that knew all of it or a later one.
    """
    runs = select(ScoreRun.id).where(ScoreRun.period == period.id)
    if day == period.last:
        runs = runs.where(ScoreRun.as_of_day >= number(day))
    else:
        runs = runs.where(ScoreRun.as_of_day.between(number(day) - 6, number(day)))
    newest = runs.order_by(ScoreRun.as_of_day.desc(), ScoreRun.computed_at.desc()).limit(1)
    run = tx.scalar(newest)
    if run is None:
        return {}
    cards = select(KpiResult.scorecard).where(
        KpiResult.run_id == run, KpiResult.manager_id.in_(managers)
    )
    sums: dict[str, _Sum] = {}
    stored: Any = tx.scalars(cards)
    for card in stored:
        for dimension in card["dimensions"]:
            for scored in dimension["indicators"]:
                target = scored["explain"].get("inputs", {}).get("period_target")
                if scored["unit"] in ("cny", "count") and target and scored["actual"] is not None:
                    so_far = sums.get(scored["id"], _Sum(Fraction(0), Fraction(0)))
                    sums[scored["id"]] = _Sum(
                        so_far.actual + Fraction(str(scored["actual"])),
                        so_far.target + Fraction(str(target)),
                    )
    return sums
