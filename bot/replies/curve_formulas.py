"""Curves as a workbook reckons them: the same arithmetic as scoring/curves, on cells."""

from decimal import Decimal

from scoring.curves import (
    BEST,
    FULL,
    Between,
    Curve,
    Deduction,
    Gate,
    Linear,
    Steps,
    apply,
)
from scoring.errors import TargetError
from scoring.scorecard import IndicatorScore

PLACES = 6
FEN = 100


def points_formula(curve: Curve, scored: IndicatorScore, actual: str, target: str) -> str | None:
    """The points of a figure from the cells of its actual and its target, money being in yuan.

    None where the curve does not give the stored points, as that of a scheme changed since.
    """
    if scored.actual is None or scored.score is None:
        return None
    try:
        given = apply(curve, scored.actual, scored.target)
    except TargetError:
        return None
    if given != scored.score:
        return None
    scale = FEN if scored.unit == "cny" else 1
    return f"ROUND({_points(curve, actual, target, scale)},{PLACES})"


def _points(curve: Curve, actual: str, target: str, scale: int) -> str:
    # To twelve places, so that the last digit of a cell in yuan decides no step.
    reached = f"ROUND({actual}/{target},12)"
    value = f"{actual}*{scale}" if scale > 1 else actual
    match curve:
        case Linear(floor, cap):
            return f"IF({reached}<{_plain(floor)},0,100*MIN({reached},{_plain(cap)}))"
        case Between():
            gap = f"({actual}-{target})*{scale}" if scale > 1 else f"({actual}-{target})"
            return _between(curve, {"value": value, "target": reached, "difference": gap}[curve.of])
        case Steps(steps):
            formula = "0"
            for from_, points in steps:
                formula = f"IF({reached}>={_plain(from_)},{_plain(points)},{formula})"
            return formula
        case Deduction(each):
            return f"MIN(100,MAX(0,100-{_plain(each)}*{value}))"
        case Gate():
            return f"IF({value}>0,0,100)"


def _between(curve: Between, at: str) -> str:
    best, good, bad = curve.best, curve.good, curve.bad
    sign = ">=" if best > bad else "<="
    high = f"100+{_plain(BEST - FULL)}*({at}-{_signed(good)})/{_signed(best - good)}"
    low = f"100*({at}-{_signed(bad)})/{_signed(good - bad)}"
    inner = f"IF({at}{sign}{_plain(bad)},{low},0)"
    return f"IF({at}{sign}{_plain(best)},120,IF({at}{sign}{_plain(good)},{high},{inner}))"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _signed(value: Decimal) -> str:
    return f"({_plain(value)})" if value < 0 else _plain(value)
