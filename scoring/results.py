"""An appraisal's result: the indicators' score, what people add with a reason, grade and veto.

The order is fixed: parts, then points added and taken, then the grade, the committee's move of
it, and last the veto's cap, which nothing lifts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring.cycle_rules import CycleRules
from scoring.grades import NOT_GRADED, grade_of
from scoring.raters import View, combined
from scoring.rounding import micro
from scoring.scheme import Scheme
from scoring.scorecard import number_json

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Added:
    """Points that somebody added or took, and why.

    `kind` is "risk", "client", "appeal" or "prior" (a later fact about a locked period).
    """

    kind: str
    points: Decimal
    reason: str
    source: str
    """The row it comes from."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a result is made of. `score` and `graded` are the stored scorecard's.

    `quarters` are the year's settled quarters by period, None where one was not scored.
    """

    kind: str
    score: Decimal | None
    graded: bool
    veto: str = ""
    """The worst veto's code, or ""."""
    quarters: Mapping[str, Decimal | None] | None = None
    views: tuple[View, ...] = ()
    items: tuple[Added, ...] = ()
    moved: str = ""
    """The grade the committee gave instead, or ""."""


@dataclass(frozen=True, slots=True)
class Result:
    """A result with every step to it. Grades are ids of the scheme, or "not_graded"."""

    kind: str
    indicators: Decimal | None
    """What the indicators come to: a year's own and its quarters', weighed."""
    own: Decimal | None
    quarters: tuple[tuple[str, Decimal | None], ...]
    rated: Decimal | None
    views: tuple[View, ...]
    items: tuple[Added, ...]
    score: Decimal | None
    grade_by_score: str
    moved: str
    veto: str
    grade: str

    def to_json(self) -> Json:
        """As it is stored, and its hash taken."""
        return {
            "kind": self.kind,
            "indicators": number_json(self.indicators),
            "own": number_json(self.own),
            "quarters": [[period, number_json(score)] for period, score in self.quarters],
            "rated": number_json(self.rated),
            "views": [
                [one.kind, number_json(one.score), number_json(one.weight), one.count]
                for one in self.views
            ],
            "items": [
                [one.kind, number_json(one.points), one.reason, one.source] for one in self.items
            ],
            "score": number_json(self.score),
            "grade_by_score": self.grade_by_score,
            "moved": self.moved,
            "veto": self.veto,
            "grade": self.grade,
        }

    @classmethod
    def from_json(cls, data: Json) -> "Result":
        """The result that `to_json` wrote, figure for figure."""
        return cls(
            data["kind"],
            _decimal(data["indicators"]),
            _decimal(data["own"]),
            tuple((period, _decimal(score)) for period, score in data["quarters"]),
            _decimal(data["rated"]),
            tuple(
                View(kind, _decimal(score), _decimal(weight) or Decimal(0), count)
                for kind, score, weight, count in data["views"]
            ),
            tuple(
                Added(kind, _decimal(points) or Decimal(0), reason, source)
                for kind, points, reason, source in data["items"]
            ),
            _decimal(data["score"]),
            data["grade_by_score"],
            data["moved"],
            data["veto"],
            data["grade"],
        )


def settle(scheme: Scheme, rules: CycleRules, inputs: Inputs) -> Result:
    """What an appraisal comes to."""
    rated = None
    quarters = tuple(sorted((inputs.quarters or {}).items()))
    indicators = inputs.score
    if inputs.kind == "year":
        indicators = _of_the_year(inputs.score, [score for _, score in quarters], rules)
        rated = combined(inputs.views)
    score = _with_raters(indicators, rated, rules)
    if score is not None:
        score = max(micro(score + sum(item.points for item in inputs.items)), Decimal(0))
    by_score = NOT_GRADED
    if score is not None and inputs.graded:
        by_score = grade_of(scheme.grades, score)
    moved = inputs.moved if by_score != NOT_GRADED else ""
    return Result(
        inputs.kind,
        indicators,
        inputs.score,
        quarters,
        rated,
        inputs.views,
        inputs.items,
        score,
        by_score,
        moved,
        inputs.veto,
        _capped(scheme, moved or by_score, inputs.veto),
    )


def out_of_quota(grades: Sequence[str], quotas: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Grades that more people have than their quota allows, each with how many too many.

    A quota is a percent of those graded, and never less than one person.
    """
    graded = [grade for grade in grades if grade != NOT_GRADED]
    found = []
    for grade, percent in quotas.items():
        allowed = max(len(graded) * percent // 100, 1)
        if graded.count(grade) > allowed:
            found.append((grade, graded.count(grade) - allowed))
    return tuple(found)


def quarter_of_peers(own: Decimal, peers: Sequence[Decimal], fewest: int) -> int | None:
    """Which quarter of their peers, oneself among them, a score is in: 1 is the highest.

    None among so few that it would tell of somebody else.
    """
    if len(peers) < fewest:
        return None
    above = sum(score > own for score in peers)
    return above * 4 // len(peers) + 1


def _of_the_year(
    own: Decimal | None, quarters: Sequence[Decimal | None], rules: CycleRules
) -> Decimal | None:
    """The mean of the quarters that were scored, and the year's own score."""
    scored = [score for score in quarters if score is not None]
    parts = [(Fraction(100 - rules.quarters_pct), own)]
    if scored:
        parts.append((Fraction(rules.quarters_pct), micro(Fraction(sum(scored)) / len(scored))))
    return _mean(parts)


def _with_raters(
    indicators: Decimal | None, rated: Decimal | None, rules: CycleRules
) -> Decimal | None:
    """The indicators and the ratings, weighed; without indicators there is no score."""
    if indicators is None or rated is None:
        return indicators
    share = rules.raters.share_pct
    return _mean([(Fraction(100 - share), indicators), (Fraction(share), rated)])


def _mean(parts: Sequence[tuple[Fraction, Decimal | None]]) -> Decimal | None:
    there = [(weight, value) for weight, value in parts if value is not None and weight]
    whole = sum(weight for weight, _ in there)
    if not whole:
        return None
    return micro(sum((weight * Fraction(value) for weight, value in there), Fraction(0)) / whole)


def _capped(scheme: Scheme, grade: str, veto: str) -> str:
    if not veto or grade == NOT_GRADED:
        return grade
    order = [known.id for known in scheme.grades]
    return max(grade, scheme.vetoes[veto], key=order.index)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else micro(Decimal(str(value)))
