"""The appraisal: facts become scores, scores the result, and vetoes cap it.

The order is fixed: curves, weights, grade, veto (kpi specification §1), and every figure
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
from scoring.levers import scores_of
from scoring.periods import Period
from scoring.rounding import micro, whole
from scoring.scheme import Indicator, Scheme
from scoring.scorecard import (
    DimensionScore,
    IndicatorScore,
    Json,
    Scorecard,
    VetoNote,
    number_json,
)
from scoring.weights import Weighed, weigh


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a scorecard is about, and for when."""

    manager: str
    period: Period
    as_of: date
    exposure_days: int
    """Days of the whole period the manager is employed."""


def score_manager(
    scheme: Scheme, subject: Subject, facts: Sequence[Fact], vetoes: Sequence[Veto]
) -> Scorecard:
    """Score a manager's facts under a scheme; pace and levers are added by whoever knows them."""
    known = {fact.indicator: fact for fact in facts}
    scores = scores_of(scheme, facts)
    weighed = weigh(scheme, scores)
    grade, veto = _grade(scheme, subject, weighed.score, vetoes)
    dimensions = tuple(
        DimensionScore(
            dimension.id,
            micro(weighed.dimensions[dimension.id][0]),
            weighed.dimensions[dimension.id][1],
            tuple(
                _indicator_score(indicator, known.get(indicator.id), scores, weighed, subject.as_of)
                for indicator in scheme.indicators
                if indicator.dimension == dimension.id
            ),
        )
        for dimension in scheme.dimensions
    )
    return Scorecard(
        subject.manager,
        subject.period.id,
        subject.as_of,
        weighed.score,
        grade,
        veto,
        dimensions,
    )


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
        }
        for veto in vetoes
    )
    return VetoNote(worst.code, incidents, before)


def _indicator_score(
    indicator: Indicator,
    fact: Fact | None,
    scores: Mapping[str, Decimal | None],
    weighed: Weighed,
    as_of: date,
) -> IndicatorScore:
    fact = fact or Fact(indicator.id, as_of, None, None, None, 0, 0, 0, note=NOT_MEASURED)
    score = scores.get(indicator.id)
    reached = None
    if score is not None and fact.actual is not None and fact.target and fact.target > 0:
        reached = None if falls(indicator.curve) else micro(attainment(fact.actual, fact.target))
    return IndicatorScore(
        indicator.id,
        indicator.name,
        indicator.unit,
        fact.actual,
        fact.target,
        reached,
        score,
        micro(weighed.indicators[indicator.id]),
        fact.as_of,
        "na" if score is None else "ok",
        _explain(indicator, fact, weighed.indicators[indicator.id]),
    )


def _explain(indicator: Indicator, fact: Fact, carried: Fraction) -> Json:
    """Everything needed to check a figure by hand.

    `weight` tells the scheme's weight from the one carried, and `note` is a reason code where there
    is no score. The records behind the figure are asked for when somebody looks.
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
        "clause": indicator.clause,
        "note": why_unscored(fact, indicator.curve),
        "weight": {"scheme": indicator.weight, "carried": number_json(micro(carried))},
    }


_described = cache(describe)
