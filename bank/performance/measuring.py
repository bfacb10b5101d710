"""Measuring: what the records of a few hundred managers add up to, one statement an indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from bank.calendar import Calendar, load_calendar
from bank.clients import contacts
from bank.database import Transaction
from bank.days import day_of
from bank.incidents import vetoes
from bank.models import BalanceInterval
from bank.performance.care import Care, VisitRules, care, load_rules
from bank.performance.conduct import Answers, answers, training
from bank.performance.deposits import Increments, increments
from bank.performance.lending import bad_loans, disbursements, early_repaid
from bank.performance.targets import signed_targets
from bank.performance.window import Measures, Window
from scoring.coverage import DueVisit, due_visits
from scoring.errors import PeriodError, SchemeError
from scoring.grades import Veto
from scoring.milestones import YearShape, shape_year
from scoring.periods import Period
from scoring.scheme import Scheme

ACCOUNT_KINDS = ("demand", "time", "savings", "margin")


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
    visits: Mapping[str, tuple[DueVisit, ...]]
    """The visits due on the as-of day, as the morning's reminder has them."""


def load_frame(tx: Transaction, scheme: Scheme, period: Period, as_of: date) -> Frame:
    """What every manager of a period shares, as of the last business day loaded.

    PeriodError when the period has not begun by then, or nothing is known of it yet;
    SchemeError when the scheme gives some kind of account no coefficient.
    """
    window = Window.of(period, as_of)
    _check_recorded(tx, window)
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


def _check_recorded(tx: Transaction, window: Window) -> None:
    """Refuse a period of which nothing is known: every visit would count as missed."""
    starts = select(BalanceInterval.from_day)
    if tx.scalar(starts.where(BalanceInterval.from_day < window.end).limit(1)) is None:
        first = tx.scalar(select(func.min(BalanceInterval.from_day)))
        if first is not None:
            raise PeriodError(
                f"nothing is known of period {window.period.id} by {window.through}: the bank's "
                f"balances begin on {day_of(first)}; choose a later period or day"
            )


def measure(tx: Transaction, frame: Frame, managers: Sequence[str]) -> Batch:
    """The measures of these managers; few enough for one statement (MANAGERS_AT_ONCE)."""
    scheme, window = frame.scheme, frame.window
    return Batch(
        increments(tx, window, scheme.coefficients, managers),
        disbursements(tx, window, managers, frame.early),
        bad_loans(tx, window, scheme.loans, managers),
        care(tx, window, frame.rules, managers),
        answers(tx, window, scheme.sla.unscored, managers),
        training(tx, window, scheme.training_attempts, managers),
        signed_targets(tx, window, managers),
        {
            manager: due_visits(clients, scheme.visits, window.as_of)
            for manager, clients in contacts(tx, managers, window.as_of).items()
        },
    )
