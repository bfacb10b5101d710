"""Levers: which single act lifts the score most, found by scoring again with and without it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from scoring.curves import apply
from scoring.facts import Fact, percent, why_unscored
from scoring.indicators import Indicator
from scoring.periods import Period
from scoring.scheme import Scheme
from scoring.weights import Scores, Weights, total_score, weights_of

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Effect:
    """What a duty does to one indicator."""

    indicator: str
    units: int
    """What doing it adds to the numerator."""
    counted: bool
    """Whether the denominator holds it already; else it will, done or not."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something a manager still can do in time."""

    kind: Literal["visit", "warning"]
    subject: str
    """The client to visit or the warning to answer."""
    client_id: str
    due_by: date
    effects: tuple[Effect, ...]
    """On at least one indicator; the first is the one it is known by."""


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
    """Each fact's score under its indicator's curve; None where it has none.

    Facts of indicators that the scheme does not hold are passed over.
    """
    known = {indicator.id: indicator for indicator in scheme.indicators}
    return {
        fact.indicator: score_fact(known[fact.indicator], fact)
        for fact in facts
        if fact.indicator in known
    }


def score_fact(indicator: Indicator, fact: Fact) -> Decimal | None:
    """One fact's score, or None where it has none."""
    if fact.actual is None or why_unscored(fact, indicator.curve):
        return None
    return apply(indicator.curve, fact.actual, fact.target)


def levers(
    scheme: Scheme, period: Period, facts: Iterable[Fact], duties: Iterable[Duty]
) -> tuple[Lever, ...]:
    """The duties that lift the score, warnings by deadline first, then the most points.

    Deadlines come before points: a warning's answer is owed whatever it brings.
    """
    known = {fact.indicator: fact for fact in facts}
    scores = scores_of(scheme, known.values())
    before = Before(scheme, weights_of(scheme, period), known, scores)
    gains: dict[tuple[Effect, ...], Decimal] = {}
    found = []
    for duty in duties:
        if duty.effects not in gains:
            gains[duty.effects] = _gain(before, duty.effects)
        points = gains[duty.effects]
        if points > 0:
            name = duty.effects[0].indicator
            found.append(Lever(duty.kind, name, duty.subject, duty.client_id, duty.due_by, points))
    return tuple(sorted(found, key=_order)[:SHOWN])


@dataclass(frozen=True, slots=True)
class Before:
    """Where a manager stands before anything is done."""

    scheme: Scheme
    weights: Weights
    facts: Mapping[str, Fact]
    scores: Scores


def affected(fact: Fact, effect: Effect, *, done: bool) -> Fact:
    """The fact after a duty was done, or has lapsed."""
    numerator = fact.numerator + (effect.units if done else 0)
    denominator = fact.denominator + (0 if effect.counted else effect.units)
    actual = percent(numerator, denominator) if denominator else None
    return replace(fact, numerator=numerator, denominator=denominator, actual=actual, note="")


def _gain(before: Before, effects: Sequence[Effect]) -> Decimal:
    """The score with a duty done, less the score with it lapsed."""
    facts = before.facts
    felt = [e for e in effects if facts[e.indicator].actual is not None or not e.counted]
    done, lapsed = (
        total_score(
            before.weights,
            {
                **before.scores,
                **{
                    effect.indicator: score_fact(
                        before.scheme.indicator(effect.indicator),
                        affected(facts[effect.indicator], effect, done=done),
                    )
                    for effect in felt
                },
            },
        )
        for done in (True, False)
    )
    return Decimal(0) if done is None or lapsed is None else done - lapsed


def _order(lever: Lever) -> tuple[bool, Decimal, date, str]:
    if lever.kind == "warning":
        return False, Decimal(0), lever.due_by, lever.subject
    return True, -lever.points, lever.due_by, lever.subject
