"""A signed target taken apart: every level sums exactly, whatever the total."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.milestones import allocate, decompose, monthly, personal, shape_year
from scoring.periods import Period

MILLION = 100_000_000  # one million yuan in fen
SPRING_FESTIVAL = {date(2026, 2, day) for day in range(15, 24)}
MAKE_UP = {date(2026, 2, 14), date(2026, 2, 28)}


def is_business(day: date) -> bool:
    return day in MAKE_UP or (day.weekday() < 5 and day not in SPRING_FESTIVAL)


SHAPE = shape_year(2026, is_business)
totals = st.integers(0, 10**16)


@given(total=totals, weights=st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_parts_sum_to_the_whole_and_differ_from_proportion_by_less_than_one(total, weights):
    parts = allocate(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, (1, 1, 2), (3, 2, 5)),  # 2.5, 2.5, 5: the tie goes to the earlier
        (7, (1, 1, 1, 1), (2, 2, 2, 1)),
        (2, (1, 1, 2), (1, 0, 1)),
        (1, (1, 1, 2), (0, 0, 1)),  # the largest remainder is the sprint's
        (0, (0, 0), (0, 0)),
    ],
)
def test_worked_allocations(total, weights, parts):
    assert allocate(total, weights) == parts


@pytest.mark.parametrize(("total", "weights"), [(-1, (1,)), (1, (-1, 2)), (1, (0, 0)), (1, ())])
def test_what_cannot_be_shared_out_is_refused(total, weights):
    with pytest.raises(ValueError, match="cannot share out"):
        allocate(total, weights)


@given(total=totals)
def test_every_level_sums_to_the_one_above_down_to_days(total):
    plan = decompose(total, SHAPE)
    assert sum(plan.quarters) == total
    for quarter in range(4):
        assert sum(plan.months[quarter * 3 : quarter * 3 + 3]) == plan.quarters[quarter]
    for month in range(1, 13):
        weeks = zip(SHAPE.weeks, plan.weeks, strict=True)
        assert sum(part for week, part in weeks if week.month == month) == plan.months[month - 1]
    year = [date(2026, 1, 1) + timedelta(days=at) for at in range(365)]
    assert sum(plan.planned(day, day) for day in year) == total


@given(total=totals, cut=st.integers(1, 364))
def test_a_period_cut_in_two_asks_for_the_same(total, cut):
    plan = decompose(total, SHAPE)
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    middle = first + timedelta(days=cut)
    left = plan.planned(first, middle - timedelta(days=1))
    assert left + plan.planned(middle, last) == total


def test_ten_million_is_625_thousand_a_month_and_twice_that_in_a_sprint():
    plan = decompose(10 * MILLION, SHAPE)
    assert plan.quarters == (250_000_000,) * 4
    assert plan.months == (62_500_000, 62_500_000, 125_000_000) * 4


@given(total=st.integers(4, 40))
def test_no_quarter_with_a_target_has_an_empty_sprint_month(total):
    months = decompose(total, SHAPE).months
    assert all(months[2::3])


def test_a_week_without_business_days_asks_for_nothing_and_a_make_up_saturday_for_its_share():
    plan = decompose(10 * MILLION, SHAPE)
    assert plan.planned(date(2026, 2, 16), date(2026, 2, 22)) == 0
    # February: 20 weekdays − 6 of the holiday (16–20 and 23) + 2 make-up Saturdays = 16 days,
    # 62,500,000 ÷ 16 = 3,906,250 each.
    assert plan.planned(date(2026, 2, 14), date(2026, 2, 14)) == 3_906_250


def test_the_planned_path_averages_exactly_the_yearly_target():
    assert SHAPE.average(date(2026, 1, 1), date(2026, 12, 31)) == 1
    quarters = Period.of_year(2026).quarters()
    assert sum(SHAPE.average(q.first, q.last) * q.days for q in quarters) == 365


def test_ten_million_of_average_needs_about_twenty_of_growth():
    """Measured for the specification: 1:1:2 inflows average 0.483 of their year-end level."""
    growth = 1 / SHAPE.average(date(2026, 12, 31), date(2026, 12, 31))
    assert float(growth) == pytest.approx(0.4828, abs=0.0001)


@given(
    days=st.tuples(st.integers(0, 364), st.integers(0, 364)).map(sorted),
    later=st.integers(0, 364),
)
def test_the_planned_path_never_falls(days, later):
    start = date(2026, 1, 1)
    one, two = (start + timedelta(days=at) for at in days)
    assert SHAPE.average(one, one) <= SHAPE.average(two, two)


def test_the_twelve_months_of_an_average_are_its_path_from_the_first_of_january():
    months = monthly(10 * MILLION, SHAPE, average=True)
    first = date(2026, 1, 1)
    assert months[-1] == 10 * MILLION
    assert months[0] == round(10 * MILLION * SHAPE.average(first, date(2026, 1, 31)))
    assert monthly(10 * MILLION, SHAPE, average=False) == decompose(10 * MILLION, SHAPE).months


@given(total=totals)
def test_the_months_of_an_average_never_fall_and_end_at_the_target(total):
    months = monthly(total, SHAPE, average=True)
    assert list(months) == sorted(months)
    assert months[-1] == total


def test_flat_growth_needs_less_than_the_sprints_do():
    """19.9 m if flat, 20.7 m by 1:1:2: what a +10 m average needs of point growth."""
    flat = shape_year(2026, is_business, (1, 1, 1, 1), (1, 1, 1))
    last = date(2026, 12, 31)
    growth = [10 * float(shape.average(last, last)) for shape in (SHAPE, flat)]
    assert [round(each, 1) for each in growth] == [20.7, 19.9]


def joined(day):
    """Hired on 1 July: nothing in the first month, half in the second, all of it then."""
    if day < date(2026, 8, 1):
        return 0
    return 50 if day < date(2026, 9, 1) else 100


def test_a_joiner_is_asked_for_the_weights_of_the_slices_that_are_left():
    plan = personal(decompose(10 * MILLION, SHAPE), joined)
    # of the third quarter August's 0.625 m by half and September's 1.25 m, and all of the fourth
    assert plan.months == (0,) * 7 + (31_250_000, 125_000_000, 62_500_000, 62_500_000, 125_000_000)
    assert plan.quarters == (0, 0, 156_250_000, 250_000_000)
    # 10 m × (½ + 2 + 4) ÷ 16 = 4.0625 m
    assert plan.total == 406_250_000


def test_somebody_hired_in_the_middle_of_a_week_is_asked_for_the_days_that_are_left():
    wednesday = date(2026, 3, 4)
    plan = personal(decompose(10 * MILLION, SHAPE), lambda day: 100 * (day >= wednesday))
    # 20 of March's 22 working days: 1.25 m × 20 ÷ 22 = 1.136 m
    assert plan.planned(date(2026, 3, 1), date(2026, 3, 3)) == 0
    assert plan.planned(wednesday, date(2026, 3, 31)) == 113_636_363
    assert plan.total == plan.planned(wednesday, date(2026, 12, 31))


@given(
    total=totals,
    cuts=st.lists(st.tuples(st.integers(0, 364), st.sampled_from([0, 50, 100])), max_size=5),
)
def test_whatever_part_is_asked_every_level_sums_to_the_one_above(total, cuts):
    steps = sorted(cuts)

    def percent(day):
        at = (day - date(2026, 1, 1)).days
        return next((share for start, share in reversed(steps) if start <= at), 100)

    plan = personal(decompose(total, SHAPE), percent)
    assert sum(plan.quarters) == sum(plan.months) == sum(plan.weeks) == plan.total <= total
    for month in range(1, 13):
        weeks = zip(plan.shape.weeks, plan.weeks, strict=True)
        assert sum(part for week, part in weeks if week.month == month) == plan.months[month - 1]
    whole = Fraction(0)
    for week, amount in zip(SHAPE.weeks, decompose(total, SHAPE).weeks, strict=True):
        if week.business_days:
            asked = sum(map(percent, week.business_days))
            whole += Fraction(amount * asked, 100 * len(week.business_days))
    assert plan.total == int(whole)
    year = [date(2026, 1, 1) + timedelta(days=at) for at in range(365)]
    assert all(plan.planned(day, day) == 0 for day in year if percent(day) == 0)
