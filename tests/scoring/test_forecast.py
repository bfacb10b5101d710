"""Forecasts: the specification's example, the laws, and what each kind of indicator does."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.appraisal import Subject, score_manager
from scoring.curves import Between, Deduction, Gate, Linear, Steps, apply
from scoring.draws import points_of
from scoring.forecast import Owed, forecast
from scoring.periods import Period
from scoring.projection import Past, blend, project
from scoring.recall import facts_of
from scoring.scorecard import Scorecard
from tests.scoring.cases import MILLION, SCHEME, facts, money, ratio, unmeasured, veto

YEAR = Period.parse("2026")
NOON = date(2026, 7, 1)
DAYS = 182
"""January to June, and the first of July."""


def halfway(**changes):
    """The facts on 1 July: half of every flow's plan was to be done, every average on its path."""
    every = {fact.indicator: replace(fact, as_of=NOON, days=DAYS) for fact in facts(**changes)}
    for name in ("P02", "P02a", "P02b", "P03", "P04", "R05"):
        every[name] = replace(every[name], period_target=2 * every[name].target)
    every["C03b"] = replace(every["C03b"], target=Decimal(50), period_target=Decimal(100),
                            actual=Decimal(40), numerator=4, denominator=10)  # fmt: skip
    return tuple(every.values())


def card(some, vetoes=(), days=365, as_of=NOON):
    return score_manager(SCHEME, Subject("M001", YEAR, as_of, days), some, vetoes)


def steady(weeks=26, by=(8, 12)):
    """Weeks that bring 80 % and 120 % of their plan in turn."""
    return tuple((Fraction(by[at % len(by)]), Fraction(10)) for at in range(weeks))


PAST = {
    name: Past(weeks=steady())
    for name in ("P01", "P02", "P02a", "P02b", "P03", "P04", "P05", "R05")
}


def test_the_specifications_example_to_the_digit():
    """p = 12.5 %, A = 0.4 m of T = 10 m, λ₀ = .95, κ = .15."""
    fact = money("P02", 40_000_000, 125_000_000, period_target=1_000_000_000)
    found = project(
        fact, Past(attained=Fraction(95, 100)), 365, average=False, pull=Fraction("0.15"),
        attained=Fraction(1), season_prior=2,
    )  # fmt: skip
    assert found.planned == Fraction(1, 8)
    assert found.naive == 320_000_000  # 0.4 ÷ 0.125 = 3.2 m
    # λ = (0.4 + 0.15 × 10 × 0.95) ÷ (0.125 × 10 + 0.15 × 10) = 1.825 ÷ 2.75 = 0.663636…
    assert found.pace == Fraction(1825, 2750)
    # 0.4 + 0.875 × 10 × 0.663636… = 6.206818… m
    assert round(found.end) == 620_681_818
    assert round(float(found.end) / 1e8, 1) == 6.2


def test_what_is_known_to_go_is_taken_off():
    fact = money("P02", 40_000_000, 125_000_000, period_target=1_000_000_000)
    told = {"average": False, "pull": Fraction("0.15"), "season_prior": 2}
    past = Past(attained=Fraction(95, 100), known=Fraction(-50_000_000))
    found = project(fact, past, 365, attained=Fraction(1), **told)
    assert round(found.end) == 570_681_818


def test_an_average_keeps_what_it_has_for_the_days_gone():
    """On 1 July of a 10 m path at 4 m so far: 182 of 365 days are behind."""
    fact = replace(money("P01", 2 * MILLION, 4 * MILLION, period_target=10 * MILLION), days=DAYS)
    told = {"average": True, "pull": Fraction("0.15"), "season_prior": 2}
    found = project(fact, Past(), 365, attained=Fraction(1), **told)
    assert found.so_far == Fraction(2 * MILLION * DAYS, 365)
    assert found.planned == Fraction(4 * DAYS, 10 * 365)


@pytest.mark.parametrize(
    ("seasons", "planned"),
    [
        ((), Fraction(1, 2)),
        ((Fraction(1, 4),), Fraction(1, 2) * Fraction(2, 3) + Fraction(1, 12)),  # 1 of 3
        ((Fraction(1, 4), Fraction(1, 4)), Fraction(3, 8)),  # 2 of 4
    ],
)
def test_the_units_season_counts_by_its_years(seasons, planned):
    assert blend(Fraction(1, 2), seasons, 2) == planned


def test_the_same_records_give_the_same_forecast():
    some = halfway()
    first, again = (forecast(SCHEME, YEAR, card(some), PAST) for _ in range(2))
    assert first.to_json() == again.to_json()
    other = replace(card(some), manager="M002")
    assert forecast(SCHEME, YEAR, other, PAST).low != first.low


def test_at_the_end_everything_is_as_it_is():
    """d = D: the actual, with no spread, and the grade it has."""
    last = date(2026, 12, 31)
    some = tuple(replace(fact, as_of=last, days=365, period_target=fact.target) for fact in facts())
    end = card(some, as_of=last)
    found = forecast(SCHEME, YEAR, end, PAST)
    assert (found.score, found.low, found.high) == (end.score, end.score, end.score)
    assert found.grades == {end.grade: 1}
    actuals = {each.id: each.actual for each in end.indicators()}
    for each in found.ahead:
        assert each.end == each.low == each.high == actuals[each.indicator]


def test_the_ends_of_all_kinds_of_indicators():
    found = {each.indicator: each for each in forecast(SCHEME, YEAR, card(halfway()), PAST).ahead}
    flow = found["P02a"]
    # 2 m of 4 m, half planned: λ = (2 + .15 × 4 × .95) ÷ (2 + .6) = 2.57 ÷ 2.6; 2 + 2λ = 3.976923
    assert flow.end == 397_692_308
    assert flow.low < flow.end < flow.high
    clients = found["P04"]  # 8 of 20: λ = (8 + 2.85) ÷ 13; 8 + 10λ = 16.346…, whole clients
    assert clients.end == 16
    assert clients.low == clients.low.to_integral_value() >= 8
    rate = found["R03"]  # 9 of 10 by day 182: 10 more in 183, (9 + 10 × 9.5 ÷ 11) ÷ 20
    assert rate.end == Decimal("88.181818")
    assert rate.low <= rate.end <= rate.high
    growing = found["C03b"]  # 40 % where 50 % was planned; λ = (40 + 14.25) ÷ 65; 40 + 50λ
    assert growing.end == Decimal("81.730769")
    still = found["T01"]
    assert still.end == still.low == still.high == 80


def test_without_weeks_of_ones_own_the_units_are_drawn():
    alone = {**PAST, "P02a": Past(weeks=steady(7), unit_weeks=steady(20, by=(0, 20)))}
    few = {each.indicator: each for each in forecast(SCHEME, YEAR, card(halfway()), alone).ahead}
    many = {each.indicator: each for each in forecast(SCHEME, YEAR, card(halfway()), PAST).ahead}
    assert few["P02a"].end == many["P02a"].end
    assert few["P02a"].high - few["P02a"].low > many["P02a"].high - many["P02a"].low
    nothing = forecast(SCHEME, YEAR, card(halfway()), {})
    found = next(each for each in nothing.ahead if each.indicator == "P02a")
    assert (found.low, found.high) == (None, None)


def test_loans_turn_bad_by_their_class_and_scheduled_repayments_count():
    loans = [Owed(100 * MILLION, "normal"), Owed(8 * MILLION, "special_mention"),
             Owed(MILLION, "substandard"), Owed(0, "normal", gone=MILLION)]  # fmt: skip
    found = {
        each.indicator: each for each in forecast(SCHEME, YEAR, card(halfway()), PAST, loans).ahead
    }
    # months left: 183 ÷ (365 ÷ 12) = 6.016; 0.1 % a month → 0.6001 %, 5 % → 26.55 %
    bad = 1 + 1 + 100 * 0.006001 + 8 * 0.26551
    assert float(found["R01"].end) == pytest.approx(100 * bad / 110, abs=0.01)
    assert found["R01"].low <= found["R01"].end <= found["R01"].high
    quiet = forecast(SCHEME, YEAR, card(halfway()), PAST, [Owed(MILLION, "loss")]).ahead
    assert next(each.end for each in quiet if each.indicator == "R01") == 100


def test_a_veto_leaves_no_grade_above_its_cap():
    some = halfway()
    open_, shut = (forecast(SCHEME, YEAR, card(some, vs), PAST) for vs in ((), (veto("V1"),)))
    assert set(open_.grades) & {"excellent", "good", "competent"}
    assert not set(shut.grades) & {"excellent", "good", "competent"}
    assert shut.score == open_.score


def test_formation_over_its_limit_caps_in_the_draws_where_it_happens():
    """One loan of a tenth of the book that half the draws turn bad: V2 caps these at competent."""
    loans = [Owed(100, "special_mention")]
    formed = halfway(R02=ratio("R02", 0, 1000, "0.5"))
    found = forecast(SCHEME, YEAR, card(formed), PAST, loans)
    assert 0 < sum(found.grades.get(grade, 0) for grade in ("excellent", "good")) < 1


def test_whoever_is_not_graded_has_no_probable_grade():
    found = forecast(SCHEME, YEAR, card(halfway(), days=40), PAST)
    assert found.grades == {"not_graded": 1}


def test_without_a_score_there_is_no_forecast():
    nothing = [unmeasured(fact.indicator) for fact in facts()]
    assert forecast(SCHEME, YEAR, card(nothing), {}) is None


def test_facts_come_back_from_a_stored_scorecard():
    stored = Scorecard.from_json(card(halfway()).to_json())
    again = facts_of(stored)
    for fact in halfway():
        found = again[fact.indicator]
        assert (found.actual, found.target, found.as_of) == (fact.actual, fact.target, NOON)
        assert found.period_target == fact.period_target
        assert Fraction(found.numerator, found.scale) == Fraction(fact.numerator, fact.scale)


def test_an_old_scorecard_with_levers_is_still_read():
    old = card(halfway()).to_json() | {"forecast": None, "levers": [{"kind": "visit"}]}
    for dimension in old["dimensions"]:
        for scored in dimension["indicators"]:
            scored["explain"].pop("inputs")
    found = forecast(SCHEME, YEAR, Scorecard.from_json(old), {})
    assert found.low <= found.score <= found.high


@settings(max_examples=25)
@given(
    through=st.integers(1, 365),
    part=st.integers(0, 300),
    weeks=st.lists(st.tuples(st.integers(-50, 400), st.integers(0, 100)), max_size=30),
    known=st.integers(-5, 5),
)
def test_laws(through, part, weeks, known):
    """Probabilities add up to 1, and every interval holds its projection."""
    on = date(2026, 1, 1) + timedelta(days=through - 1)
    some = [
        replace(fact, as_of=on, days=through, target=fact.target * through // 365 + 1)
        if fact.indicator in {"P02", "P02a", "P03"}
        else replace(fact, as_of=on, days=through)
        for fact in facts(P02=money("P02", part * MILLION // 10, 10 * MILLION))
    ]
    past = {"P02": Past(weeks=tuple((Fraction(a), Fraction(b)) for a, b in weeks),
                        known=Fraction(known * MILLION))}  # fmt: skip
    found = forecast(SCHEME, YEAR, card(some, as_of=on), past)
    assert sum(found.grades.values()) == 1
    assert found.low <= found.score <= found.high
    for each in found.ahead:
        assert each.low is None or each.low <= each.end <= each.high


CURVES = [
    (Linear(Decimal("0.6"), Decimal("1.2")), "10"),
    (Between(Decimal(120), Decimal(100), Decimal(60)), "100"),
    (Between(Decimal(0), Decimal(1), Decimal(2), "target"), "3"),
    (Between(Decimal(5), Decimal(0), Decimal(-5), "difference"), "10"),
    (Steps(((Decimal("0.9"), Decimal(60)), (Decimal(1), Decimal(100)))), "10"),
    (Deduction(Decimal(7)), None),
    (Gate(), None),
]


@pytest.mark.parametrize(("curve", "target"), CURVES)
@given(actual=st.integers(-3000, 30000).map(lambda n: Decimal(n) / 64))
def test_many_figures_are_scored_as_one_is(curve, target, actual):
    aim = None if target is None else Decimal(target)
    (found,) = points_of(curve, np.array([float(actual)]), aim)
    assert found == pytest.approx(float(apply(curve, actual, aim)), abs=1e-5)
