"""Pace: where a target stands on its planned path, and what the rest of the period needs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from scoring.curves import falls
from scoring.facts import Fact
from scoring.indicators import Indicator
from scoring.milestones import QUARTER, YearPlan
from scoring.replan import is_feasible, replan, weekly, working_days_left


@dataclass(frozen=True, slots=True)
class Waiting:
    """The cost of waiting: the lift over today's level that would still reach the target."""

    days: int
    now: int
    later: int | None
    """After `days` more days at today's level; None when the period would be over."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """What the month and the week that run after the last known day ask of a sum.

    `month` and `week` are signed; `month_now` and `week_now` are what is still to be brought in
    them to make up inside the quarter, and nothing of those is signed (scoring/replan).
    """

    month_of: date
    month: int
    month_now: int
    week_first: date
    week_last: date
    week: int
    week_now: int
    per_week: int
    """What is missing in the period, in a week of five of the working days that are left."""
    best: int | None = None
    """The best weekly rate of the trailing weeks; None where it was not looked for, or is none."""
    infeasible: bool = False

    def against(self, best: Fraction, times: int) -> "Milestone":
        """The same, beside the best rate there has been."""
        feasible = is_feasible(Fraction(self.per_week), best, times)
        return replace(self, best=int(best), infeasible=not feasible)


@dataclass(frozen=True, slots=True)
class Pace:
    """A target's pace, in the indicator's unit.

    `planned` was to be reached by now and `ahead` is how much better the actual is (negative:
    behind): actual − planned, or planned − actual where less is better. `needed` is, for an
    average, the average over the days left; for a flow, the amount still to bring; None once the
    period is over, and for indicators measured against a fixed target.
    """

    indicator: str
    target: Decimal
    planned: Decimal
    actual: Decimal
    ahead: Decimal
    needed: Decimal | None
    days_left: int
    """Calendar days for an average, business days for a flow."""
    waiting: Waiting | None
    milestone: Milestone | None = None
    """Of a signed sum while its period runs."""


def milestone_of(
    plan: YearPlan, achieved: int, through: date, quarters: Sequence[int]
) -> Milestone | None:
    """The milestones that run after a day; None when no working day of the quarters is left.

    `achieved` is what was brought in those quarters.
    """
    overlay = replan(plan, achieved, through, "quarter_first", quarters)
    months = [quarter * QUARTER + at for quarter in quarters for at in range(1, QUARTER + 1)]
    left = working_days_left(plan.shape, through)
    rest = [(at, left[at]) for at, week in enumerate(plan.shape.weeks) if week.month in months]
    running = next((at for at, days in rest if days), None)
    if overlay is None or running is None:
        return None
    week = plan.shape.weeks[running]
    return Milestone(
        date(plan.shape.year, week.month, 1),
        plan.months[week.month - 1],
        overlay.months[week.month - 1],
        week.first,
        week.last,
        plan.weeks[running],
        overlay.weeks[running],
        math.ceil(weekly(overlay.gap, sum(days for _, days in rest))),
    )


def pace_of(
    indicator: Indicator,
    fact: Fact,
    days_left: int,
    period_days: int,
    waiting: Waiting | None = None,
) -> Pace | None:
    """The pace of an indicator; None without an actual or a target.

    `days_left` are the days still worked in the period after the fact's as-of day: business days
    for a flow, calendar days otherwise. `period_days` are all its calendar days.
    """
    if fact.actual is None or fact.target is None or fact.period_target is None:
        return None
    needed = None
    if days_left and indicator.type == "flow":
        needed = max(fact.period_target - fact.actual, Decimal(0))
    elif days_left and indicator.type == "average":
        needed = Decimal(_missing(fact, period_days) // days_left)
    ahead = fact.actual - fact.target
    return Pace(
        indicator.id,
        fact.period_target,
        fact.target,
        fact.actual,
        -ahead if falls(indicator.curve) else ahead,
        needed,
        days_left,
        waiting,
    )


def cost_of_waiting(
    fact: Fact, current: int, days_left: int, period_days: int, wait_days: int
) -> Waiting | None:
    """What waiting costs an average: (T·D − Σ so far − current·(D−d)) ÷ (D−d−k) for k = 0 and k.

    `current` is today's level in fen, D `period_days`, and D−d `days_left` (fewer for someone who
    leaves before the end). None without a target or once the period is over; never below zero,
    where today's level is enough.
    """
    if fact.period_target is None or days_left <= 0:
        return None
    short = _missing(fact, period_days) - current * days_left
    later = days_left - wait_days
    return Waiting(wait_days, _lift(short, days_left), _lift(short, later) if later > 0 else None)


def _missing(fact: Fact, period_days: int) -> Fraction:
    """The fen-days still to come: T·D − Σ so far."""
    so_far = Fraction(fact.numerator, fact.denominator) * fact.days
    return Fraction(fact.period_target or 0) * period_days - so_far


def _lift(short: Fraction, days: int) -> int:
    """Whole fen a day, rounded up so that it suffices."""
    return max(-(-short // days), 0)
