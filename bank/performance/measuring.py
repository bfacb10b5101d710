"""Measuring: what every indicator's measure is given, the same for all managers of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from bank.calendar import Calendar, load_calendar
from bank.database import Transaction
from bank.days import day_of, number
from bank.incidents import vetoes
from bank.models import BalanceInterval, ImportBatch
from bank.performance.rollup import is_current
from bank.performance.window import Window
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
    vetoes: Mapping[str, tuple[Veto, ...]]
    replayed: bool
    """Whether drops of later business dates are in: what was believed then is asked for."""
    rolled: bool
    """Whether day sums can be looked up in the rollup."""

    @property
    def known(self) -> int:
        """Day number of the as-of day: later knowledge does not count."""
        return number(self.window.as_of)

    def wants(self, *indicators: str) -> bool:
        """Whether the scheme has any of these indicators."""
        return any(each.id in indicators for each in self.scheme.indicators)


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
    newest = tx.scalar(select(func.max(ImportBatch.business_day))) or 0
    return Frame(
        scheme,
        window,
        calendar,
        shape_year(window.period.year, calendar.is_business, plan.quarters, plan.months),
        vetoes(tx, window.period, window.as_of),
        newest > number(as_of),
        newest <= number(as_of) and is_current(tx),
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
