"""Weights: how indicators become dimensions and dimensions become the score.

An indicator without a score gives its weight to the others of its dimension; a dimension without
any gives its weight to the other dimensions. Never 0, never 100, and always shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rounding import micro
from scoring.scheme import Scheme

Scores = Mapping[str, Decimal | None]
"""Indicator id to its score, None where there is none."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The score, and what every part of it carried (out of 100)."""

    score: Decimal | None
    dimensions: Mapping[str, tuple[Fraction, Decimal | None]]
    """Dimension id to the weight it carried and its score."""
    indicators: Mapping[str, Fraction]
    """Indicator id to the weight it carried, 0 without a score."""


def weigh(scheme: Scheme, scores: Scores) -> Weighed:
    """Score = Σ weight × score ÷ Σ weight over whatever has a score."""
    inner = {dimension.id: _inner(scheme, dimension.id, scores) for dimension in scheme.dimensions}
    whole = sum(d.weight for d in scheme.dimensions if inner[d.id][0])
    total = Fraction(0)
    dimensions: dict[str, tuple[Fraction, Decimal | None]] = {}
    indicators = dict.fromkeys((indicator.id for indicator in scheme.indicators), Fraction(0))
    for dimension in scheme.dimensions:
        weight, points = inner[dimension.id]
        if not weight:
            dimensions[dimension.id] = (Fraction(0), None)
            continue
        carried = Fraction(dimension.weight * 100, whole)
        mean = points / weight
        dimensions[dimension.id] = (carried, micro(mean))
        total += carried * mean / 100
        for indicator in scheme.indicators:
            if indicator.dimension == dimension.id and scores.get(indicator.id) is not None:
                indicators[indicator.id] = carried * indicator.weight / weight
    return Weighed(micro(total) if whole else None, dimensions, indicators)


def _inner(scheme: Scheme, dimension: str, scores: Scores) -> tuple[int, Fraction]:
    """A dimension's scored weight, and its weighted points."""
    weight, points = 0, Fraction(0)
    for indicator in scheme.indicators:
        score = scores.get(indicator.id)
        if indicator.dimension == dimension and score is not None:
            weight += indicator.weight
            points += indicator.weight * Fraction(score)
    return weight, points
