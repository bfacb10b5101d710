"""From measures to facts: a manager's indicators, each beside what was asked by now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bank.performance.deposits import UNITS
from bank.performance.measuring import Batch, Frame
from bank.performance.targets import Asked, Worker, ask_average, ask_flow
from bank.performance.window import SHARE, Measure
from scoring.facts import NO_CLIENTS, NO_LOANS, NOTHING_DUE, Fact, percent
from scoring.pace import Pace, cost_of_waiting, pace_of
from scoring.rounding import micro, whole


@dataclass(frozen=True, slots=True)
class Case:
    """One manager among those measured together."""

    frame: Frame
    batch: Batch
    worker: Worker

    def signed(self, indicator: str) -> int | None:
        """The yearly target the manager signed, if any."""
        return self.batch.signed.get((self.worker.id, indicator))

    def fixed_target(self, indicator: str) -> Decimal | None:
        """The target everyone has, unless the manager signed another."""
        signed = self.signed(indicator)
        return self.frame.scheme.indicator(indicator).target if signed is None else Decimal(signed)


def facts_of(case: Case) -> tuple[Fact, ...]:
    """The facts of the scheme's indicators that the bank's records can measure."""
    return tuple(
        _FACTS[indicator.id](case)
        for indicator in case.frame.scheme.indicators
        if indicator.id in _FACTS
    )


def pace_all(case: Case, facts: Sequence[Fact]) -> tuple[Pace, ...]:
    """The pace of every fact with a target."""
    frame, batch, worker = case.frame, case.batch, case.worker
    through, period = frame.window.through, frame.window.period
    rest = worker.worked(through, period.last)
    until = max(rest[1], through) if rest else through
    days = {
        "flow": frame.calendar.business_days_between(through, until),
        "average": (until - through).days,
    }
    found = []
    for fact in facts:
        indicator = frame.scheme.indicator(fact.indicator)
        left = days.get(indicator.type, days["average"])
        waiting = None
        if indicator.type == "average" and left:
            current = int(whole(Fraction(batch.deposits.last_day.get(worker.id, 0), UNITS)))
            wait_days = frame.scheme.plan.wait_days
            waiting = cost_of_waiting(fact, current, left, period.days, wait_days)
        pace = pace_of(indicator, fact, left, period.days, waiting)
        found += [pace] if pace else []
    return tuple(found)


def _deposits(case: Case) -> Fact:
    measure = case.batch.deposits.window.get(case.worker.id)
    amount = case.signed("P01")
    asked = None
    if amount is not None:
        asked = ask_average(amount, case.frame.shape, case.frame.window, case.worker)
    return _money("P01", case, measure, asked, NO_CLIENTS)


def _disbursed(case: Case) -> Fact:
    measure = case.batch.drawn.get(case.worker.id, Measure(0, SHARE, scale=SHARE))
    amount = case.signed("P02")
    asked = None
    if amount is not None and amount > 0:
        asked = ask_flow(amount, case.frame.shape, case.frame.window, case.worker)
        if not asked.so_far:
            return _money("P02", case, None, asked, NOTHING_DUE)
    elif amount is not None:
        asked = Asked(Decimal(amount), Decimal(amount))
    return _money("P02", case, measure, asked)


def _money(
    indicator: str, case: Case, measure: Measure | None, asked: Asked | None, why_none: str = ""
) -> Fact:
    found = measure or Measure(0, 1)
    return Fact(
        indicator,
        case.frame.window.through,
        whole(Fraction(found.numerator, found.denominator)) if measure else None,
        asked.so_far if asked else None,
        asked.in_all if asked else None,
        found.numerator,
        found.denominator,
        case.frame.window.days,
        found.scale,
        why_none if measure is None else "",
        found.rows,
        found.row_count,
    )


def _frequency(case: Case) -> Fact:
    return _ratio("C03a", case, case.batch.care.frequency.get(case.worker.id))


def _coverage(case: Case) -> Fact:
    """Its target grows with the quarter; under one planned visit there is nothing to score."""
    measure = case.batch.care.coverage.get(case.worker.id)
    planned = case.batch.care.planned.get(case.worker.id, Fraction(0))
    if measure is None or (planned < SHARE and not case.frame.window.is_over):
        return _ratio("C03b", case, None)
    return _ratio("C03b", case, measure, elapsed=planned / measure.denominator)


def _bad(case: Case) -> Fact:
    return _ratio("R01", case, case.batch.bad.get(case.worker.id), NO_LOANS)


def _timely(case: Case) -> Fact:
    return _ratio("R03", case, case.batch.answers.timely.get(case.worker.id))


def _ratio(
    indicator: str,
    case: Case,
    measure: Measure | None,
    why_none: str = NOTHING_DUE,
    elapsed: Fraction = Fraction(1),
) -> Fact:
    """A fact in percent, against the target times the share of it that is asked so far."""
    found = measure if measure and measure.denominator else None
    target = case.fixed_target(indicator)
    asked = None if target is None else micro(Fraction(target) * elapsed)
    actual = percent(found.numerator, found.denominator) if found else None
    return _rate(indicator, case, (found, actual), (asked, target), why_none)


def _training(case: Case) -> Fact:
    measure = case.batch.training.get(case.worker.id)
    actual = micro(Fraction(measure.numerator, measure.denominator)) if measure else None
    target = case.fixed_target("T02")
    return _rate("T02", case, (measure, actual), (target, target), NOTHING_DUE)


def _rate(
    indicator: str,
    case: Case,
    figures: tuple[Measure | None, Decimal | None],
    targets: tuple[Decimal | None, Decimal | None],
    why_none: str,
) -> Fact:
    measure, actual = figures
    found = measure or Measure(0, 0)
    return Fact(
        indicator,
        case.frame.window.through,
        actual,
        *targets,
        found.numerator,
        found.denominator,
        case.frame.window.days,
        found.scale,
        "" if measure else why_none,
        found.rows,
        found.row_count,
    )


_FACTS: Mapping[str, Callable[[Case], Fact]] = {
    "P01": _deposits,
    "P02": _disbursed,
    "C03a": _frequency,
    "C03b": _coverage,
    "R01": _bad,
    "R03": _timely,
    "T02": _training,
}
