"""Weights: how indicators become dimensions and dimensions become the score.

An indicator without a score gives its weight to the one its scheme names for that, else to the
others of its dimension; a dimension without any gives its weight to the other dimensions. Never 0,
never 100, and always shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Literal

from scoring.periods import Period
from scoring.rounding import micro
from scoring.scheme import Scheme

Scores = Mapping[str, Decimal | None]
"""Indicator id to its score, None where there is none."""
WHOLE = 100
MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Share:
    """A dimension in the whole, and its indicators in it, in one unit for all dimensions."""

    dimension: str
    weight: int
    indicators: Mapping[str, int]
    """Those above 0; they sum to `weight`."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What everything weighs in one kind of period."""

    profile: str
    total: int
    """What all dimensions weigh together; a weight out of 100 is weight × 100 ÷ total."""
    shares: tuple[Share, ...]
    gives_to: Mapping[str, str]

    def of(self, indicator: str) -> Fraction:
        """What an indicator weighs out of 100 before anything moves."""
        found = (s.indicators[indicator] for s in self.shares if indicator in s.indicators)
        return Fraction(next(found, 0) * WHOLE, self.total)


@dataclass(frozen=True, slots=True)
class Moved:
    """A weight that an indicator without a score has given away."""

    indicator: str
    weight: Decimal
    """Out of 100."""
    how: Literal["indicator", "dimension", "others"]
    to: tuple[str, ...]
    """The indicators that carry it now; the dimensions where `how` is "others"."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The score, and what every part of it carried (out of 100)."""

    score: Decimal | None
    dimensions: Mapping[str, tuple[Fraction, Decimal | None]]
    """Dimension id to the weight it carried and its score."""
    indicators: Mapping[str, Fraction]
    """Indicator id to the weight it carried; without a score or a weight it is absent."""
    moved: tuple[Moved, ...]


def weights_of(scheme: Scheme, period: Period) -> Weights:
    """The scheme's weights in a period, by its profile."""
    profile = scheme.profile(period)
    exact = {
        each.id: each.weight * Fraction(profile.multiply.get(each.id, 1))
        for each in scheme.indicators
        if each.weight
    }
    unit = lcm(*(weight.denominator for weight in exact.values()))
    shares = []
    for dimension in scheme.dimensions:
        held = {
            each.id: int(exact[each.id] * unit)
            for each in scheme.indicators
            if each.dimension == dimension.id and each.id in exact
        }
        shares.append(Share(dimension.id, sum(held.values()), held))
    gives_to = {each.id: each.gives_to for each in scheme.indicators if each.gives_to}
    return Weights(profile.id, sum(share.weight for share in shares), tuple(shares), gives_to)


def total_score(weights: Weights, scores: Scores) -> Decimal | None:
    """Score = Σ weight × score ÷ Σ weight over whatever has a score; None where nothing has."""
    sums = [
        (share.weight, *_sum(_held(weights, share, scores), scores)) for share in weights.shares
    ]
    whole = sum(outer for outer, inner, _ in sums if inner)
    if not whole:
        return None
    points = sum(Fraction(outer * points, inner) for outer, inner, points in sums if inner)
    return micro(Fraction(points) / (whole * MICROS))


def weigh(weights: Weights, scores: Scores) -> Weighed:
    """The score with what carried it."""
    held = {share.dimension: _held(weights, share, scores) for share in weights.shares}
    whole = sum(share.weight for share in weights.shares if held[share.dimension])
    dimensions: dict[str, tuple[Fraction, Decimal | None]] = {}
    indicators: dict[str, Fraction] = {}
    for share in weights.shares:
        inner, points = _sum(held[share.dimension], scores)
        if not inner:
            dimensions[share.dimension] = (Fraction(0), None)
            continue
        carried = Fraction(share.weight * WHOLE, whole)
        dimensions[share.dimension] = (carried, micro(Fraction(points, inner * MICROS)))
        for name, weight in held[share.dimension].items():
            indicators[name] = carried * weight / inner
    moved = tuple(_moved(weights, scores, held)) if whole else ()
    return Weighed(total_score(weights, scores), dimensions, indicators, moved)


def _held(weights: Weights, share: Share, scores: Scores) -> dict[str, int]:
    """What the scored indicators of a dimension weigh, with what was given to them by name."""
    held = {
        name: weight for name, weight in share.indicators.items() if scores.get(name) is not None
    }
    for name, to in weights.gives_to.items():
        if name in share.indicators and name not in held and to in held:
            held[to] += share.indicators[name]
    return held


def _sum(held: Mapping[str, int], scores: Scores) -> tuple[int, int]:
    """A dimension's scored weight, and its weighted points in millionths."""
    points = 0
    for name, weight in held.items():
        points += weight * int((scores[name] or Decimal(0)).scaleb(6))
    return sum(held.values()), points


def _moved(
    weights: Weights, scores: Scores, held: Mapping[str, Mapping[str, int]]
) -> Iterator[Moved]:
    others = tuple(share.dimension for share in weights.shares if held[share.dimension])
    for share in weights.shares:
        scored = tuple(held[share.dimension])
        for name in share.indicators:
            if scores.get(name) is not None:
                continue
            weight, to = micro(weights.of(name)), weights.gives_to.get(name)
            if to in scored:
                yield Moved(name, weight, "indicator", (to,))
            elif scored:
                yield Moved(name, weight, "dimension", scored)
            else:
                yield Moved(name, weight, "others", others)
