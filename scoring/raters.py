"""Several raters' views as one figure: severity taken out, kinds weighed, what is missing told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.cycle_rules import RATERS, RaterRules
from scoring.rounding import micro

TOP = Fraction(100)


@dataclass(frozen=True, slots=True)
class Given:
    """One rating as it was given, 0 to 100; `unit` is the one its manager is compared within."""

    manager: str
    kind: str
    rater: str
    score: int
    unit: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A rating and what it counts: the raw one is kept beside it."""

    given: Given
    score: Decimal
    severity: Decimal
    """Points the rater gives above (or, below zero, under) their unit; 0 for who rates few."""


@dataclass(frozen=True, slots=True)
class View:
    """What one kind of rater says of a manager, and the percent it carries among the ratings."""

    kind: str
    score: Decimal | None
    weight: Decimal
    count: int


def corrected(ratings: Sequence[Given], rules: RaterRules) -> tuple[Corrected, ...]:
    """Every rating of a period, those of raters with many ratees set right for their severity.

    A rater's severity is how far they are from the means of the units they rate in, on average
    over their ratees, times n ÷ (n + prior): the fewer they rate, the less is taken for habit.
    """
    by_unit: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    by_rater: defaultdict[tuple[str, str], list[Given]] = defaultdict(list)
    for one in ratings:
        by_unit[one.kind, one.unit].append(one.score)
        by_rater[one.kind, one.rater].append(one)
    usual = {key: Fraction(sum(scores), len(scores)) for key, scores in by_unit.items()}
    severity = {key: _severity(theirs, usual, rules) for key, theirs in by_rater.items()}
    return tuple(_correct(one, severity[one.kind, one.rater]) for one in ratings)


def views(ratings: Sequence[Corrected], rules: RaterRules) -> tuple[View, ...]:
    """A manager's ratings by kind. A kind that is missing gives its weight to the others."""
    scores = {kind: [one.score for one in ratings if one.given.kind == kind] for kind in RATERS}
    whole = sum(rules.weights[kind] for kind in RATERS if scores[kind])
    found = []
    for kind in RATERS:
        if not scores[kind] or not whole:
            found.append(View(kind, None, Decimal(0), 0))
            continue
        mean = micro(Fraction(sum(scores[kind])) / len(scores[kind]))
        carried = micro(Fraction(rules.weights[kind] * 100, whole))
        found.append(View(kind, mean, carried, len(scores[kind])))
    return tuple(found)


def combined(found: Sequence[View]) -> Decimal | None:
    """Views as one figure; None while there is none."""
    there = [(Fraction(one.weight), one.score) for one in found if one.score is not None]
    whole = sum(weight for weight, _ in there)
    if not whole:
        return None
    return micro(sum((weight * Fraction(score) for weight, score in there), Fraction(0)) / whole)


def missing(kinds: Mapping[str, int], rules: RaterRules) -> tuple[str, ...]:
    """The mandatory kinds of rater that nobody has rated as; `kinds` counts the ratings."""
    return tuple(kind for kind in rules.mandatory if not kinds.get(kind))


def _severity(
    theirs: Sequence[Given], usual: Mapping[tuple[str, str], Fraction], rules: RaterRules
) -> Fraction:
    count = len({one.manager for one in theirs})
    if count < rules.severity_from:
        return Fraction(0)
    apart = sum((one.score - usual[one.kind, one.unit] for one in theirs), Fraction(0))
    return Fraction(count, count + rules.severity_prior) * apart / len(theirs)


def _correct(given: Given, severity: Fraction) -> Corrected:
    score = min(max(given.score - severity, Fraction(0)), TOP)
    return Corrected(given, micro(score), micro(severity))
