"""Facts: what a manager's records say about one indicator, before any curve."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from scoring.curves import Curve, needs_target
from scoring.rounding import micro

# Why an indicator has no score; its weight then goes to the others.
NO_TARGET = "no_target"
TARGET_NOT_POSITIVE = "target_not_positive"
NO_CLIENTS = "no_clients"
NO_LOANS = "no_loans"
NO_BAD_LOANS = "no_bad_loans"
NOTHING_DUE = "nothing_due"
NOTHING_CHECKED = "nothing_checked"
TOO_FEW = "too_few"
NOT_MEASURED = "not_measured"

Row = Mapping[str, str | int]
"""A record behind a figure: always an "id", then whatever makes it understood."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One indicator of one manager as of a day.

    `actual` is in the indicator's unit: whole fen, percent, or points; None where there is nothing
    to measure, and `note` says why. `target` is what was to be reached by `as_of`, `period_target`
    by the end of the period. actual = numerator ÷ denominator (in percent for a ratio).
    """

    indicator: str
    as_of: date
    actual: Decimal | None
    target: Decimal | None
    period_target: Decimal | None
    numerator: int
    denominator: int
    days: int
    """Calendar days of the period elapsed."""
    scale: int = 1
    """The numerator and the denominator are kept as exact multiples of 1/scale."""
    note: str = ""
    level: Decimal | None = None
    """Of an average: what it stands at on the last day alone, in the indicator's unit."""


EVIDENCE = 20
"""Records shown behind one figure, at most."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The records behind a fact, asked for when somebody looks: the most telling first.

    What they name adds up to the fact's numerator, or counts to it, where all of them are shown.
    """

    rows: tuple[Row, ...]
    """At most EVIDENCE of them."""
    count: int
    """How many there are in all."""


def percent(numerator: int, denominator: int) -> Decimal:
    """A ratio in percent, to six decimals."""
    return micro(Fraction(100 * numerator, denominator))


def why_unscored(fact: Fact, curve: Curve) -> str:
    """The reason code of a fact that has no score under a curve; empty when it has one."""
    if fact.actual is None or not needs_target(curve):
        return fact.note
    if fact.target is None:
        return NO_TARGET
    return TARGET_NOT_POSITIVE if fact.target <= 0 else ""
