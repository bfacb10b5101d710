"""Curves over many drawn figures at once, in floats: what is drawn is never a figure shown."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from scoring.curves import BEST, FULL, Between, Curve, Deduction, Linear, Steps

Draws = NDArray[np.float64]


def points_of(curve: Curve, actuals: Draws, target: Decimal | None) -> Draws:
    """The scores of actuals under a curve, as floats."""
    full, aim = float(FULL), float(target or 0)
    match curve:
        case Linear(floor, cap):
            reached = actuals / aim
            points = np.where(reached < float(floor), 0.0, full * np.minimum(reached, float(cap)))
        case Between(best, good, bad, of):
            at = actuals if of == "value" else actuals / aim if of == "target" else actuals - aim
            sign = -1.0 if best < bad else 1.0
            corners = [sign * float(corner) for corner in (bad, good, best)]
            points = np.interp(sign * at, corners, [0.0, full, float(BEST)])
        case Steps(steps):
            levels = np.array([0.0, *(float(points) for _, points in steps)])
            points = levels[np.searchsorted([float(at) for at, _ in steps], actuals / aim, "right")]
        case Deduction(each):
            points = np.clip(full - float(each) * actuals, 0.0, full)
        case _:
            points = np.where(actuals > 0, 0.0, full)
    return points
