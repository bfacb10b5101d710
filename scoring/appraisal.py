"""The appraisal: facts become scores, scores the result, and vetoes cap it.

The order is fixed: curves, weights, items, grade, veto (kpi specification §1), and every figure
explains itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from scoring.curves import attainment, describe, falls
from scoring.facts import NOT_MEASURED, Fact, why_unscored
from scoring.grades import NOT_GRADED, Veto, capped, grade_of
from scoring.indicators import GATE, Indicator
from scoring.items import award
from scoring.levers import scores_of
from scoring.periods import Period
from scoring.rounding import micro, whole
from scoring.scheme import Scheme
from scoring.scorecard import (
    DimensionScore,
    IndicatorScore,
    Json,
    Scorecard,
    VetoNote,
    number_json,
)
from scoring.weights import Weighed, Weights, weigh, weights_of


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a scorecard is about, and for when."""

    manager: str
    period: Period
    as_of: date
    exposure_days: int
    """Days of the whole period the manager is employed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the rows of a scorecard are made of."""

    as_of: date
    facts: Mapping[str, Fact]
    scores: Mapping[str, Decimal | None]
    weights: Weights
    weighed: Weighed

    def fact(self, indicator: str) -> Fact:
        """The indicator's fact, or that there is none."""
        unknown = Fact(indicator, self.as_of, None, None, None, 0, 0, 0, note=NOT_MEASURED)
        return self.facts.get(indicator, unknown)


def score_manager(
    scheme: Scheme, subject: Subject, facts: Sequence[Fact], vetoes: Sequence[Veto]
) -> Scorecard:
    """Score a manager's facts under a scheme; pace is added by whoever knows it."""
    known = {GATE: _gate(subject.as_of, vetoes), **{fact.indicator: fact for fact in facts}}
    scores = scores_of(scheme, known.values())
    weights = weights_of(scheme, subject.period)
    result = Result(subject.as_of, known, scores, weights, weigh(weights, scores))
    items = award(scheme.items, known)
    score = result.weighed.score
    if score is not None:
        score += sum((item.points for item in items), Decimal(0))
    grade, veto = _grade(scheme, subject, score, vetoes)
    return Scorecard(
        subject.manager,
        subject.period.id,
        subject.as_of,
        score,
        grade,
        veto,
        tuple(_dimension(scheme, dimension.id, result) for dimension in scheme.dimensions),
        monitored=tuple(_indicator(i, result) for i in scheme.indicators if i.is_monitored),
        items=items,
        moved=result.weighed.moved,
        profile=weights.profile,
    )


def _gate(as_of: date, vetoes: Sequence[Veto]) -> Fact:
    """R00: how many vetoes are confirmed."""
    return Fact(GATE, as_of, Decimal(len(vetoes)), None, None, len(vetoes), 1, 0)


def _dimension(scheme: Scheme, dimension: str, result: Result) -> DimensionScore:
    carried, score = result.weighed.dimensions[dimension]
    rows = tuple(
        _indicator(indicator, result)
        for indicator in scheme.indicators
        if indicator.dimension == dimension and not indicator.is_monitored
    )
    return DimensionScore(dimension, micro(carried), score, rows)


def _grade(
    scheme: Scheme, subject: Subject, score: Decimal | None, vetoes: Sequence[Veto]
) -> tuple[str, VetoNote | None]:
    if score is None or subject.exposure_days < scheme.graded_from_days:
        return NOT_GRADED, _veto_note(scheme, vetoes, NOT_GRADED)
    before = grade_of(scheme.grades, score)
    return capped(scheme.grades, before, vetoes, scheme.vetoes), _veto_note(scheme, vetoes, before)


def _veto_note(scheme: Scheme, vetoes: Sequence[Veto], before: str) -> VetoNote | None:
    if not vetoes:
        return None
    order = [grade.id for grade in scheme.grades]
    worst = max(vetoes, key=lambda veto: order.index(scheme.vetoes[veto.code]))
    incidents = tuple(
        {
            "id": veto.incident_id,
            "code": veto.code,
            "event_day": veto.event_day.isoformat(),
            "known_day": veto.known_day.isoformat(),
            "summary": veto.summary,
            "clause": veto.clause,
            "actual": number_json(veto.actual),
            "limit": number_json(veto.limit),
        }
        for veto in vetoes
    )
    return VetoNote(worst.code, incidents, before)


def _indicator(indicator: Indicator, result: Result) -> IndicatorScore:
    fact = result.fact(indicator.id)
    score = None if indicator.is_monitored else result.scores.get(indicator.id)
    measured = fact.actual is not None if indicator.is_monitored else score is not None
    reached = None
    if measured and fact.actual is not None and fact.target and fact.target > 0:
        reached = None if falls(indicator.curve) else micro(attainment(fact.actual, fact.target))
    return IndicatorScore(
        indicator.id,
        indicator.parent,
        indicator.name,
        indicator.unit,
        fact.actual,
        fact.target,
        reached,
        score,
        micro(result.weighed.indicators.get(indicator.id, Fraction(0))),
        fact.as_of,
        "ok" if measured else "na",
        _explain(indicator, fact, result),
    )


def _explain(indicator: Indicator, fact: Fact, result: Result) -> Json:
    """Everything needed to check a figure by hand.

    `weight` tells what the scheme gives, what that is in the period's profile, what was carried,
    whose weights came `from` where, and, without a score, `to` which indicators or dimensions its
    own went; `note` is a reason code where there is no score. The records
    behind the figure are asked for when somebody looks.
    """
    return {
        "formula": indicator.formula,
        "as_of": fact.as_of.isoformat(),
        "inputs": {
            "numerator": number_json(whole(Fraction(fact.numerator, fact.scale)))
            if indicator.unit == "cny"
            else number_json(micro(Fraction(fact.numerator, fact.scale))),
            "denominator": number_json(micro(Fraction(fact.denominator, fact.scale))),
            "days": fact.days,
            "period_target": number_json(fact.period_target),
        },
        "curve": _described(indicator.curve),
        "attribution": indicator.attribution,
        "clause": indicator.clause,
        "note": why_unscored(fact, indicator.curve),
        "weight": _weight(indicator, result),
    }


def _weight(indicator: Indicator, result: Result) -> Json:
    moved = result.weighed.moved
    carried = result.weighed.indicators.get(indicator.id, Fraction(0))
    came = {
        each.indicator
        for each in moved
        if indicator.id in each.to or (each.how == "others" and carried)
    }
    went = (each.to for each in moved if each.indicator == indicator.id)
    return {
        "scheme": indicator.weight,
        "profile": number_json(micro(result.weights.of(indicator.id))),
        "carried": number_json(micro(carried)),
        "from": sorted(came),
        "to": list(next(went, ())),
    }


_described = cache(describe)
