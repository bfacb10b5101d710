"""Curves turn an actual into 0 to 120 points."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.curves import Between, Deduction, Linear, Steps, apply, describe
from scoring.errors import TargetError

D = Decimal
LINEAR = Linear(D("0.6"), D("1.2"))
TIMELY = Between(D(100), D(95), D(70))
NPL = Between(D(0), D(1), D(2), of="target")
STEPS = Steps(((D("0.8"), D(60)), (D("0.9"), D(80)), (D(1), D(100))))

decimals = st.decimals(-10_000, 10_000, places=4)
targets = st.decimals("0.0001", 10_000, places=4)


@pytest.mark.parametrize(
    ("curve", "actual", "target", "score"),
    [
        (LINEAR, "59.99", "100", "0"),  # below the floor of 60 %
        (LINEAR, "60", "100", "60"),  # 100 × 60 ÷ 100
        (LINEAR, "83.5", "100", "83.5"),
        (LINEAR, "150", "100", "120"),  # the cap, 1.2
        (LINEAR, "1", "3", "0"),
        (LINEAR, "2", "3", "66.666667"),  # 100 × 2 ÷ 3, six decimals, half up
        (TIMELY, "100", None, "120"),
        (TIMELY, "97.5", None, "110"),  # 100 + 20 × (97.5 − 95) ÷ (100 − 95)
        (TIMELY, "95", None, "100"),
        (TIMELY, "90", None, "80"),  # 100 × (90 − 70) ÷ (95 − 70)
        (TIMELY, "70", None, "0"),
        (NPL, "0", "1.5", "120"),
        (NPL, "0.75", "1.5", "110"),  # half the target: 100 + 20 × (1 − 0.5)
        (NPL, "1.5", "1.5", "100"),
        (NPL, "2.1", "1.5", "60"),  # 1.4 × target: 100 × (2 − 1.4) ÷ (2 − 1)
        (NPL, "3", "1.5", "0"),
        (STEPS, "79", "100", "0"),
        (STEPS, "80", "100", "60"),
        (STEPS, "99.9", "100", "80"),
        (STEPS, "500", "100", "100"),
        (Deduction(D(5)), "3", None, "85"),  # 100 − 5 × 3
        (Deduction(D(5)), "50", None, "0"),
        (Between(D(10), D(0), D(-10), of="difference"), "-5", "-5", "100"),  # difference 0
        (Between(D(10), D(0), D(-10), of="difference"), "-10", "-5", "50"),  # −5, half of −10
    ],
)
def test_worked_examples(curve, actual, target, score):
    assert apply(curve, D(actual), target and D(target)) == D(score)


@given(first=decimals, second=decimals, target=targets)
def test_more_is_never_worse_on_a_rising_curve_nor_better_on_a_falling_one(first, second, target):
    low, high = sorted((first, second))
    for curve in (LINEAR, TIMELY, STEPS):
        assert apply(curve, low, target) <= apply(curve, high, target)
    for curve in (NPL, Deduction(D(7))):
        assert apply(curve, low, target) >= apply(curve, high, target)


@given(actual=decimals, target=targets)
def test_scores_stay_within_0_and_120_whatever_the_actual(actual, target):
    for curve in (LINEAR, TIMELY, NPL, STEPS, Deduction(D(7))):
        assert 0 <= apply(curve, actual, target) <= 120


@given(beyond=st.decimals(0, 1_000_000, places=2), target=targets)
def test_the_ends_are_flat(beyond, target):
    assert apply(LINEAR, target * 2 + beyond, target) == 120
    assert apply(LINEAR, -beyond, target) == 0
    assert apply(TIMELY, 100 + beyond, None) == 120
    assert apply(TIMELY, 70 - beyond, None) == 0
    assert apply(NPL, 2 * target + beyond, target) == 0


@given(actual=decimals, target=st.decimals(-1000, 0, places=2))
def test_only_a_curve_on_the_value_or_the_difference_takes_a_target_of_zero_or_less(actual, target):
    for curve in (LINEAR, STEPS, NPL):
        with pytest.raises(TargetError, match="above zero"):
            apply(curve, actual, target)
    assert 0 <= apply(Between(D(1), D(0), D(-1), of="difference"), actual, target) <= 120


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Linear(D("1.2"), D("0.6")), "floor < cap"),
        (lambda: Linear(D("0.6"), D("1.5")), "cap ≤ 1.2"),
        (lambda: Between(D(100), D(95), D(95)), "falling or in rising"),
        (lambda: Between(D(100), D(70), D(95)), "falling or in rising"),
        (lambda: Steps(()), "steps"),
        (lambda: Steps(((D(1), D(100)), (D(2), D(90)))), "rise"),
        (lambda: Steps(((D(1), D(130)),)), "0 to 120"),
        (lambda: Deduction(D(0)), "above 0"),
    ],
)
def test_a_curve_that_makes_no_sense_cannot_be_made(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("curve", [LINEAR, TIMELY, NPL, STEPS, Deduction(D(5))])
def test_every_curve_says_itself_in_both_languages(curve):
    told = describe(curve)
    assert set(told) == {"en", "zh"}
    assert all(told.values())


def test_a_curve_in_words():
    assert describe(LINEAR)["en"] == "100 × actual ÷ target; 0 below 60 %, at most 120 points"
    assert describe(TIMELY)["zh"] == "按实际值：100得120分，95得100分，70得0分，其间按比例"
