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
from scoring.milestones import YearShape, decompose
from scoring.rounding import whole


@dataclass(frozen=True, slots=True)
class Worker:
    """An account manager and the days employed; `left` is the first day no longer employed."""

    id: str
    hired: date
    left: date

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


def workers(tx: Transaction, window: Window) -> tuple[Worker, ...]:
    """The account managers employed on some day of the window, by id."""
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
        Worker(staff, day_of(hired), day_of(left)) for staff, hired, left in tx.execute(statement)
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

    Someone employed for part of the days is asked for their part of it.
    """
    first = window.period.first

    def mean(last: date) -> Decimal:
        days = (last - first).days + 1
        share = Fraction(worker.days(first, last), days)
        return whole(amount * shape.average(first, last) * share)

    return Asked(mean(window.through), mean(window.period.last))


def ask_flow(amount: int, shape: YearShape, window: Window, worker: Worker) -> Asked:
    """A yearly sum as asked of the period: its milestones on the days employed."""
    plan = decompose(amount, shape)

    def planned(last: date) -> Decimal:
        worked = worker.worked(window.period.first, last)
        return Decimal(plan.planned(*worked) if worked else 0)

    return Asked(planned(window.through), planned(window.period.last))
