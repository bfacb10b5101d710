"""Pace: where a target stands on its planned path, and what the rest of the period needs."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.curves import falls
from scoring.facts import Fact
from scoring.indicators import Indicator


@dataclass(frozen=True, slots=True)
class Waiting:
    """The cost of waiting: the lift over today's level that would still reach the target."""

    days: int
    now: int
    later: int | None
    """After `days` more days at today's level; None when the period would be over."""


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
