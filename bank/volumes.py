"""What a manager brought of each product in a period, as known on its scorecard's day."""

from fractions import Fraction

from bank.database import Transaction
from bank.performance.lending import drawn_by_class
from bank.performance.measuring import load_frame
from bank.performance.window import SHARE
from scoring.pay import Volume
from scoring.periods import Period
from scoring.rounding import whole
from scoring.rules import SEGMENTS, Product, Segment
from scoring.scheme import Scheme
from scoring.scorecard import Scorecard

MEASURED: tuple[tuple[str, Product, Segment], ...] = (
    ("P01a", "deposit", "corporate"),
    ("P01b", "deposit", "retail"),
    ("P03a", "wealth", "retail"),
    ("P03b", "investment_banking", "corporate"),
    ("P03c", "settlement", "corporate"),
)
"""The indicator that measures a product's volume in a segment; loans are asked of the records."""


def volumes(tx: Transaction, card: Scorecard, scheme: Scheme) -> tuple[Volume, ...]:
    """The volumes behind a scorecard; what was not measured is absent."""
    actual = {one.id: one.actual for one in card.indicators()}
    measured = tuple(
        Volume(product, segment, int(fen))
        for indicator, product, segment in MEASURED
        if (fen := actual.get(indicator)) is not None
    )
    frame = load_frame(tx, scheme, Period.parse(card.period), card.as_of)
    drawn = drawn_by_class(tx, frame, card.manager)
    loans = tuple(
        Volume("loan", segment, int(whole(Fraction(drawn[segment], SHARE))))
        for segment in SEGMENTS
        if segment in drawn
    )
    return (*measured, *loans)
