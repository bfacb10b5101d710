"""Grades, and the vetoes that cap them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.curves import Text

NOT_GRADED = "not_graded"
"""In place of a grade: nothing could be scored, or too few days were worked in the period."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, given from a score on."""

    id: str
    name: Text
    start: Decimal
    coefficient: Decimal
    """What pay is multiplied by."""


@dataclass(frozen=True, slots=True)
class Veto:
    """What caps the grade (一票否决): a confirmed incident, or a figure over its limit.

    Of a figure `incident_id` names the indicator it is behind, and `actual` and `limit` are in
    percent for R02 and in fen for R00, a loss; `summary` is empty.
    """

    code: str
    incident_id: str
    event_day: date
    known_day: date
    summary: str
    clause: str
    actual: Decimal | None = None
    limit: Decimal | None = None


def grade_of(grades: Sequence[Grade], score: Decimal) -> str:
    """The best grade whose start the score reaches; the last one below all of them."""
    return next((grade.id for grade in grades if score >= grade.start), grades[-1].id)


def capped(
    grades: Sequence[Grade], grade: str, vetoes: Sequence[Veto], caps: Mapping[str, str]
) -> str:
    """A grade after its vetoes: the worst of itself and of every cap."""
    order = [known.id for known in grades]
    return max([grade, *(caps[veto.code] for veto in vetoes)], key=order.index)
