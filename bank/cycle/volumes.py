"""What a manager brought of each product, as the scorecard of a period has it."""

from scoring.pay import Volume
from scoring.rules import Product, Segment
from scoring.scorecard import Scorecard

MEASURED: tuple[tuple[str, Product, Segment], ...] = (
    ("P01a", "deposit", "corporate"),
    ("P01b", "deposit", "retail"),
    ("P03a", "wealth", "retail"),
    ("P03b", "investment_banking", "corporate"),
    ("P03c", "settlement", "corporate"),
)
"""The indicator that measures a product's volume in a segment."""


def volumes(card: Scorecard) -> tuple[Volume, ...]:
    """The volumes of a scorecard; what was not measured is absent."""
    actual = {one.id: one.actual for one in card.indicators()}
    return tuple(
        Volume(product, segment, int(fen))
        for indicator, product, segment in MEASURED
        if (fen := actual.get(indicator)) is not None
    )
