"""From measures to facts: an indicator's figure of one manager, beside what was asked by now."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from bank.performance.measuring import Frame
from bank.performance.targets import Asked
from bank.performance.window import Measure
from scoring.facts import NOTHING_DUE, Fact, percent
from scoring.rounding import micro, whole


def amount_fact(
    frame: Frame, indicator: str, measure: Measure | None, asked: Asked | None, why_none: str = ""
) -> Fact:
    """A fact in fen, or another whole unit; without a measure there is none, and `why_none`."""
    found = measure or Measure(0, 1)
    return Fact(
        indicator,
        frame.window.through,
        whole(Fraction(found.numerator, found.denominator)) if measure else None,
        asked.so_far if asked else None,
        asked.in_all if asked else None,
        found.numerator,
        found.denominator,
        frame.window.days,
        found.scale,
        why_none if measure is None else "",
        found.level,
    )


def percent_fact(
    frame: Frame,
    indicator: str,
    measure: Measure | None,
    signed: int | None = None,
    why_none: str = NOTHING_DUE,
    *,
    elapsed: Fraction = Fraction(1),
) -> Fact:
    """A fact in percent; nothing to divide by is no figure.

    Its target is the one everyone has, or the manager `signed`; `elapsed` is the part of it that
    is asked by now.
    """
    found = measure if measure and measure.denominator else None
    actual = percent(found.numerator, found.denominator) if found else None
    fact = _rate(frame, indicator, found, actual, why_none)
    if signed is not None:
        fact = replace(fact, target=Decimal(signed), period_target=Decimal(signed))
    if fact.target is not None and elapsed != 1:
        fact = replace(fact, target=micro(Fraction(fact.target) * elapsed))
    return fact


def points_fact(
    frame: Frame,
    indicator: str,
    measure: Measure | None,
    signed: int | None = None,
    why_none: str = NOTHING_DUE,
) -> Fact:
    """A fact in points, or per something: numerator ÷ denominator as they are."""
    found = measure if measure and measure.denominator else None
    actual = micro(Fraction(found.numerator, found.denominator)) if found else None
    fact = _rate(frame, indicator, found, actual, why_none)
    if signed is not None:
        fact = replace(fact, target=Decimal(signed), period_target=Decimal(signed))
    return fact


def _rate(
    frame: Frame, indicator: str, measure: Measure | None, actual: Decimal | None, why_none: str
) -> Fact:
    # A scheme may do without the indicator: the fact is then left out by whoever asks.
    target = next((each.target for each in frame.scheme.indicators if each.id == indicator), None)
    found = measure or Measure(0, 0)
    return Fact(
        indicator,
        frame.window.through,
        actual,
        target,
        target,
        found.numerator,
        found.denominator,
        frame.window.days,
        found.scale,
        "" if measure else why_none,
    )
