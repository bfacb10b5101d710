"""Levers: which act lifts the score most, found by scoring again with and without it.

Only the manager's own open work is looked at. What the bank must have done in time comes first,
whatever it brings; nothing is sold to whom it does not suit or whose warning stands open; and
nothing is suggested for a single day's balance, for another's loan, or for a client's opinion.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from scoring.curves import Between, Curve, Linear, Steps, apply
from scoring.facts import Fact, percent, why_unscored
from scoring.indicators import Indicator, Unit
from scoring.items import award
from scoring.outlook_rules import Kind
from scoring.periods import Period
from scoring.rounding import micro, whole
from scoring.scheme import Scheme
from scoring.weights import Scores, Weights, total_score, weights_of

COMPULSORY: frozenset[Kind] = frozenset({"warning", "exam", "overdue"})
"""What must be done by its day, whatever it brings."""
SALES: frozenset[Kind] = frozenset({"renewal", "prospect"})
"""What sells something to a client."""
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does to the numerator and the denominator of an indicator's fact.

    In the figures' own unit: visits, warnings, points of an exam, fen of a sum, fen × days of an
    average.
    """

    indicator: str
    done: Fraction
    """Added to the numerator when it is done, …"""
    lapsed: Fraction = Fraction(0)
    """… and when it is not."""
    asked: Fraction = Fraction(0)
    """Added to the denominator either way: it will be asked for, done or not."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a manager still can do."""

    kind: Kind
    subject: str
    """The client, warning, loan, account or course it is about."""
    client_id: str
    """Empty for an exam."""
    due_by: date
    effects: tuple[Effect, ...]
    """On at least one indicator; the first is the one it is known by."""
    amount: int = 0
    """Fen at stake, where it is about money."""
    suitable: bool = True
    """Of a sale: that the records let it suit the client."""
    warned: bool = False
    """Whether a red or an orange warning on the client stands open."""

    @property
    def is_allowed(self) -> bool:
        """Whether it may be suggested at all."""
        return self.kind not in SALES or (self.suitable and not self.warned)


@dataclass(frozen=True, slots=True)
class Step:
    """Where an indicator's points next change their course: at its floor, its target or its cap."""

    actual: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class Lever:
    """An action, and the points between doing it and letting it lapse."""

    kind: Kind
    indicator: str
    subject: str
    client_id: str
    due_by: date
    amount: int
    points: Decimal
    probability: Decimal
    """That it comes off, from 0 to 1."""
    hours: Decimal
    value: Decimal
    """Points × probability ÷ hours, by which levers are ranked."""
    to_grade: Decimal | None
    """Points still missing to the next grade once it is done; None at the best one."""
    next_step: Step | None
    """The next step of the indicator's curve, from where it stands; None beyond the last."""

    @property
    def is_compulsory(self) -> bool:
        """Whether it must be done whatever it brings."""
        return self.kind in COMPULSORY

    def to_json(self) -> Json:
        """What `daybook kpi --json` tells under "levers"."""
        step = self.next_step
        return {
            "kind": self.kind,
            "indicator": self.indicator,
            "subject": self.subject,
            "client": self.client_id,
            "due_by": self.due_by.isoformat(),
            "amount_fen": self.amount,
            "points": float(self.points),
            "probability": float(self.probability),
            "hours": float(self.hours),
            "value": float(self.value),
            "compulsory": self.is_compulsory,
            "to_grade": None if self.to_grade is None else float(self.to_grade),
            "next_step": step and {"actual": float(step.actual), "score": float(step.score)},
        }


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
    scheme: Scheme, period: Period, facts: Iterable[Fact], actions: Iterable[Action]
) -> tuple[Lever, ...]:
    """The actions worth suggesting: the compulsory by deadline, then the most points an hour.

    `facts` are as they stand or as they are heading; each action is scored on them with it done
    and with it lapsed, alone. What brings nothing, because a cap is reached, is left out; a
    compulsory action never is.
    """
    known = {fact.indicator: fact for fact in facts}
    before = Before(scheme, weights_of(scheme, period), known, scores_of(scheme, known.values()))
    outcomes: dict[tuple[Effect, ...], tuple[Decimal | None, Decimal | None]] = {}
    found = []
    for action in actions:
        if not action.is_allowed:
            continue
        if action.effects not in outcomes:
            outcomes[action.effects] = _outcome(before, action.effects)
        done, lapsed = outcomes[action.effects]
        points = Decimal(0) if done is None or lapsed is None else done - lapsed
        if points > 0 or action.kind in COMPULSORY:
            found.append(_lever(before, action, max(points, Decimal(0)), done))
    return tuple(sorted(found, key=_order)[: scheme.levers.most])


@dataclass(frozen=True, slots=True)
class Before:
    """Where a manager stands before anything is done."""

    scheme: Scheme
    weights: Weights
    facts: Mapping[str, Fact]
    scores: Scores


def affected(indicator: Indicator, fact: Fact, effect: Effect, *, done: bool) -> Fact:
    """The fact after an action was done, or has lapsed."""
    numerator = fact.numerator + (effect.done if done else effect.lapsed) * fact.scale
    denominator = fact.denominator + effect.asked * fact.scale
    return replace(
        fact,
        numerator=int(numerator),
        denominator=int(denominator),
        actual=_figure(indicator.unit, int(numerator), int(denominator)) if denominator else None,
        note="",
    )


def next_step(curve: Curve, actual: Decimal, target: Decimal | None) -> Step | None:
    """The next step of a curve that is better than an actual; None beyond the last.

    An `L` changes at its floor, its target and its cap, a `B` at bad, good and best.
    """
    at = actual
    match curve:
        case Linear(floor, cap) if target is not None and target > 0:
            corners = [floor * target, target, cap * target]
        case Steps(steps) if target is not None and target > 0:
            corners = [reached * target for reached, _ in steps]
        case Between(best, good, bad, of) if of == "value":
            corners = [bad, good, best]
        case Between(best, good, bad, "target") if target is not None and target > 0:
            corners = [corner * target for corner in (bad, good, best)]
        case Between(best, good, bad, "difference") if target is not None:
            corners = [corner + target for corner in (bad, good, best)]
        case _:
            return None
    rises = corners[0] <= corners[-1]
    ahead = [corner for corner in corners if (corner > at if rises else corner < at)]
    return Step(micro(ahead[0]), apply(curve, ahead[0], target)) if ahead else None


def _figure(unit: Unit, numerator: int, denominator: int) -> Decimal:
    if unit == "percent":
        return percent(numerator, denominator)
    figure = Fraction(numerator, denominator)
    return whole(figure) if unit == "cny" else micro(figure)


def _outcome(before: Before, effects: Sequence[Effect]) -> tuple[Decimal | None, Decimal | None]:
    """The whole score with an action done, and with it lapsed."""
    done, lapsed = (_score(before, effects, done=done) for done in (True, False))
    return done, lapsed


def _score(before: Before, effects: Sequence[Effect], *, done: bool) -> Decimal | None:
    scheme, facts = before.scheme, before.facts
    changed = {
        each.indicator: affected(
            scheme.indicator(each.indicator), facts[each.indicator], each, done=done
        )
        for each in effects
        if each.indicator in facts and (facts[each.indicator].actual is not None or each.asked)
    }
    scores = {name: score_fact(scheme.indicator(name), fact) for name, fact in changed.items()}
    score = total_score(before.weights, {**before.scores, **scores})
    rules = [rule for rule in scheme.items if rule.of in facts]
    if score is None or not rules:
        return score
    items = award(rules, {**facts, **changed})
    return score + sum((item.points for item in items), Decimal(0))


def _lever(before: Before, action: Action, points: Decimal, done: Decimal | None) -> Lever:
    likely = before.scheme.levers.kinds[action.kind]
    name = action.effects[0].indicator
    fact, step = before.facts.get(name), None
    if fact is not None and fact.actual is not None:
        step = next_step(before.scheme.indicator(name).curve, fact.actual, fact.target)
    return Lever(
        action.kind,
        name,
        action.subject,
        action.client_id,
        action.due_by,
        action.amount,
        points,
        likely.probability,
        likely.hours,
        micro(points * likely.probability / likely.hours),
        None if done is None else _to_grade(before.scheme, done, points),
        step,
    )


def _to_grade(scheme: Scheme, done: Decimal, points: Decimal) -> Decimal | None:
    """What is missing, with an action done, to the grade above the one without it."""
    above = [grade.start for grade in scheme.grades if grade.start > done - points]
    return max(min(above) - done, Decimal(0)) if above else None


def _order(lever: Lever) -> tuple[bool, Decimal, date, str]:
    if lever.is_compulsory:
        return False, Decimal(0), lever.due_by, lever.subject
    return True, -lever.value, lever.due_by, lever.subject
