"""Facts again from a stored scorecard: what is shown is what a forecast and levers start from."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from scoring.facts import Fact
from scoring.scorecard import IndicatorScore, Scorecard

MICROS = 1_000_000
"""Numerators and denominators are stored to six decimals."""


def facts_of(card: Scorecard) -> Mapping[str, Fact]:
    """The facts a scorecard was made of, by indicator, in the scheme's order.

    Scorecards from before inputs were kept give facts without any: nothing can be done about them.
    """
    return {each.id: _fact(each) for each in card.indicators()}


def _fact(scored: IndicatorScore) -> Fact:
    inputs = scored.explain.get("inputs") or {}
    return Fact(
        scored.id,
        scored.as_of,
        scored.actual,
        scored.target,
        _decimal(inputs.get("period_target")),
        _micros(inputs.get("numerator")),
        _micros(inputs.get("denominator")),
        inputs.get("days") or 0,
        MICROS,
        scored.explain.get("note") or "",
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _micros(value: float | None) -> int:
    return int(Fraction(_decimal(value) or 0) * MICROS)
