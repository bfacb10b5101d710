"""Curves: declared data that turn an indicator's actual into a score from 0 to 120.

Kpi specification §1. Lower-is-better is always `Between`; target ÷ actual explodes at 0.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from scoring.errors import TargetError
from scoring.rounding import micro

BEST, FULL, NONE = Decimal(120), Decimal(100), Decimal(0)

Text = dict[str, str]
"""The same words in each language: {"en": …, "zh": …}."""


@dataclass(frozen=True, slots=True)
class Linear:
    """L(f, c): nothing below the floor, then 100 × attainment up to the cap."""

    floor: Decimal
    cap: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.floor < self.cap <= BEST / FULL:
            raise ValueError("L needs 0 ≤ floor < cap ≤ 1.2")


@dataclass(frozen=True, slots=True)
class Between:
    """B(best, good, bad): 120 at best, 100 at good, 0 at bad, straight lines between.

    It reads the value itself, the value as a multiple of the target, or their difference.
    """

    best: Decimal
    good: Decimal
    bad: Decimal
    of: Literal["value", "target", "difference"] = "value"

    def __post_init__(self) -> None:
        if not (self.best > self.good > self.bad or self.best < self.good < self.bad):
            raise ValueError("B needs best, good, bad in falling or in rising order")


@dataclass(frozen=True, slots=True)
class Steps:
    """S[…]: (attainment from, score) in rising order; nothing below the first step."""

    steps: tuple[tuple[Decimal, Decimal], ...]

    def __post_init__(self) -> None:
        rising = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(self.steps))
        if (
            not self.steps
            or not rising
            or not NONE <= self.steps[0][1] <= self.steps[-1][1] <= BEST
        ):
            raise ValueError("S needs steps [attainment, score] that rise, with scores 0 to 120")


@dataclass(frozen=True, slots=True)
class Deduction:
    """D(n): 100 less n a unit, never below 0."""

    each: Decimal

    def __post_init__(self) -> None:
        if self.each <= 0:
            raise ValueError("D needs a deduction above 0")


@dataclass(frozen=True, slots=True)
class Gate:
    """G: open at 0, shut by anything more. It carries no weight; the veto caps the grade."""


Curve = Linear | Between | Steps | Deduction | Gate


def apply(curve: Curve, actual: Decimal, target: Decimal | None) -> Decimal:
    """The score of an actual, to six decimals; TargetError where the curve cannot use the target.

    A target of zero or less only makes sense for a `Between` that does not divide by it.
    """
    match curve:
        case Linear(floor, cap):
            reached = attainment(actual, target)
            score = NONE if reached < floor else FULL * min(reached, cap)
        case Between():
            score = _between(curve, _position(curve, actual, target))
        case Steps(steps):
            reached = attainment(actual, target)
            score = max((points for at, points in steps if reached >= at), default=NONE)
        case Deduction(each):
            score = min(max(FULL - each * actual, NONE), FULL)
        case Gate():
            score = NONE if actual > 0 else FULL
    return micro(score)


def attainment(actual: Decimal, target: Decimal | None) -> Decimal:
    """Actual ÷ target; TargetError when the target is missing or not above zero."""
    if target is None or target <= 0:
        raise TargetError(target)
    return actual / target


def needs_target(curve: Curve) -> bool:
    """Whether the curve divides by a target, which must then be above zero."""
    match curve:
        case Linear() | Steps():
            return True
        case Between():
            return curve.of == "target"
        case Deduction() | Gate():
            return False


def falls(curve: Curve) -> bool:
    """Whether less is better."""
    return isinstance(curve, Deduction | Gate) or (
        isinstance(curve, Between) and curve.best < curve.bad
    )


def describe(curve: Curve) -> Text:
    """The curve in a sentence, in English and Chinese."""
    match curve:
        case Linear(floor, cap):
            low, high = _plain(floor * 100), _plain(cap * 100)
            return {
                "en": f"100 × actual ÷ target; 0 below {low} %, at most {high} points",
                "zh": f"100×实际÷目标；低于{low}%得0分，最高{high}分",
            }
        case Between(best, good, bad, of):
            what = _READ[of]
            best_, good_, bad_ = _plain(best), _plain(good), _plain(bad)
            return {
                "en": f"{what['en']}: 120 points at {best_}, 100 at {good_}, 0 at {bad_}, "
                "in proportion between",
                "zh": f"{what['zh']}：{best_}得120分，{good_}得100分，{bad_}得0分，其间按比例",
            }
        case Steps(steps):
            return {
                "en": "; ".join(f"from {_plain(at * 100)} %: {_plain(s)}" for at, s in steps),
                "zh": "；".join(f"达到{_plain(at * 100)}%得{_plain(s)}分" for at, s in steps),
            }
        case Deduction(each):
            return {
                "en": f"100 points less {_plain(each)} a unit, at least 0",
                "zh": f"100分，每单位扣{_plain(each)}分，最低0分",
            }
        case Gate():
            return {
                "en": "no points; one that is confirmed caps the grade",
                "zh": "不计分；一经确认，等级封顶",
            }


_READ = {
    "value": {"en": "the value itself", "zh": "按实际值"},
    "target": {"en": "actual as a multiple of the target", "zh": "按实际为目标的倍数"},
    "difference": {"en": "actual less target", "zh": "按实际减目标"},
}


def _position(curve: Between, actual: Decimal, target: Decimal | None) -> Decimal:
    if curve.of == "value":
        return actual
    if curve.of == "target":
        return attainment(actual, target)
    if target is None:
        raise TargetError(target)
    return actual - target


def _between(curve: Between, at: Decimal) -> Decimal:
    best, good, bad = curve.best, curve.good, curve.bad
    if best < bad:  # mirror, so that more is better below
        best, good, bad, at = -best, -good, -bad, -at
    if at >= best:
        return BEST
    if at >= good:
        return FULL + (BEST - FULL) * (at - good) / (best - good)
    if at >= bad:
        return FULL * (at - bad) / (good - bad)
    return NONE


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
