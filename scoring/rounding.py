"""Rounding: half up (away from zero), exactly, in two places only."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MICRO = Decimal("0.000001")
"""Scores and percentages are kept to six decimals; fewer are a matter of display."""


def micro(value: Decimal | Fraction) -> Decimal:
    """A value to six decimals."""
    if isinstance(value, Fraction):
        return (_nearest(value * 1_000_000) * MICRO).quantize(MICRO)
    return value.quantize(MICRO, ROUND_HALF_UP)


def whole(value: Fraction) -> Decimal:
    """A value to the nearest whole unit, such as fen."""
    return _nearest(value)


def _nearest(value: Fraction) -> Decimal:
    units = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return Decimal(units if value >= 0 else -units)
