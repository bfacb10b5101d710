"""From records to facts: every manager's indicators in a period, a few hundred managers at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bank.calendar import Calendar, load_calendar
from bank.database import Transaction
from bank.incidents import vetoes
from bank.performance.care import Care, VisitRules, care, load_rules
from bank.performance.conduct import Answers, answers, training
from bank.performance.deposits import UNITS, Increments, increments
from bank.performance.lending import SHARE, bad_loans, disbursements, early_repaid
from bank.performance.targets import (
    Asked,
    Worker,
    ask_average,
    ask_flow,
    signed_targets,
    workers,
)
from bank.performance.window import MANAGERS_AT_ONCE, Measure, Measures, Window
from scoring.appraisal import Subject
from scoring.errors import SchemeError
from scoring.facts import NO_CLIENTS, NO_LOANS, NO_TARGET, NOTHING_DUE, Fact, percent
from scoring.grades import Veto
from scoring.levers import Duty
from scoring.milestones import YearShape, shape_year
from scoring.pace import Pace, cost_of_waiting, pace_of
from scoring.periods import Period
from scoring.rounding import micro, whole
from scoring.scheme import Scheme

ACCOUNT_KINDS = ("demand", "time", "savings", "margin")


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a manager's score is made of."""

    subject: Subject
    facts: tuple[Fact, ...]
    vetoes: tuple[Veto, ...]
    duties: tuple[Duty, ...]
    pace: tuple[Pace, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same for every manager of a run."""

    scheme: Scheme
    window: Window
    calendar: Calendar
    shape: YearShape
    rules: VisitRules
    early: frozenset[str]
    """Drawdowns that count for nothing because they were repaid too soon."""
    vetoes: Mapping[str, tuple[Veto, ...]]


@dataclass(frozen=True, slots=True)
class Batch:
    """The measures of some managers."""

    deposits: Increments
    drawn: Measures
    bad: Measures
    care: Care
    answers: Answers
    training: Measures
    signed: Mapping[tuple[str, str], int]


def find_all(tx: Transaction, scheme: Scheme, period: Period, as_of: date) -> Iterator[Findings]:
    """The findings of every manager employed in the period so far, by id.

    `as_of` is the last business day loaded. PeriodError when the period has not begun by then;
    SchemeError when the scheme gives some kind of account no coefficient.
    """
    window = Window.of(period, as_of)
    frame = _frame(tx, scheme, window)
    everyone = workers(tx, window)
    for at in range(0, len(everyone), MANAGERS_AT_ONCE):
        some = everyone[at : at + MANAGERS_AT_ONCE]
        batch = _measure(tx, frame, [worker.id for worker in some])
        for worker in some:
            yield _find(frame, batch, worker)


def _frame(tx: Transaction, scheme: Scheme, window: Window) -> Frame:
    missing = [kind for kind in ACCOUNT_KINDS if kind not in scheme.coefficients]
    if missing:
        raise SchemeError(f"{scheme.id}: deposits.coefficients: add {', '.join(missing)}")
    calendar = load_calendar(tx)
    plan = scheme.plan
    return Frame(
        scheme,
        window,
        calendar,
        shape_year(window.period.year, calendar.is_business, plan.quarters, plan.months),
        load_rules(tx, window, scheme.visits, calendar.business_days_between),
        early_repaid(tx, window, scheme.loans),
        vetoes(tx, window.period, window.as_of),
    )


def _measure(tx: Transaction, frame: Frame, managers: Sequence[str]) -> Batch:
    scheme, window = frame.scheme, frame.window
    return Batch(
        increments(tx, window, scheme.coefficients, managers),
        disbursements(tx, window, managers, frame.early),
        bad_loans(tx, window, scheme.loans, managers),
        care(tx, window, frame.rules, managers),
        answers(tx, window, scheme.sla.unscored, managers),
        training(tx, window, scheme.training_attempts, managers),
        signed_targets(tx, window, managers),
    )


def _find(frame: Frame, batch: Batch, worker: Worker) -> Findings:
    period = frame.window.period
    facts = tuple(
        _FACTS[indicator.id](frame, batch, worker)
        for indicator in frame.scheme.indicators
        if indicator.id in _FACTS
    )
    subject = Subject(worker.id, period, frame.window.as_of, worker.days(period.first, period.last))
    return Findings(
        subject,
        facts,
        frame.vetoes.get(worker.id, ()),
        batch.answers.duties.get(worker.id, ()),
        _pace(frame, batch, worker, facts),
    )


def _deposits(frame: Frame, batch: Batch, worker: Worker) -> Fact:
    measure = batch.deposits.window.get(worker.id)
    amount = batch.signed.get((worker.id, "P01"))
    asked = None if amount is None else ask_average(amount, frame.shape, frame.window, worker)
    return _money("P01", frame, measure, asked, NO_CLIENTS)


def _disbursed(frame: Frame, batch: Batch, worker: Worker) -> Fact:
    measure = batch.drawn.get(worker.id, Measure(0, SHARE))
    amount = batch.signed.get((worker.id, "P02"))
    if amount is None:
        return _money("P02", frame, measure, None, "")
    if amount <= 0:
        return _money("P02", frame, measure, Asked(Decimal(amount), Decimal(amount)), "")
    asked = ask_flow(amount, frame.shape, frame.window, worker)
    return _money("P02", frame, measure if asked.so_far else None, asked, NOTHING_DUE)


def _money(
    indicator: str, frame: Frame, measure: Measure | None, asked: Asked | None, why_none: str
) -> Fact:
    found = measure or Measure(0, 1)
    return Fact(
        indicator,
        frame.window.through,
        whole(Fraction(found.numerator, found.denominator)) if measure else None,
        asked and asked.so_far,
        asked and asked.in_all,
        found.numerator,
        found.denominator,
        frame.window.days,
        why_none if measure is None else "" if asked else NO_TARGET,
        found.rows,
        found.row_count,
    )


def _frequency(frame: Frame, batch: Batch, worker: Worker) -> Fact:
    return _ratio("C03a", frame, batch, worker, batch.care.frequency)


def _coverage(frame: Frame, batch: Batch, worker: Worker) -> Fact:
    """Its target grows with the quarter; under one planned visit there is nothing to score."""
    measure = batch.care.coverage.get(worker.id)
    planned = batch.care.planned.get(worker.id, Fraction(0))
    if measure is None or (planned < SHARE and not frame.window.is_over):
        return _ratio("C03b", frame, batch, worker, {})
    return _ratio("C03b", frame, batch, worker, {worker.id: measure}, planned / measure.denominator)


def _bad(frame: Frame, batch: Batch, worker: Worker) -> Fact:
    return _ratio("R01", frame, batch, worker, batch.bad, why_none=NO_LOANS)


def _timely(frame: Frame, batch: Batch, worker: Worker) -> Fact:
    return _ratio("R03", frame, batch, worker, batch.answers.timely)


def _ratio(
    indicator: str,
    frame: Frame,
    batch: Batch,
    worker: Worker,
    measures: Measures,
    elapsed: Fraction = Fraction(1),
    why_none: str = NOTHING_DUE,
) -> Fact:
    """A fact in percent, against the target times the share of it that is asked so far."""
    measure = measures.get(worker.id)
    scored = measure if measure and measure.denominator else None
    found = scored or Measure(0, 0)
    target = _fixed(frame, batch, worker, indicator)
    return Fact(
        indicator,
        frame.window.through,
        percent(found.numerator, found.denominator) if scored else None,
        None if target is None else micro(Fraction(target) * elapsed),
        target,
        found.numerator,
        found.denominator,
        frame.window.days,
        "" if scored else why_none,
        found.rows,
        found.row_count,
    )


def _training(frame: Frame, batch: Batch, worker: Worker) -> Fact:
    measure = batch.training.get(worker.id)
    found = measure or Measure(0, 0)
    target = _fixed(frame, batch, worker, "T02")
    return Fact(
        "T02",
        frame.window.through,
        micro(Fraction(found.numerator, found.denominator)) if measure else None,
        target,
        target,
        found.numerator,
        found.denominator,
        frame.window.days,
        "" if measure else NOTHING_DUE,
        found.rows,
        found.row_count,
    )


def _fixed(frame: Frame, batch: Batch, worker: Worker, indicator: str) -> Decimal | None:
    """The scheme's target, unless the manager signed another."""
    signed = batch.signed.get((worker.id, indicator))
    return frame.scheme.indicator(indicator).target if signed is None else Decimal(signed)


def _pace(frame: Frame, batch: Batch, worker: Worker, facts: Sequence[Fact]) -> tuple[Pace, ...]:
    through, last = frame.window.through, frame.window.period.last
    rest = worker.worked(through, last)
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
            waiting = cost_of_waiting(fact, current, left, frame.scheme.plan.wait_days)
        pace = pace_of(indicator, fact, left, waiting)
        found += [pace] if pace else []
    return tuple(found)


_FACTS: Mapping[str, Callable[[Frame, Batch, Worker], Fact]] = {
    "P01": _deposits,
    "P02": _disbursed,
    "C03a": _frequency,
    "C03b": _coverage,
    "R01": _bad,
    "R03": _timely,
    "T02": _training,
}
"""The indicators the bank's records can measure; a scheme's others are not measured."""
