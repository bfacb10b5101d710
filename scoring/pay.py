"""A pay estimate: volumes at their prices, the grade's share and coefficient, and what is deferred.

Never payroll: whoever shows one says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring.milestones import allocate
from scoring.rounding import whole
from scoring.rules import PayRules, Product, Segment

Json = dict[str, Any]
BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Volume:
    """What somebody brought of a product in a segment, in fen."""

    product: Product
    segment: Segment
    fen: int


@dataclass(frozen=True, slots=True)
class Line:
    """A volume at its price."""

    volume: Volume
    basis_points: Decimal
    fen: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """What pay might come to, in fen: `gross` = `now` + `deferred`, and that = the sum of `parts`.

    `parts` are paid out one a year.
    """

    lines: tuple[Line, ...]
    commission_pct: int
    coefficient: Decimal
    gross: int
    now: int
    deferred: int
    parts: tuple[int, ...]

    def to_json(self) -> Json:
        """As --json gives it, and always with what it is not."""
        return {
            "label": "estimate, not payroll",
            "lines": [
                {
                    "product": line.volume.product,
                    "segment": line.volume.segment,
                    "volume_fen": line.volume.fen,
                    "basis_points": str(line.basis_points),
                    "fen": int(line.fen),
                }
                for line in self.lines
            ],
            "commission_pct": self.commission_pct,
            "coefficient": str(self.coefficient),
            "gross_fen": self.gross,
            "now_fen": self.now,
            "deferred_fen": self.deferred,
            "deferred_parts_fen": list(self.parts),
        }


def estimate(
    rules: PayRules, volumes: Sequence[Volume], grade: str, coefficient: Decimal
) -> Estimate:
    """Σ volume × price × commission × coefficient, less what is deferred.

    Fen are whole: each line's and the sum are rounded half up, and the deferred parts add up. A
    volume below zero takes from the sum, which itself is never below zero.
    """
    prices = {(price.product, price.segment): price.basis_points for price in rules.prices}
    priced = [
        (one, prices[one.product, one.segment])
        for one in volumes
        if (one.product, one.segment) in prices
    ]
    worth = [Fraction(one.fen) * Fraction(points) / BASIS_POINTS for one, points in priced]
    commission = rules.commission_pct.get(grade, 0)
    paid = sum(worth, Fraction(0)) * Fraction(commission, 100) * Fraction(coefficient)
    gross = max(int(whole(paid)), 0)
    deferred = int(whole(Fraction(gross * rules.deferral.pct, 100)))
    return Estimate(
        tuple(
            Line(one, points, whole(fen)) for (one, points), fen in zip(priced, worth, strict=True)
        ),
        commission,
        coefficient,
        gross,
        gross - deferred,
        deferred,
        tuple(allocate(deferred, rules.deferral.parts)),
    )
