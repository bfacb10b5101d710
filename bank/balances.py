"""What clients keep at the bank, and up to which day the bank's records reach."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, or_, select

from bank.database import Transaction
from bank.days import day_of, number
from bank.errors import NothingLoadedError
from bank.models import Account, BalanceInterval, Client, ImportBatch
from scoring.loans import months_before

SHORT, LONG = 30, 180
"""Days of the two averages that are compared."""


@dataclass(frozen=True, slots=True)
class BalanceFall:
    """A client whose deposits are lower than they were, in fen at the end of a day.

    The averages are over the 30 and 180 days up to it, days without an account counting 0.
    """

    client_id: str
    client_name: str
    average_30: int
    average_180: int
    six_months_ago: int
    now: int


def last_business_day(tx: Transaction) -> date:
    """The business date of the newest drop. Raises NothingLoadedError before the first."""
    newest = tx.scalar(select(func.max(ImportBatch.business_day)))
    if newest is None:
        raise NothingLoadedError
    return day_of(newest)


def balance_falls(tx: Transaction, on: date) -> tuple[BalanceFall, ...]:
    """Every client whose 30-day average or balance has fallen, by client id."""
    day, then = number(on), number(months_before(on, 6))
    end = day + 1
    short, long = fen_days(end - SHORT, end), fen_days(end - LONG, end)
    before, now = fen_days(then, then + 1), fen_days(day, end)
    rows = tx.execute(
        select(Client.id, Client.name, short, long, before, now)
        .select_from(BalanceInterval)
        .join(Account, Account.id == BalanceInterval.account_id)
        .join(Client, Client.id == Account.client_id)
        .where(
            BalanceInterval.from_day < end,
            BalanceInterval.to_day > min(then, end - LONG),
        )
        .group_by(Client.id, Client.name)
        .having(or_(short * (LONG // SHORT) < long, now < before))
        .order_by(Client.id)
    )
    return tuple(
        BalanceFall(
            client_id, name, int(month) // SHORT, int(half) // LONG, int(earlier), int(today)
        )
        for client_id, name, month, half, earlier, today in rows
    )


def fen_days(first: int, end: int) -> ColumnElement[int]:
    """The balances of the days [first, end) added up, in fen × days, of each group."""
    start = case((BalanceInterval.from_day > first, BalanceInterval.from_day), else_=first)
    stop = case((BalanceInterval.to_day < end, BalanceInterval.to_day), else_=end)
    held = case((start < stop, stop - start), else_=0)
    return func.coalesce(func.sum(BalanceInterval.amount * held), 0)
