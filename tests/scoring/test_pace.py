"""Pace: behind or ahead, what the rest needs, and what waiting costs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.milestones import decompose
from scoring.pace import Waiting, cost_of_waiting, milestone_of, pace_of
from tests.scoring.cases import MILLION, SCHEME, money, ratio, unmeasured
from tests.scoring.test_milestones import SHAPE

DEPOSITS, LOANS = SCHEME.indicator("P01"), SCHEME.indicator("P02")


def test_the_average_that_the_rest_of_a_quarter_must_bring():
    fact = money("P01", 9 * MILLION, 10 * MILLION, 12 * MILLION)
    pace = pace_of(DEPOSITS, fact, 45, 92)
    # (T·D − Σ) ÷ (D − d) = (12 m × 92 − 9 m × 47) ÷ 45 = (1,104 − 423) ÷ 45 = 15.1333… m
    assert pace.needed == 1_513_333_333
    assert (pace.ahead, pace.target, pace.days_left) == (-MILLION, 12 * MILLION, 45)


def test_waiting_a_week_raises_the_lift_that_is_needed():
    fact = money("P01", 9 * MILLION, 10 * MILLION, 12 * MILLION)
    # short at 9.5 m a day: 681 m − 9.5 m × 45 = 253.5 m of fen-days
    # now 253.5 ÷ 45 = 5.6333… m, in seven days 253.5 ÷ 38 = 6.6710… m; rounded up
    waiting = cost_of_waiting(fact, 950_000_000, 45, 92, 7)
    assert waiting == Waiting(7, 563_333_334, 667_105_264)


def test_someone_who_leaves_early_has_fewer_days_for_the_whole_target():
    fact = money("P01", 9 * MILLION, 10 * MILLION, 12 * MILLION)
    # gone 31 days before the end: (12 m × 92 − 9 m × 47) ÷ 14 = 681 ÷ 14 = 48.6428… m
    assert pace_of(DEPOSITS, fact, 14, 92).needed == 4_864_285_714
    # at 9.5 m a day: (681 − 9.5 × 14) ÷ 14 = 548 ÷ 14, in seven days 548 ÷ 7
    waiting = cost_of_waiting(fact, 950_000_000, 14, 92, 7)
    assert waiting == Waiting(7, 3_914_285_715, 7_828_571_429)


def test_less_bad_debt_than_allowed_is_ahead():
    pace = pace_of(SCHEME.indicator("R01"), ratio("R01", 3, 400, "1.5"), 45, 92)
    assert pace.ahead == Decimal("0.75")  # 0.75 % of the 1.5 % allowed


def test_a_flow_needs_what_is_missing():
    pace = pace_of(LOANS, money("P02", 5 * MILLION, 4 * MILLION, 12 * MILLION), 33, 92)
    assert (pace.ahead, pace.needed, pace.days_left) == (MILLION, 7 * MILLION, 33)
    done = pace_of(LOANS, money("P02", 13 * MILLION, 4 * MILLION, 12 * MILLION), 33, 92)
    assert done.needed == 0


def test_a_period_that_is_over_needs_nothing_more():
    fact = money("P01", 9 * MILLION, 12 * MILLION)
    assert pace_of(DEPOSITS, fact, 0, 47).needed is None
    assert cost_of_waiting(fact, 0, 0, 47, 7) is None
    assert cost_of_waiting(fact, 0, 7, 54, 7).later is None


def test_a_level_that_is_high_enough_needs_no_lift():
    fact = money("P01", 9 * MILLION, 10 * MILLION, 10 * MILLION)
    assert cost_of_waiting(fact, 50 * MILLION, 45, 92, 7) == Waiting(7, 0, 0)


def test_there_is_no_pace_without_a_figure_and_a_target():
    assert pace_of(SCHEME.indicator("R03"), unmeasured("R03"), 45, 92) is None
    assert pace_of(DEPOSITS, replace(money("P01", 1, 1), target=None), 45, 92) is None
    steady = pace_of(SCHEME.indicator("R03"), ratio("R03", 9, 10, "95"), 45, 92)
    assert (steady.ahead, steady.needed) == (Decimal(-5), None)


@given(
    actual=st.integers(-(10**12), 10**12),
    target=st.integers(1, 10**12),
    left=st.integers(1, 300),
    current=st.integers(-(10**12), 10**12),
)
def test_the_lift_is_just_enough_to_reach_the_target(actual, target, left, current):
    fact = money("P01", actual, target)
    waiting = cost_of_waiting(fact, current, left, 47 + left, 7)
    whole = Fraction(target) * (47 + left)
    reached = Fraction(actual) * 47 + (current + waiting.now) * left
    assert reached >= whole
    assert waiting.now == 0 or reached - left < whole
    assert waiting.later is None or waiting.later >= waiting.now


PLAN = decompose(10 * MILLION, SHAPE)
MARCH = date(2026, 2, 28)


def test_the_running_month_and_week_tell_what_is_signed_and_what_makes_up_for_the_quarter():
    found = milestone_of(PLAN, 40_000_000, MARCH, (0,))
    # March is signed with 1.25 m; 2.5 m − 0.4 m = 2.1 m are still to come in it
    assert (found.month_of, found.month, found.month_now) == (
        date(2026, 3, 1), 125_000_000, 210_000_000,
    )  # fmt: skip
    # 1 March is a Sunday: the week that comes is the 2nd to the 8th, 5 of March's 22 days,
    # 1.25 m × 5 ÷ 22 = 0.2841 m signed, 2.1 m × 5 ÷ 22 = 0.4773 m now, as every week then
    assert (found.week_first, found.week_last) == (date(2026, 3, 2), date(2026, 3, 8))
    assert (found.week, found.week_now) == (28_409_091, 47_727_273)
    assert found.per_week == 47_727_273
    assert (found.best, found.infeasible) == (None, False)


def test_more_than_twice_the_best_rate_is_marked_and_not_just_printed():
    found = milestone_of(PLAN, 40_000_000, MARCH, (0,))
    # 0.4773 m a week against twice 0.2386 m = 0.4772 m, and twice 0.2387 m = 0.4774 m
    assert found.against(Fraction(23_860_000), 2).infeasible
    kept = found.against(Fraction(23_870_000), 2)
    assert (kept.infeasible, kept.best) == (False, 23_870_000)


def test_a_week_without_working_days_is_passed_over():
    # The 13th of February is a Friday; the 14th is worked, and 15 to 23 are the Spring Festival.
    friday, saturday = (milestone_of(PLAN, 0, date(2026, 2, day), (0,)) for day in (13, 14))
    assert (friday.week_first, friday.week_last) == (date(2026, 2, 9), date(2026, 2, 15))
    assert (saturday.week_first, saturday.week_last) == (date(2026, 2, 23), date(2026, 2, 28))


def test_there_is_no_milestone_when_no_working_day_is_left():
    assert milestone_of(PLAN, 0, date(2026, 3, 31), (0,)) is None
    assert milestone_of(PLAN, 10 * MILLION, date(2026, 12, 31), (0, 1, 2, 3)) is None


def test_the_cost_of_waiting_of_a_signed_average_of_ten_million():
    # 39 days before the end of a year, nothing so far above a level of 0: T·D = 10 m × 365
    fact = money("P01", 0, 10 * MILLION, 10 * MILLION)
    waiting = cost_of_waiting(fact, 0, 39, 365, 7)
    # 3,650 m ÷ 39 = 93.5897 m now, 3,650 m ÷ 32 = 114.0625 m a week later
    assert (waiting.now, waiting.later) == (9_358_974_359, 11_406_250_000)
    # k ≥ D − d has no answer: "period over", not a number
    assert cost_of_waiting(fact, 0, 7, 365, 7).later is None
    assert cost_of_waiting(fact, 0, 0, 365, 7) is None
