"""Pace: where every signed target of a manager stands, and what the running month and week ask."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import select

from bank.database import Transaction
from bank.days import number
from bank.performance import acquisition, income, lending, recovery
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, asked_plan, signed_targets
from bank.performance.window import SHARE
from bank.targets import signed_months
from scoring.facts import Fact
from scoring.indicators import Indicator
from scoring.pace import Milestone, Pace, cost_of_waiting, milestone_of, pace_of
from scoring.periods import Period
from scoring.replan import best_rate

SUMS_BY_DAY = (
    (lending.drawn_by_day, SHARE),
    (income.income_by_day, SHARE),
    (recovery.recovered_by_day, recovery.UNITS),
)
"""The sums of money by the day they count on, with what each is a multiple of."""
LOOK_BACK_WEEKS = 52
DAYS_A_WEEK = 7
Plans = Mapping[tuple[str, str], tuple[int, tuple[int, ...]]]
"""Amount and signed months, by manager and indicator."""


def find_pace(
    tx: Transaction,
    frame: Frame,
    workers: Sequence[Worker],
    facts: Mapping[str, Sequence[Fact]],
) -> Mapping[str, tuple[Pace, ...]]:
    """The pace of every fact with a target, by manager."""
    plans = _plans(tx, frame, workers)
    paces = {
        worker.id: [_pace(frame, worker, fact, plans) for fact in facts[worker.id]]
        for worker in workers
    }
    found = {worker: tuple(pace for pace in some if pace) for worker, some in paces.items()}
    behind = [worker.id for worker in workers if any(map(_is_judged, found[worker.id]))]
    best = best_rates(tx, frame, behind) if behind else {}
    times = frame.scheme.plan.rate_times
    return {
        worker: tuple(_judged(pace, best.get((worker, pace.indicator)), times) for pace in some)
        for worker, some in found.items()
    }


def best_rates(
    tx: Transaction, frame: Frame, managers: Sequence[str]
) -> Mapping[tuple[str, str], Fraction]:
    """The best weekly rate of each sum over so many weeks on end, in the year before, in its unit.

    Weeks are counted back from the last known day; whoever brought nothing is absent.
    """
    plan, last = frame.scheme.plan, number(frame.window.through)
    weekly: defaultdict[tuple[str, str, int], list[int]]
    weekly = defaultdict(lambda: [0] * LOOK_BACK_WEEKS)
    for manager, indicator, day, amount, scale in _brought(tx, _year_before(frame), managers):
        weekly[manager, indicator, scale][(last - day) // DAYS_A_WEEK] += amount
    rates = {
        (manager, indicator): best_rate(amounts, plan.rate_weeks) / scale
        for (manager, indicator, scale), amounts in weekly.items()
    }
    return {key: rate for key, rate in rates.items() if rate > 0}


def _year_before(frame: Frame) -> Frame:
    """The frame of the weeks that are looked back at."""
    last = frame.window.through
    first = last - timedelta(days=LOOK_BACK_WEEKS * DAYS_A_WEEK - 1)
    window = replace(frame.window, period=Period("trailing", first, last), through=last)
    return replace(frame, window=window)


def _brought(
    tx: Transaction, frame: Frame, managers: Sequence[str]
) -> Iterator[tuple[str, str, int, int, int]]:
    """(manager, indicator, day number, amount, scale) of every sum of the frame's days.

    Amounts are in 1/scale of the unit; an indicator has one scale.
    """
    for by_day, scale in SUMS_BY_DAY:
        for manager, indicator, day, amount in by_day(tx, frame, managers):
            yield manager, indicator, day, amount, scale
    found = acquisition.effective_clients(frame, managers).subquery()
    gained = select(found.c.acquirer_id, found.c.qualified).where(found.c.gained == 1)
    for manager, day in tx.execute(gained):
        yield manager, "P04", day, 1, 1


def _plans(tx: Transaction, frame: Frame, workers: Sequence[Worker]) -> Plans:
    managers, window = [worker.id for worker in workers], frame.window
    months = signed_months(tx, window.period.year, managers, window.as_of)
    signed = signed_targets(tx, window, managers)
    return {key: (amount, months.get(key, ())) for key, amount in signed.items() if amount > 0}


def _pace(frame: Frame, worker: Worker, fact: Fact, plans: Plans) -> Pace | None:
    through, period = frame.window.through, frame.window.period
    indicator = frame.scheme.indicator(fact.indicator)
    until = _until(frame, worker)
    left = (until - through).days
    if indicator.type == "flow":
        left = frame.calendar.business_days_between(through, until)
    waiting = None
    if indicator.type == "average" and left:
        wait_days = frame.scheme.plan.wait_days
        waiting = cost_of_waiting(fact, int(fact.level or 0), left, period.days, wait_days)
    pace = pace_of(indicator, fact, left, period.days, waiting)
    if pace is None or not left or not indicator.is_signed:
        return pace
    return replace(pace, milestone=_milestone(frame, worker, fact, indicator, plans))


def _until(frame: Frame, worker: Worker) -> date:
    """The last day that somebody still has for the period."""
    through = frame.window.through
    rest = worker.worked(through, frame.window.period.last)
    return max(rest[1], through) if rest else through


def _milestone(
    frame: Frame, worker: Worker, fact: Fact, indicator: Indicator, plans: Plans
) -> Milestone | None:
    signed = plans.get((worker.id, fact.indicator))
    if indicator.type != "flow" or signed is None or fact.actual is None:
        return None
    plan = asked_plan(signed[0], frame.shape, worker, signed[1])
    quarters = [(quarter.first.month - 1) // 3 for quarter in frame.window.period.quarters()]
    return milestone_of(plan, int(fact.actual), frame.window.through, quarters)


def _is_judged(pace: Pace) -> bool:
    return pace.ahead < 0 and pace.milestone is not None and pace.milestone.per_week > 0


def _judged(pace: Pace, best: Fraction | None, times: int) -> Pace:
    """A pace that is behind, with whether it can be made up; unknown where nothing was brought."""
    if not _is_judged(pace) or pace.milestone is None or best is None:
        return pace
    return replace(pace, milestone=pace.milestone.against(best, times))
