"""Targets: what each manager signed for the year, as asked of a period and of its days so far."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Staff, Target
from bank.performance.window import Window
from scoring.milestones import MONTHS, PERCENT, YearPlan, YearShape, decompose, personal, plan_of
from scoring.rounding import whole


@dataclass(frozen=True, slots=True)
class Worker:
    """An account manager and the days employed; `left` is the first day no longer employed."""

    id: str
    hired: date
    left: date
    ramp: tuple[int, ...] = ()
    """Percent of a target in the first, second, … month employed; all of it afterwards."""

    def asks(self, day: date) -> int:
        """Percent of a day's part of a target that is asked: none of who is not employed."""
        if not self.hired <= day < self.left:
            return 0
        months = (day.year - self.hired.year) * MONTHS + day.month - self.hired.month
        months -= day.day < self.hired.day
        return self.ramp[months] if months < len(self.ramp) else PERCENT

    def in_full(self, first: date, last: date) -> bool:
        """Whether every day from `first` to `last` asks for all of its part."""
        return self.asks(first) == PERCENT and self.left > last

    def worked(self, first: date, last: date) -> tuple[date, date] | None:
        """First and last day employed from `first` to `last`; None if there is none."""
        start, stop = max(self.hired, first), min(self.left - timedelta(days=1), last)
        return (start, stop) if start <= stop else None

    def days(self, first: date, last: date) -> int:
        """Days employed from `first` to `last`."""
        worked = self.worked(first, last)
        return (worked[1] - worked[0]).days + 1 if worked else 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A target in the indicator's unit: by the last known day, and by the period's end."""

    so_far: Decimal
    in_all: Decimal


def workers(tx: Transaction, window: Window, ramp: tuple[int, ...] = ()) -> tuple[Worker, ...]:
    """The account managers employed on some day of the window, by id; `ramp` is the scheme's."""
    statement = (
        select(Staff.id, Staff.hired_day, Staff.left_day)
        .where(
            Staff.role == "manager",
            Staff.hired_day < window.end,
            Staff.left_day > window.first,
        )
        .order_by(Staff.id)
    )
    return tuple(
        Worker(staff, day_of(hired), day_of(left), ramp)
        for staff, hired, left in tx.execute(statement)
    )


def signed_targets(
    tx: Transaction, window: Window, managers: Collection[str]
) -> Mapping[tuple[str, str], int]:
    """The newest yearly targets signed by the as-of day, by manager and indicator."""
    statement = (
        select(Target.manager_id, Target.indicator, Target.amount)
        .where(
            Target.manager_id.in_(managers),
            Target.year == window.period.year,
            Target.signed_day <= number(window.as_of),
        )
        .order_by(Target.version)
    )
    return {(manager, indicator): amount for manager, indicator, amount in tx.execute(statement)}


def ask_average(amount: int, shape: YearShape, window: Window, worker: Worker) -> Asked:
    """A yearly day-average as asked of the period: the mean of the planned path over its days.

    Someone who is employed, or past the ramp, for part of the days is asked for their part of it.
    """
    first = window.period.first

    def mean(last: date) -> Decimal:
        days = (last - first).days + 1
        share = Fraction(1)
        if not worker.in_full(first, last):
            asked = sum(worker.asks(first + timedelta(days=at)) for at in range(days))
            share = Fraction(asked, PERCENT * days)
        return whole(amount * shape.average(first, last) * share)

    return Asked(mean(window.through), mean(window.period.last))


def ask_flow(
    amount: int,
    shape: YearShape,
    window: Window,
    worker: Worker,
    months: tuple[int, ...] = (),
) -> Asked:
    """A yearly sum as asked of the period: its milestones on the days employed, past the ramp.

    `months` are those that were signed with it; without them it is taken apart by the shape.
    """
    plan = asked_plan(amount, shape, worker, months)
    first = window.period.first
    return Asked(
        Decimal(plan.planned(first, window.through)),
        Decimal(plan.planned(first, window.period.last)),
    )


def asked_plan(
    amount: int, shape: YearShape, worker: Worker, months: tuple[int, ...] = ()
) -> YearPlan:
    """The plan of a yearly sum as asked of somebody: whoever joins or leaves has part of it."""
    plan = plan_of(months, shape) if months else decompose(amount, shape)
    if worker.in_full(date(shape.year, 1, 1), date(shape.year, 12, 31)):
        return plan
    return personal(plan, worker.asks)
