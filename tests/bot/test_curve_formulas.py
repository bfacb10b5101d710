"""Curves as a workbook reckons them give what scoring gives, for every curve and figure."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.replies.curve_formulas import points_formula
from scoring.curves import Between, Deduction, Gate, Linear, Steps, apply, needs_target
from scoring.scorecard import IndicatorScore
from tests.bot.reckoner import Formula

WORDS = {"en": "", "zh": ""}
ROW = IndicatorScore(
    "P01", "", WORDS, "points", Decimal(0), None, None, None, Decimal(10), date(2026, 11, 16), "ok", {},
)  # fmt: skip


def decimals(least, most, places=2):
    return st.decimals(least, most, places=places, allow_nan=False)


@st.composite
def betweens(draw):
    bad, good, best = sorted(draw(st.sets(decimals(-50, 150), min_size=3, max_size=3)))
    ends = (best, good, bad) if draw(st.booleans()) else (bad, good, best)
    return Between(*ends, draw(st.sampled_from(("value", "target", "difference"))))


@st.composite
def steps(draw):
    ats = sorted(draw(st.sets(decimals(0, 2), min_size=1, max_size=4)))
    points = sorted(draw(st.lists(st.integers(0, 120), min_size=len(ats), max_size=len(ats))))
    return Steps(tuple(zip(ats, map(Decimal, points), strict=True)))


curves = st.one_of(
    st.tuples(decimals("0", "0.8"), decimals("0.9", "1.2")).map(lambda ends: Linear(*ends)),
    betweens(),
    steps(),
    decimals("0.1", "20").map(Deduction),
    st.just(Gate()),
)


@given(curves, st.sampled_from(("points", "cny")), st.integers(-200, 400), st.integers(1, 300))
def test_the_formula_gives_the_curves_points(curve, unit, actual, target):
    # Money is fen in a scorecard and yuan in the sheet; the rest stands as it is.
    scored = replace(ROW, unit=unit, actual=Decimal(actual), target=Decimal(target))
    scored = replace(scored, score=apply(curve, scored.actual, scored.target))
    cells = {"F2": actual, "E2": target}
    if unit == "cny":
        cells = {name: value / 100 for name, value in cells.items()}

    text = points_formula(curve, scored, "F2", "E2")

    assert abs(Formula(text, lambda _, where: cells[where]).value() - float(scored.score)) < 2e-6


def test_points_of_a_curve_that_was_changed_since_stand_as_they_are():
    old = replace(ROW, actual=Decimal(80), target=Decimal(100), score=Decimal(75))
    curve = Linear(Decimal("0.6"), Decimal("1.2"))
    assert points_formula(curve, old, "F2", "E2") is None
    assert needs_target(curve)
    assert points_formula(curve, replace(old, target=None), "F2", "E2") is None
    assert points_formula(curve, replace(old, score=None), "F2", "E2") is None
