"""Replanning when behind: the overlay makes up what is missing, and the signed plan stays."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.milestones import decompose, plan_of, shape_year, stretched
from scoring.replan import POLICIES, best_rate, is_feasible, replan, weekly
from tests.scoring.test_milestones import MILLION, SHAPE, is_business

PLAN = decompose(10 * MILLION, SHAPE)
FEBRUARY_OVER = date(2026, 2, 28)
totals = st.integers(0, 10**14)
days = st.integers(0, 364).map(lambda at: date(2026, 1, 1) + timedelta(days=at))


def test_behind_at_the_end_of_february_march_makes_up_for_the_quarter():
    overlay = replan(PLAN, 40_000_000, FEBRUARY_OVER, "quarter_first")
    # missing 10 m − 0.4 m = 9.6 m; the quarters to come are planned with 7.5 m, so March has 2.1 m
    assert overlay.gap == 960_000_000
    assert overlay.months == (0, 0, 210_000_000, *PLAN.months[3:])
    assert sum(overlay.months) == 960_000_000


def test_spread_over_all_that_is_left_march_has_two_fourteenths():
    overlay = replan(PLAN, 40_000_000, FEBRUARY_OVER, "spread")
    # weights left: March 2, then 4 a quarter: 14; 9.6 m × 2 ÷ 14 = 1.371 m, × 1 ÷ 14 = 0.686 m
    rounded = [round(month / MILLION, 3) for month in overlay.months]
    assert rounded == [0, 0, 1.371, *[0.686, 0.686, 1.371] * 3]
    assert sum(overlay.months) == 960_000_000


def test_the_running_month_counts_by_the_working_days_it_has_left():
    # Of January's 22 weekdays the ten after Friday the 16th are left.
    month = [day for week in SHAPE.weeks if week.month == 1 for day in week.business_days]
    rest = [day for day in month if day > date(2026, 1, 16)]
    assert (len(rest), len(month)) == (10, 22)
    overlay = replan(PLAN, 0, date(2026, 1, 16), "spread")
    # January weighs rest ÷ all, the other fifteen parts one each: × all days to stay whole
    whole = len(rest) + 15 * len(month)
    assert overlay.months[0] == pytest.approx(10 * MILLION * len(rest) / whole, abs=1)
    assert overlay.months[1] == pytest.approx(10 * MILLION * len(month) / whole, abs=1)


def test_what_a_quarter_did_not_make_up_goes_to_the_next_one():
    overlay = replan(PLAN, 100_000_000, date(2026, 3, 31), "quarter_first")
    # 1 m of the first quarter's 2.5 m came: 9 m are missing, 5 m are the last two quarters' own
    assert sum(overlay.months[3:6]) == 400_000_000
    assert overlay.months[6:] == PLAN.months[6:]


def test_a_surplus_inside_the_quarter_is_taken_off_the_later_ones():
    overlay = replan(PLAN, 400_000_000, FEBRUARY_OVER, "quarter_first")
    # 4 m by February: 1.5 m more than the quarter; 6 m are left for three quarters, 2 m each
    assert overlay.months[2] == 0
    assert [sum(overlay.months[at : at + 3]) for at in (3, 6, 9)] == [200_000_000] * 3


def test_once_the_target_is_reached_nothing_is_asked_and_the_stretch_line_stays():
    overlay = replan(PLAN, 10 * MILLION, FEBRUARY_OVER, "quarter_first")
    assert (overlay.gap, set(overlay.months), set(overlay.weeks)) == (0, {0}, {0})
    line = stretched(PLAN, 128)
    # 8 × 0.8 m + 4 × 1.6 m = 12.8 m: the reading "B" of the brief's example
    assert line.months == (80_000_000, 80_000_000, 160_000_000) * 4
    assert line.total == 1_280_000_000
    assert sum(replan(line, 10 * MILLION, FEBRUARY_OVER, "spread").months) == 280_000_000


def test_when_no_working_day_is_left_there_is_no_answer():
    assert replan(PLAN, 0, date(2026, 12, 31), "spread") is None
    assert replan(PLAN, 10 * MILLION, date(2026, 12, 31), "spread").gap == 0


def test_a_quarter_alone_makes_up_inside_itself():
    overlay = replan(PLAN, 50_000_000, date(2026, 10, 31), "quarter_first", (3,))
    # 2.5 m − 0.5 m = 2 m over November (1) and December (2)
    assert overlay.months == (0,) * 10 + (66_666_667, 133_333_333)


@pytest.mark.parametrize("policy", POLICIES)
@given(total=totals, achieved=st.integers(-(10**13), 10**15), through=days)
def test_the_overlay_brings_exactly_what_is_missing_and_leaves_the_plan_alone(
    policy, total, achieved, through
):
    plan = decompose(total, SHAPE)
    overlay = replan(plan, achieved, through, policy)
    if overlay is None:
        assert total > achieved
        assert not any(day > through for week in SHAPE.weeks for day in week.business_days)
        return
    assert overlay.gap == max(total - achieved, 0) == sum(overlay.months) == sum(overlay.weeks)
    assert min(overlay.months) >= 0
    for month in range(1, 13):
        slices = zip(SHAPE.weeks, overlay.weeks, strict=True)
        assert (
            sum(part for week, part in slices if week.month == month) == overlay.months[month - 1]
        )
    for week, part in zip(SHAPE.weeks, overlay.weeks, strict=True):
        assert part == 0 or any(day > through for day in week.business_days)
    assert plan == decompose(total, SHAPE)


@given(total=totals, through=days)
def test_on_plan_the_quarter_first_overlay_is_the_plan_of_the_quarters_to_come(total, through):
    plan = decompose(total, SHAPE)
    overlay = replan(plan, plan.planned(date(2026, 1, 1), through), through, "quarter_first")
    later = (through.month + 2) // 3 * 3
    if overlay is not None and overlay.gap and later < 12:
        assert overlay.months[later:] == plan.months[later:]


def test_more_than_twice_the_best_rate_is_infeasible():
    # 2.1 m over March's 22 working days: 2.1 × 5 ÷ 22 = 0.4773 m a week
    needed = weekly(210_000_000, 22)
    assert needed == Fraction(1_050_000_000, 22)
    assert is_feasible(needed, Fraction(23_900_000), 2)  # 0.239 m × 2 = 0.478 m
    assert not is_feasible(needed, Fraction(23_800_000), 2)  # 0.476 m


def test_signed_months_stay_when_the_scheme_weighs_months_otherwise():
    flat = shape_year(2026, is_business, (1, 1, 1, 1), (1, 1, 1))
    plan = plan_of(PLAN.months, flat)
    assert (plan.total, plan.quarters, plan.months) == (PLAN.total, PLAN.quarters, PLAN.months)
    assert sum(plan.weeks) == plan.total


def test_the_best_rate_is_of_weeks_on_end():
    # 3 + 0 + 9 and 0 + 9 + 3 are 12 in three weeks; 9 + 3 + 1 are 13
    assert best_rate((3, 0, 9, 3, 1), 3) == Fraction(13, 3)
    assert best_rate((3, 0, 9), 13) == 4  # fewer weeks than asked for: all of them
    assert best_rate((), 13) == 0


@given(weeks=st.lists(st.integers(-(10**12), 10**12), max_size=52), count=st.integers(1, 20))
def test_no_run_of_weeks_was_better_than_the_best_rate(weeks, count):
    best = best_rate(weeks, count)
    runs = [weeks[at : at + count] for at in range(len(weeks) - count + 1)]
    assert all(Fraction(sum(run), count) <= best for run in runs)
    assert not runs or any(Fraction(sum(run), count) == best for run in runs)
