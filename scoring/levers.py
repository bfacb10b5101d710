"""Levers: which single act lifts the score most, found by scoring again with and without it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from scoring.curves import apply
from scoring.facts import Fact, percent, why_unscored
from scoring.scheme import Scheme
from scoring.weights import Scores, weigh

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Duty:
    """Something a manager still can do in time."""

    kind: Literal["visit", "warning"]
    indicator: str
    subject: str
    """The client to visit or the warning to answer."""
    client_id: str
    due_by: date
    units: int
    """What doing it adds to the indicator's numerator."""
    counted: bool
    """Whether the denominator holds it already; else it will, done or not."""


@dataclass(frozen=True, slots=True)
class Lever:
    """A duty and the points between doing it and letting it lapse."""

    kind: str
    indicator: str
    subject: str
    client_id: str
    due_by: date
    points: Decimal


def scores_of(scheme: Scheme, facts: Iterable[Fact]) -> dict[str, Decimal | None]:
    """Every fact's score under its indicator's curve; None where it has none."""
    return {fact.indicator: score_fact(scheme, fact) for fact in facts}


def score_fact(scheme: Scheme, fact: Fact) -> Decimal | None:
    """One fact's score, or None where it has none."""
    curve = scheme.indicator(fact.indicator).curve
    if fact.actual is None or why_unscored(fact, curve):
        return None
    return apply(curve, fact.actual, fact.target)


def levers(scheme: Scheme, facts: Iterable[Fact], duties: Iterable[Duty]) -> tuple[Lever, ...]:
    """The duties that lift the score, warnings by deadline first, then the most points.

    Deadlines come before points: a warning's answer is owed whatever it brings.
    """
    known = {fact.indicator: fact for fact in facts}
    scores = scores_of(scheme, known.values())
    gains: dict[tuple[str, int, bool], Decimal] = {}
    found = []
    for duty in duties:
        effect = (duty.indicator, duty.units, duty.counted)
        if effect not in gains:
            gains[effect] = _gain(scheme, known[duty.indicator], scores, duty)
        if gains[effect] > 0:
            found.append(
                Lever(
                    duty.kind,
                    duty.indicator,
                    duty.subject,
                    duty.client_id,
                    duty.due_by,
                    gains[effect],
                )
            )
    return tuple(sorted(found, key=_order)[:SHOWN])


def with_duty(fact: Fact, duty: Duty, *, done: bool) -> Fact:
    """The fact after a duty of its indicator was done, or has lapsed."""
    numerator = fact.numerator + (duty.units if done else 0)
    denominator = fact.denominator + (0 if duty.counted else duty.units)
    actual = percent(numerator, denominator) if denominator else None
    return replace(fact, numerator=numerator, denominator=denominator, actual=actual, note="")


def _gain(scheme: Scheme, fact: Fact, scores: Scores, duty: Duty) -> Decimal:
    if fact.actual is None and duty.counted:
        return Decimal(0)
    done, lapsed = (
        weigh(
            scheme,
            {**scores, fact.indicator: score_fact(scheme, with_duty(fact, duty, done=done))},
        ).score
        for done in (True, False)
    )
    return Decimal(0) if done is None or lapsed is None else done - lapsed


def _order(lever: Lever) -> tuple[bool, Decimal, date, str]:
    if lever.kind == "warning":
        return False, Decimal(0), lever.due_by, lever.subject
    return True, -lever.points, lever.due_by, lever.subject
