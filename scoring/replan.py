"""Replanning when behind: an overlay on a signed plan, which itself is never touched.

What is still missing, target − achieved, is shared out over the working days that are left: inside
the running quarter first (以月保季), or over all that is left alike. Kpi specification §5.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Literal

from scoring.milestones import MONTHS, QUARTER, YearPlan, YearShape, allocate

Policy = Literal["quarter_first", "spread"]
POLICIES: tuple[Policy, ...] = ("quarter_first", "spread")
WHOLE_YEAR = (0, 1, 2, 3)
WORKING_WEEK = 5


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is to be brought after a day, slice by slice; nothing of it is signed.

    `months` are the year's twelve and `weeks` the shape's: what is over has 0, and the running
    ones have what they are still to bring. `gap` is what is missing, never below 0.
    """

    gap: int
    months: tuple[int, ...]
    weeks: tuple[int, ...]


def replan(
    plan: YearPlan,
    achieved: int,
    through: date,
    policy: Policy,
    quarters: Sequence[int] = WHOLE_YEAR,
) -> Overlay | None:
    """Share out what is missing after a day, which is the last that is known.

    `quarters` are those whose target is meant, from 0, and `achieved` is what was brought in them.
    None when something is missing and no working day is left for it.
    """
    shape = plan.shape
    left = working_days_left(shape, through)
    weights = _weights(shape, left, quarters)
    gap = max(sum(plan.quarters[quarter] for quarter in quarters) - achieved, 0)
    if gap and not any(weights):
        return None
    months = [0] * MONTHS
    if gap:
        parts = _quarter_first(plan, gap, weights) if policy == "quarter_first" else None
        months = list(parts or allocate(gap, weights))
    weeks: list[int] = []
    for month, amount in enumerate(months, start=1):
        days = [n for week, n in zip(shape.weeks, left, strict=True) if week.month == month]
        weeks += allocate(amount, days)
    return Overlay(gap, tuple(months), tuple(weeks))


def weekly(amount: int, business_days: int) -> Fraction:
    """What an amount comes to in a week of five working days; the days must not be 0."""
    return Fraction(amount * WORKING_WEEK, business_days)


def best_rate(weeks: Sequence[int], count: int) -> Fraction:
    """The best mean of so many weeks on end; of all there are where they are fewer."""
    span = min(count, len(weeks))
    if span == 0:
        return Fraction(0)
    ends = list(accumulate(weeks, initial=0))
    best = max(end - start for start, end in zip(ends, ends[span:], strict=False))
    return Fraction(best, span)


def is_feasible(needed: Fraction, best: Fraction, times: int) -> bool:
    """Whether a weekly rate is at most so many times the best there has been."""
    return needed <= times * best


def working_days_left(shape: YearShape, through: date) -> list[int]:
    """The business days after a day, by week slice."""
    return [
        len(week.business_days) - bisect_right(week.business_days, through) for week in shape.weeks
    ]


def _weights(shape: YearShape, left: Sequence[int], quarters: Sequence[int]) -> list[int]:
    """The weight each month still has: its own, times the part of its working days that is left.

    They are brought to one denominator, the product of all months' days, so that they stay whole.
    """
    days = [0] * MONTHS
    rest = [0] * MONTHS
    for week, n in zip(shape.weeks, left, strict=True):
        days[week.month - 1] += len(week.business_days)
        rest[week.month - 1] += n
    running = next((at for at in range(MONTHS) if 0 < rest[at] < days[at]), None)
    scale = days[running] if running is not None else 1
    weights = []
    for at in range(MONTHS):
        quarter, position = divmod(at, QUARTER)
        own = shape.quarter_weights[quarter] * shape.month_weights[position]
        part = rest[at] if at == running else scale * bool(rest[at])
        weights.append(own * part if quarter in quarters else 0)
    return weights


def _quarter_first(plan: YearPlan, gap: int, weights: Sequence[int]) -> list[int] | None:
    """All that is missing in the running quarter, the later ones as they are planned.

    None where the running quarter has no days left, or nothing left to bring: the rest carries it.
    """
    first = next(at for at, weight in enumerate(weights) if weight) // QUARTER
    later = (first + 1) * QUARTER
    planned = [plan.months[at] if at >= later and weights[at] else 0 for at in range(MONTHS)]
    here = gap - sum(planned)
    if here < 0:
        kept = [weight if at >= later else 0 for at, weight in enumerate(weights)]
        return list(allocate(gap, kept))
    running = [weight if at < later else 0 for at, weight in enumerate(weights)]
    return [own + part for own, part in zip(planned, allocate(here, running), strict=True)]
