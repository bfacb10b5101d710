"""Projections: where a signed target ends at the pace so far, drawn to what is usual.

Early in a period the pace tells little, so it is shrunk to last year's attainment of the unit (kpi
specification §6): λ = (A + κTλ₀) ÷ (pT + κT), and the end is A + (1 − p)Tλ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.facts import Fact


@dataclass(frozen=True, slots=True)
class Past:
    """What the records tell of an indicator beside its fact. Amounts are in its unit.

    `weeks` and `unit_weeks` are (actual, planned) of whole weeks, oldest first: the manager's, and
    everybody's of the unit where the manager's are too few.
    """

    weeks: tuple[tuple[Fraction, Fraction], ...] = ()
    unit_weeks: tuple[tuple[Fraction, Fraction], ...] = ()
    attained: Fraction | None = None
    """λ₀: what the unit reached of its targets in the same period of last year; 1 is all."""
    seasons: tuple[Fraction, ...] = ()
    """The shares of the period that the unit had behind it by this day in earlier years."""
    known: Fraction = Fraction(0)
    """What is known to come (or, below 0, to go) before the end: what it adds to the end."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Where a target ends, in the indicator's unit."""

    planned: Fraction
    """p: the share of the period's plan that was to be done by now."""
    so_far: Fraction
    """A: what is done already; of an average, its part of the whole period's."""
    target: Fraction
    """T, of the whole period."""
    pace: Fraction
    """λ: what comes of each unit planned for the rest."""
    known: Fraction

    @property
    def naive(self) -> Fraction | None:
        """The end if the rest went as the period so far; None while nothing was planned."""
        return self.so_far / self.planned if self.planned else None

    @property
    def end(self) -> Fraction:
        """A + (1 − p)Tλ, and what is known to come or go."""
        return self.so_far + self.rest * self.pace + self.known

    @property
    def rest(self) -> Fraction:
        """(1 − p)T: what is planned for the days left."""
        return (1 - self.planned) * self.target


def project(
    fact: Fact, past: Past, period_days: int, *, average: bool, pull: Fraction, attained: Fraction,
    season_prior: int,
) -> Projection | None:  # fmt: skip
    """The projection of a fact with a target of its own; None without one above 0, or a figure.

    `attained` stands for λ₀ where last year's is not known, and the unit's seasonal share counts
    n ÷ (n + `season_prior`) beside the plan's, n being the years it was seen in.
    """
    target = fact.period_target
    if fact.actual is None or fact.target is None or target is None or target <= 0:
        return None
    part = Fraction(fact.days, period_days) if average else Fraction(1)
    planned = blend(part * Fraction(fact.target) / Fraction(target), past.seasons, season_prior)
    so_far, whole = part * Fraction(fact.actual), Fraction(target)
    usual = attained if past.attained is None else past.attained
    pace = shrunk_pace(so_far, whole, planned, usual, pull)
    return Projection(planned, so_far, whole, pace, past.known)


def blend(planned: Fraction, seasons: Sequence[Fraction], prior: int) -> Fraction:
    """The planned share with the seasonal ones, which count n ÷ (n + prior)."""
    years = len(seasons)
    if not years:
        return planned
    weight = Fraction(years, years + prior)
    return (1 - weight) * planned + weight * sum(seasons, Fraction(0)) / years


def shrunk_pace(
    so_far: Fraction, target: Fraction, planned: Fraction, usual: Fraction, pull: Fraction
) -> Fraction:
    """λ = (A + κTλ₀) ÷ (pT + κT)."""
    return (so_far + pull * target * usual) / (planned * target + pull * target)
