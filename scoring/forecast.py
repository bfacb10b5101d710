"""Forecast: where a score ends, how sure that is, and how likely each grade is.

Every indicator's end is drawn many times from what its own past varied by, every draw is scored,
and the draws are counted (kpi specification §6). The seed follows from who and when, so the same
records give the same forecast.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scoring.curves import NONE, Curve
from scoring.draws import Draws, points_of
from scoring.facts import Fact
from scoring.grades import NOT_GRADED
from scoring.indicators import Indicator
from scoring.levers import score_fact
from scoring.milestones import allocate
from scoring.outlook_rules import ForecastRules
from scoring.periods import Period
from scoring.projection import Past, Projection, project
from scoring.recall import facts_of
from scoring.rounding import micro, whole
from scoring.scheme import Scheme
from scoring.scorecard import Json, Scorecard, number_json
from scoring.weights import weigh, weights_of

WEEK = 7
MONTH = Fraction(365, 12)
"""Days."""
BASIS = 10_000
"""Probabilities are whole multiples of 1/BASIS, so that they add up to 1."""
PLACES = 6
HALF = 0.5
"""Jeffreys' prior of a rate: half a hit and half a miss."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A loan somebody answers for, in fen: `balance` is the period's last day's, as scheduled."""

    balance: int
    grade: str
    gone: int = 0
    """Written off or sold of late: it counts as bad, on both sides."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where an indicator ends, in its unit; `low` to `high` is where it mostly will.

    `low` and `high` are None where nothing tells how much it varies. `naive`, `planned` (the share
    of the plan behind) and `pace` are those of a signed target.
    """

    indicator: str
    end: Decimal
    low: Decimal | None
    high: Decimal | None
    target: Decimal | None
    naive: Decimal | None = None
    planned: Decimal | None = None
    pace: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a score ends; `grades` are the probabilities of the grades that are possible."""

    score: Decimal
    low: Decimal
    high: Decimal
    grades: Mapping[str, Decimal]
    """Best first; they add up to 1. A veto leaves the grades above its cap out."""
    ahead: tuple[Ahead, ...]
    heading: tuple[Fact, ...]
    """The facts of signed targets as they end, beside the whole period's targets."""

    def to_json(self) -> Json:
        """What `daybook kpi --json` tells under "forecast"."""
        return {
            "score": number_json(self.score),
            "low": number_json(self.low),
            "high": number_json(self.high),
            "grades": {grade: number_json(chance) for grade, chance in self.grades.items()},
            "indicators": [_ahead_json(each) for each in self.ahead],
        }


@dataclass(frozen=True, slots=True)
class _End:
    """An indicator's end before it is scored."""

    fact: Fact
    """With the expected actual and the whole period's target."""
    draws: Draws | None = None
    projection: Projection | None = None


def forecast(
    scheme: Scheme,
    period: Period,
    card: Scorecard,
    past: Mapping[str, Past],
    loans: Sequence[Owed] = (),
) -> Forecast | None:
    """The forecast of a scorecard; None where it has no score.

    `past` is by indicator, `loans` are those the manager answers for on the scorecard's day. Once
    the period is over everything is as it is: there is nothing to spread.
    """
    if card.score is None:
        return None
    known = {each.id: each for each in scheme.indicators}
    facts = {name: fact for name, fact in facts_of(card).items() if name in known}
    course = _Course(scheme, period, card, loans)
    ends = {
        name: course.end(known[name], fact, past.get(name, Past())) for name, fact in facts.items()
    }
    scores = {name: score_fact(known[name], end.fact) for name, end in ends.items()}
    weighed = weigh(weights_of(scheme, period), scores)
    if weighed.score is None:
        return None
    items = sum((item.points for item in card.items), Decimal(0))
    score = weighed.score + items
    drawn = np.full(scheme.forecast.draws, float(items))
    for name, weight in weighed.indicators.items():
        end, fixed = ends[name], float(scores[name] or 0)
        points = fixed if end.draws is None else score_draws(known[name].curve, end)
        drawn += float(weight) / 100 * points
    drawn = drawn.round(PLACES)  # a score on a grade's border must not fall short of it by a float
    low, high = _around(drawn, float(score), scheme.forecast)
    ahead = tuple(
        _ahead(known[name], end, scheme.forecast)
        for name, end in ends.items()
        if name in weighed.indicators
    )
    return Forecast(
        score,
        min(micro(Decimal(low)), score),
        max(micro(Decimal(high)), score),
        _grades(scheme, card, drawn, ends),
        ahead,
        tuple(end.fact for name, end in ends.items() if known[name].is_signed and end.projection),
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """How the indicators of one scorecard go on."""

    scheme: Scheme
    period: Period
    card: Scorecard
    loans: Sequence[Owed]

    def end(self, indicator: Indicator, fact: Fact, past: Past) -> _End:
        """Where an indicator ends."""
        whole_period = replace(fact, target=_last_target(fact))
        left = self._left(fact.as_of)
        if fact.actual is None or not left:
            return _End(whole_period)
        if indicator.is_signed:
            return self._signed(indicator, fact, past, left)
        if indicator.id in {"R01", "R02"} and self.loans:
            return self._loans(indicator, whole_period, left)
        if fact.target is not None and fact.period_target and fact.target < fact.period_target:
            return self._progress(indicator, fact, past)
        if indicator.id in self.rules.counted:
            return self._counted(indicator, whole_period, left)
        return _End(whole_period)

    @property
    def rules(self) -> ForecastRules:
        """The scheme's."""
        return self.scheme.forecast

    def _left(self, as_of: date) -> int:
        return (self.period.last - as_of).days

    def _chance(self, name: str = "") -> np.random.Generator:
        """What draws. Weeks are drawn alike for all indicators: a good week is good for all."""
        told = f"{self.rules.seed} {self.card.manager} {self.card.period} {self.card.as_of} {name}"
        return np.random.default_rng(list(hashlib.sha256(told.encode()).digest()))

    def _project(self, indicator: Indicator, fact: Fact, past: Past) -> Projection | None:
        rules = self.rules
        return project(
            fact,
            past,
            self.period.days,
            average=indicator.type == "average",
            pull=Fraction(rules.pull),
            attained=Fraction(rules.attained_pct, 100),
            season_prior=rules.season_prior,
        )

    def _signed(self, indicator: Indicator, fact: Fact, past: Past, left: int) -> _End:
        """A sum or an average: the shrunk pace, and the weeks behind drawn again."""
        projection = self._project(indicator, fact, past)
        if projection is None:
            return _End(replace(fact, target=_last_target(fact)))
        end = whole(projection.end)
        parts = self.period.days if indicator.type == "average" else 1
        ended = replace(
            fact,
            actual=end,
            target=fact.period_target,
            numerator=int(end) * parts,
            denominator=parts,
            days=self.period.days,
            scale=1,
        )
        if indicator.unit == "count":
            return _End(ended, self._count(indicator, projection), projection)
        ratios = _ratios(past, self.rules.fewest_weeks)
        if not ratios:
            return _End(ended, None, projection)
        weeks = -(-left // WEEK)
        pace = float(projection.pace) + self._weeks(ratios, weeks)
        rest = float(projection.rest) * pace
        if indicator.type == "flow":
            rest = np.maximum(rest, 0)  # what was brought is seldom taken back
        return _End(ended, float(projection.so_far + projection.known) + rest, projection)

    def _count(self, indicator: Indicator, projection: Projection) -> Draws:
        """Things that come one by one, such as clients: a Poisson number is still to come."""
        still = max(float(projection.rest * projection.pace), 0.0)
        drawn = self._chance(indicator.id).poisson(still, self.rules.draws)
        return np.asarray(float(projection.so_far + projection.known) + drawn)

    def _weeks(self, ratios: Sequence[float], weeks: int) -> Draws:
        """By how much the mean of so many weeks, drawn in blocks, differs from the mean of all."""
        every, block = np.array(ratios), min(self.rules.block_weeks, len(ratios))
        starts = self._chance().integers(0, len(every), (self.rules.draws, -(-weeks // block)))
        at = (starts[:, :, None] + np.arange(block)) % len(every)
        drawn = every[at.reshape(self.rules.draws, -1)[:, :weeks]]
        return np.asarray(drawn.mean(axis=1) - every.mean())

    def _counted(self, indicator: Indicator, fact: Fact, left: int) -> _End:
        """A rate of things that are counted: as many more a day, beta-binomial."""
        hits, tries = fact.numerator / fact.scale, fact.denominator / fact.scale
        more = round(tries * left / fact.days) if fact.days else 0
        if not tries or not more:
            return _End(fact)
        good, bad = hits + HALF, max(tries - hits, 0.0) + HALF
        chance = self._chance(indicator.id)
        drawn = chance.binomial(more, chance.beta(good, bad, self.rules.draws))
        expected = hits + more * good / (good + bad)
        end = micro(Decimal(100 * expected / (tries + more)))
        shares = (hits + drawn) * (100 / (tries + more))
        return _End(replace(fact, actual=end), np.asarray(shares, dtype=np.float64))

    def _progress(self, indicator: Indicator, fact: Fact, past: Past) -> _End:
        """A rate whose target grows with the days (C03b): what is not done yet may still be."""
        projection = self._project(indicator, fact, past)
        hits, tries = fact.numerator / fact.scale, fact.denominator / fact.scale
        ended = replace(fact, target=_last_target(fact))
        more = round(tries - hits)
        if projection is None or more <= 0:
            return _End(ended)
        end = min(micro(projection.end), Decimal(100))
        still = float(end - (fact.actual or 0)) / float(100 - (fact.actual or 0))
        good, bad = still * tries + HALF, (1 - still) * tries + HALF
        chance = self._chance(indicator.id)
        drawn = chance.binomial(more, chance.beta(good, bad, self.rules.draws))
        shares = np.asarray((hits + drawn) * (100 / tries), dtype=np.float64)
        return _End(replace(ended, actual=end), shares, projection)

    def _loans(self, indicator: Indicator, fact: Fact, left: int) -> _End:
        """R01 and R02: loans turn non-performing at the rate of their class; repayments fall due.

        Both look at the same draws: a loan that goes bad is in the stock and in the formation.
        """
        bad_now = self.scheme.formation.npl_grades
        good = [loan for loan in self.loans if loan.balance > 0 and loan.grade not in bad_now]
        rates = np.array([self._rolls(loan.grade, left) for loan in good])
        amounts = np.array([float(loan.balance) for loan in good])
        chance = self._chance("loans").random((self.rules.draws, len(good)))
        formed, expected = (chance < rates) @ amounts, float(rates @ amounts)
        if indicator.id == "R02":
            base, under = fact.numerator / fact.scale, fact.denominator / fact.scale
        else:
            gone = sum(loan.gone for loan in self.loans)
            held = sum(loan.balance for loan in self.loans if loan.grade in bad_now)
            base = float(gone + held)
            under = float(gone + sum(max(loan.balance, 0) for loan in self.loans))
        if not under:
            return _End(fact)
        end = micro(Decimal(100 * (base + expected) / under))
        return _End(replace(fact, actual=end), 100 * (base + formed) / under)

    def _rolls(self, grade: str, left: int) -> float:
        """How likely a loan of a class is bad after so many days."""
        monthly = float(self.rules.roll_pct.get(grade, NONE)) / 100
        return float(1 - (1 - monthly) ** float(left / MONTH))


def score_draws(curve: Curve, end: _End) -> Draws:
    """The scores of drawn actuals: `scoring.curves.apply` over many figures at once."""
    return points_of(curve, end.draws if end.draws is not None else np.zeros(0), end.fact.target)


def _last_target(fact: Fact) -> Decimal | None:
    return fact.target if fact.period_target is None else fact.period_target


def _ratios(past: Past, fewest: int) -> list[float]:
    """Actual ÷ plan of the weeks in which anything was planned: one's own, else the unit's."""
    own = [float(actual / plan) for actual, plan in past.weeks if plan > 0]
    if len(own) >= fewest:
        return own
    return [float(actual / plan) for actual, plan in past.unit_weeks if plan > 0]


def _around(draws: Draws, middle: float, rules: ForecastRules) -> tuple[float, float]:
    """Where most draws lie. A rare great week can lift the mean out of it: it is widened then."""
    low, high = np.percentile(draws, [rules.low_pct, rules.high_pct])
    return min(float(low), middle), max(float(high), middle)


def _ahead(indicator: Indicator, end: _End, rules: ForecastRules) -> Ahead:
    actual = end.fact.actual or Decimal(0)
    low = high = actual
    if end.draws is not None:
        least, most = _around(end.draws, float(actual), rules)
        money = indicator.unit == "cny"
        low, high = (
            whole(Fraction(value)) if money else micro(Decimal(value)) for value in (least, most)
        )
    projection = end.projection
    spread = end.draws is not None or projection is None
    return Ahead(
        indicator.id,
        actual,
        min(low, actual) if spread else None,
        max(high, actual) if spread else None,
        end.fact.target,
        None if projection is None or projection.naive is None else micro(projection.naive),
        None if projection is None else micro(projection.planned),
        None if projection is None else micro(projection.pace),
    )


def _grades(
    scheme: Scheme, card: Scorecard, drawn: Draws, ends: Mapping[str, _End]
) -> dict[str, Decimal]:
    """The share of the draws that end in each grade, after the vetoes."""
    if card.grade == NOT_GRADED:
        return {NOT_GRADED: Decimal(1)}
    order = [grade.id for grade in scheme.grades]
    at = np.full(len(drawn), len(order) - 1)
    for place, grade in reversed(list(enumerate(scheme.grades))):
        at[drawn >= float(grade.start)] = place
    for vetoed, cap in _caps(scheme, card, ends):
        at = np.where(vetoed, np.maximum(at, order.index(cap)), at)
    parts = allocate(BASIS, [int(count) for count in np.bincount(at, minlength=len(order))])
    return {grade: Decimal(part) / BASIS for grade, part in zip(order, parts, strict=True) if part}


def _caps(
    scheme: Scheme, card: Scorecard, ends: Mapping[str, _End]
) -> Iterator[tuple[NDArray[np.bool_], str]]:
    """In which draws a veto caps the grade: one that stands in all, R02 over its limit in its."""
    every = np.ones(scheme.forecast.draws, dtype=bool)
    if card.veto is not None:
        yield every, scheme.vetoes[card.veto.code]
    formed = ends.get("R02")
    if formed is not None and formed.draws is not None and "V2" in scheme.vetoes:
        yield formed.draws > float(scheme.formation.veto_over_pct), scheme.vetoes["V2"]


def _ahead_json(ahead: Ahead) -> Json:
    return {
        "id": ahead.indicator,
        "end": number_json(ahead.end),
        "low": number_json(ahead.low),
        "high": number_json(ahead.high),
        "target": number_json(ahead.target),
        "naive": number_json(ahead.naive),
        "planned": number_json(ahead.planned),
        "pace": number_json(ahead.pace),
    }
