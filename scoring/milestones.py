"""Milestones: a signed yearly target taken apart, so that every level sums exactly.

Year → quarters (equal by default) → months (1:1:2, the quarter's last month is its sprint) →
weeks (by business days, make-up Saturdays included) → business days. Kpi specification §5.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate

from scoring.rounding import whole

MONTHS = 12
QUARTER = 3
PERCENT = 100


def allocate(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share out a whole total in proportion to weights; the parts sum to it exactly.

    Each part is rounded down, then the units left over go to the largest remainders; ties go to
    the larger weight, then to the earlier part. ValueError for a negative total, a negative
    weight, or a total with nobody to take it.
    """
    whole = sum(weights)
    if total < 0 or min(weights, default=0) < 0 or (whole == 0 and total):
        raise ValueError(f"cannot share out {total} by weights {list(weights)}")
    if whole == 0:
        return (0,) * len(weights)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    order = sorted(
        range(len(weights)),
        key=lambda at: (-(total * weights[at] % whole), -weights[at], at),
    )
    for at in order[:left]:
        parts[at] += 1
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class WeekSlice:
    """The part of an ISO week that lies in one month."""

    month: int
    first: date
    last: date
    business_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class YearShape:
    """How a bank divides any target over a year; made once, used for every manager."""

    year: int
    quarter_weights: tuple[int, ...]
    month_weights: tuple[int, ...]
    """Of the three months of a quarter."""
    weeks: tuple[WeekSlice, ...]
    levels: tuple[Fraction, ...]
    """Running sums of the average path over the year's days, starting with 0 (`average`)."""

    def average(self, first: date, last: date) -> Fraction:
        """The planned day-average from `first` to `last`, in units of the year's.

        The path starts at 0, rises within each month at the pace of its weight, and its average
        over all days of the year is exactly 1.
        """
        start = date(self.year, 1, 1)
        low, high = (first - start).days, (last - start).days + 1
        whole = self.levels[-1] / (len(self.levels) - 1)
        return (self.levels[high] - self.levels[low]) / (high - low) / whole


@dataclass(frozen=True, slots=True)
class YearPlan:
    """A yearly total taken apart: 4 quarters, 12 months, and an amount for each week slice."""

    shape: YearShape
    total: int
    quarters: tuple[int, ...]
    months: tuple[int, ...]
    weeks: tuple[int, ...]

    def planned(self, first: date, last: date) -> int:
        """What the plan asks for from `first` to `last`, both included.

        A week's amount is spread over its business days.
        """
        planned = 0
        for week, amount in zip(self.shape.weeks, self.weeks, strict=True):
            if first <= week.first and week.last <= last:
                planned += amount
            elif week.first <= last and first <= week.last:
                days = week.business_days
                parts = allocate(amount, (1,) * len(days))
                planned += sum(parts[bisect_left(days, first) : bisect_right(days, last)])
        return planned


def shape_year(
    year: int,
    is_business: Callable[[date], bool],
    quarter_weights: Sequence[int] = (1, 1, 1, 1),
    month_weights: Sequence[int] = (1, 1, 2),
) -> YearShape:
    """The shape of a year under the bank's calendar and plan weights."""
    weeks = []
    inflow: list[Fraction] = []
    for month in range(1, MONTHS + 1):
        first = date(year, month, 1)
        following = date(year + month // MONTHS, month % MONTHS + 1, 1)
        weeks += _weeks(first, following, is_business)
        days = (following - first).days
        inflow += [Fraction(_weight(month, quarter_weights, month_weights), days)] * days
    levels = tuple(accumulate(accumulate(inflow), initial=Fraction(0)))
    return YearShape(year, tuple(quarter_weights), tuple(month_weights), tuple(weeks), levels)


def decompose(total: int, shape: YearShape) -> YearPlan:
    """Take a yearly total apart; each level sums exactly to the one above."""
    quarters = allocate(total, shape.quarter_weights)
    months = tuple(part for whole in quarters for part in allocate(whole, shape.month_weights))
    return YearPlan(shape, total, quarters, months, _by_week(months, shape))


def monthly(amount: int, shape: YearShape, *, average: bool) -> tuple[int, ...]:
    """The twelve figures that are signed with a yearly target.

    Of a sum what each month is to bring, which adds up to it; of an average what it is to be from
    the first of January to each month's end, of which the last is the target itself.
    """
    if not average:
        return decompose(amount, shape).months
    first, year = date(shape.year, 1, 1), shape.year
    ends = [date(year, at + 1, 1) - timedelta(days=1) for at in range(1, MONTHS)]
    ends.append(date(year, MONTHS, 31))
    return tuple(int(whole(amount * shape.average(first, end))) for end in ends)


def plan_of(months: Sequence[int], shape: YearShape) -> YearPlan:
    """A plan by the twelve months that were signed, whatever the shape's own weights are by now."""
    quarters = tuple(sum(months[at : at + QUARTER]) for at in range(0, MONTHS, QUARTER))
    return YearPlan(shape, sum(months), quarters, tuple(months), _by_week(months, shape))


def stretched(plan: YearPlan, percent: int) -> YearPlan:
    """The stretch line: the plan of so many percent of its total."""
    return decompose(plan.total * percent // PERCENT, plan.shape)


def personal(plan: YearPlan, percent: Callable[[date], int]) -> YearPlan:
    """A plan as asked of somebody who is here, or in full duty, on some of its days only.

    `percent` is what a day asks of them. A week keeps the part of its amount that its days keep,
    rounded so that the running sum never drifts; its whole is the total × the weights of the days
    that are left ÷ those of all days, and every level sums to the one above.
    """
    weeks, slices = [], []
    owed, given = Fraction(0), 0
    for week, amount in zip(plan.shape.weeks, plan.weeks, strict=True):
        shares = [percent(day) for day in week.business_days]
        if shares:
            owed += Fraction(amount * sum(shares), PERCENT * len(shares))
        weeks.append(int(owed) - given)
        given = int(owed)
        days = zip(week.business_days, shares, strict=True)
        slices.append(replace(week, business_days=tuple(day for day, share in days if share)))
    months = [0] * MONTHS
    for week, amount in zip(slices, weeks, strict=True):
        months[week.month - 1] += amount
    shape = replace(plan.shape, weeks=tuple(slices))
    quarters = tuple(sum(months[at : at + QUARTER]) for at in range(0, MONTHS, QUARTER))
    return YearPlan(shape, sum(months), quarters, tuple(months), tuple(weeks))


def _by_week(months: Sequence[int], shape: YearShape) -> tuple[int, ...]:
    weeks: list[int] = []
    for month, amount in enumerate(months, start=1):
        slices = [week for week in shape.weeks if week.month == month]
        weeks += allocate(amount, [len(week.business_days) for week in slices])
    return tuple(weeks)


def _weight(month: int, quarter_weights: Sequence[int], month_weights: Sequence[int]) -> Fraction:
    quarter, position = divmod(month - 1, QUARTER)
    share = Fraction(quarter_weights[quarter], sum(quarter_weights))
    return share * Fraction(month_weights[position], sum(month_weights))


def _weeks(first: date, following: date, is_business: Callable[[date], bool]) -> list[WeekSlice]:
    slices = []
    while first < following:
        monday = first + timedelta(days=7 - first.weekday())
        last = min(monday, following) - timedelta(days=1)
        days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
        business = tuple(day for day in days if is_business(day))
        slices.append(WeekSlice(first.month, first, last, business))
        first = last + timedelta(days=1)
    return slices
