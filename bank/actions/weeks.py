"""Weeks behind: what managers brought in each whole week of the year, and what was planned for it.

They tell how much an indicator varies. Sums are added up from the records, averages looked up in
the rollup, as the bank believes them now.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from sqlalchemy import and_, func, literal, select, true, union_all
from sqlalchemy.orm import aliased

from bank.database import Transaction
from bank.days import number
from bank.models import ManagerDay, Staff
from bank.performance import income, lending, recovery
from bank.performance.deposits import CLASSES_OF, increment
from bank.performance.measuring import Frame
from bank.performance.rollup import NOTHING, DayRow, is_current
from bank.performance.sums import Sums
from bank.performance.targets import Worker, ask_average, asked_plan, signed_targets
from bank.performance.window import SHARE, Window
from bank.targets import signed_months
from scoring.periods import Period

Weeks = tuple[tuple[Fraction, Fraction], ...]
"""(actual, planned) of each week, oldest first; of an average × the days of the week."""
Amounts = Mapping[tuple[str, int], Fraction]
"""What was brought, or planned, by indicator and the place of the week."""
DAYS = 7
BY_DAY = (
    ("P02", lending.drawn_by_day, SHARE),
    ("P03", income.income_by_day, SHARE),
    ("R05", recovery.recovered_by_day, recovery.UNITS),
)
"""What gives an indicator and its parts as (manager, indicator, day, amount), and by what the
amounts are multiplied."""
AVERAGES = (*CLASSES_OF, "P05")


def weeks_of(tx: Transaction, frame: Frame, some: Sequence[Worker]) -> Mapping[str, Weeks]:
    """The weeks of some managers added up, for every weighed indicator any of them signed for."""
    managers = [worker.id for worker in some]
    signed = signed_targets(tx, frame.window, managers)
    weighed = {each.id for each in frame.scheme.indicators if each.is_signed and each.weight}
    names = sorted(weighed & {name for _, name in signed})
    weeks = _weeks(frame)
    if not names or not weeks:
        return dict.fromkeys(names, ())
    history = _over(frame, weeks)
    brought = defaultdict(Fraction, _sums(tx, history, managers, names))
    brought.update(_averages(tx, history, managers, weeks, names))
    planned = _planned(tx, history, some, weeks, names)
    known = range(len(weeks)) if is_current(tx) else range(0)
    return {
        name: tuple(
            (brought[name, at], planned[name, at])
            for at in (known if name in AVERAGES else range(len(weeks)))
        )
        for name in names
    }


def _weeks(frame: Frame) -> list[date]:
    """The Mondays of the whole weeks of the year that are known, at most so many."""
    last, first = frame.window.through, date(frame.window.period.year, 1, 1)
    monday = last - timedelta(days=(last.weekday() + 1) % DAYS) - timedelta(days=DAYS - 1)
    found: list[date] = []
    while monday >= first and len(found) < frame.scheme.forecast.weeks:
        found.append(monday)
        monday -= timedelta(days=DAYS)
    return found[::-1]


def _over(frame: Frame, weeks: Sequence[date]) -> Frame:
    """The frame with all these weeks as its window."""
    last = weeks[-1] + timedelta(days=DAYS - 1)
    window = Window(Period("weeks", weeks[0], last), frame.window.as_of, last)
    return replace(frame, window=window)


def _sums(
    tx: Transaction, frame: Frame, managers: Sequence[str], names: Sequence[str]
) -> Iterator[tuple[tuple[str, int], Fraction]]:
    found: defaultdict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for whole, by_day, scale in BY_DAY:
        if not any(name.startswith(whole) for name in names):
            continue
        for _, name, day, amount in by_day(tx, frame, managers):
            if name in names:
                found[name, (day - frame.window.first) // DAYS] += Fraction(amount, scale)
    yield from found.items()


def _averages(
    tx: Transaction,
    frame: Frame,
    managers: Sequence[str],
    weeks: Sequence[date],
    names: Sequence[str],
) -> Iterator[tuple[tuple[str, int], Fraction]]:
    averages = [name for name in AVERAGES if name in names]
    if not averages or not is_current(tx):
        return
    days = [number(monday) for monday in weeks] + [number(weeks[-1]) + DAYS]
    rows = _rows_on(tx, managers, days)
    found: defaultdict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for manager in managers:
        for at, (start, stop) in enumerate(pairwise(days)):
            before = rows.get((manager, start), NOTHING).total(start)
            upto = rows.get((manager, stop - 1), NOTHING).through(stop - 1)
            over = {key: upto.get(key, 0) - before.get(key, 0) for key in {*upto, *before}}
            for name in averages:
                measure = increment(frame, Sums(over, {}), name)
                found[name, at] += Fraction(measure.numerator, measure.scale)
    yield from found.items()


def _rows_on(
    tx: Transaction, managers: Sequence[str], days: Sequence[int]
) -> Mapping[tuple[str, int], DayRow]:
    """Each manager's newest row of the rollup up to the first day and the last of each week."""
    asked = sorted({*days[:-1], *(day - 1 for day in days[1:])})
    at = union_all(*(select(literal(day).label("day")) for day in asked)).cte("asked")
    other = aliased(ManagerDay)
    newest = (
        select(func.max(other.day))
        .where(other.manager_id == Staff.id, other.day <= at.c.day)
        .scalar_subquery()
    )
    each = (
        select(Staff.id, at.c.day.label("on"), newest.label("day"))
        .join(at, true())
        .where(Staff.id.in_(managers))
        .subquery()
    )
    row = and_(ManagerDay.manager_id == each.c.id, ManagerDay.day == each.c.day)
    columns = (each.c.id, each.c.on, ManagerDay.day, ManagerDay.levels, ManagerDay.totals)
    return {
        (manager, on): DayRow(day, levels, totals)
        for manager, on, day, levels, totals in tx.execute(select(*columns).join(ManagerDay, row))
    }


def _planned(
    tx: Transaction,
    frame: Frame,
    some: Sequence[Worker],
    weeks: Sequence[date],
    names: Sequence[str],
) -> defaultdict[tuple[str, int], Fraction]:
    managers, shape = [worker.id for worker in some], frame.shape
    window = frame.window
    signed = signed_targets(tx, window, managers)
    months = signed_months(tx, shape.year, managers, window.as_of)
    planned: defaultdict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for worker in some:
        for name in names:
            amount = signed.get((worker.id, name), 0)
            if amount <= 0:
                continue
            own = months.get((worker.id, name), ())
            plan = None if name in AVERAGES else asked_plan(amount, shape, worker, own)
            for at, monday in enumerate(weeks):
                sunday = monday + timedelta(days=DAYS - 1)
                if plan is not None:
                    planned[name, at] += plan.planned(monday, sunday)
                    continue
                week = Window(Period("week", monday, sunday), window.as_of, sunday)
                asked = ask_average(amount, shape, week, worker)
                planned[name, at] += DAYS * Fraction(asked.in_all)
    return planned
