"""Additive figures: what every manager's records add up to, and the branch pool's beside them.

A client's shares and the pool's (what nobody holds) make 100 % on every day, so the parts of a
figure sum to the bank's total whatever is handed over. A day belongs to that day's owners, and so
does what happened on it; a handover needs no other bookkeeping.

Every figure is exact: whole numbers in fen × SHARE, for balances also × days. SQL sums by share,
and the share is multiplied in afterwards: ten years of the largest amount a drop may hold are
10^14 × 3,660 < 2^63 ÷ 25, and a year's sum fits 64 bits while what one manager holds with one
share stays below 250 trillion yuan.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    func,
    literal,
    select,
    union_all,
)

from bank.database import Transaction
from bank.days import number
from bank.loans import MOVES, OWED
from bank.models import (
    Account,
    Assignment,
    BalanceInterval,
    FeeEvent,
    FeeSplit,
    Holding,
    HoldingUnits,
    Loan,
    NplRecovery,
    PoolShare,
    Price,
)
from bank.performance.window import day, greatest, least

POOL = ""
"""Stands for the branch pool among the managers' ids."""
UNITS_PER_FEN = 10_000
"""Units are counted in hundredths and values in ten-thousandths of a yuan."""

Figure = Mapping[str, int]
"""By manager id and POOL; who has no part is absent."""
Column = SQLColumnExpression[int]

OWNED = union_all(
    select(
        Assignment.client_id,
        Assignment.manager_id,
        Assignment.from_day,
        Assignment.to_day,
        Assignment.share_pct,
    ),
    select(
        PoolShare.client_id,
        literal(POOL),
        PoolShare.from_day,
        PoolShare.to_day,
        PoolShare.share_pct,
    ),
).subquery("owned")
"""Who holds which share of a client over which days, the pool among them."""


def deposit_days(tx: Transaction, first: date, end: date) -> Figure:
    """End-of-day deposits of the days [first, end) added up, in fen × days × SHARE."""
    starts, stops = [BalanceInterval.from_day], [BalanceInterval.to_day, Account.closed_day]
    days, held = _overlap(first, end, starts, stops)
    return _add_up(
        tx,
        _by_share(BalanceInterval.amount * days)
        .join(Account, Account.client_id == OWNED.c.client_id)
        .join(BalanceInterval, BalanceInterval.account_id == Account.id)
        .where(held),
    )


def holding_days(tx: Transaction, first: date, end: date) -> Figure:
    """End-of-day values of the clients' other assets added up, in fen × days × SHARE.

    A value is units × the day's price, rounded half up to a fen; without a price it is 0.
    """
    starts = [HoldingUnits.from_day, Price.from_day]
    stops = [HoldingUnits.to_day, Price.to_day, Holding.closed_day]
    days, held = _overlap(first, end, starts, stops)
    # In two parts: units × price may be more than 64 bits hold.
    whole, rest = HoldingUnits.units // UNITS_PER_FEN, HoldingUnits.units % UNITS_PER_FEN
    value = whole * Price.nav + (rest * Price.nav + UNITS_PER_FEN // 2) // UNITS_PER_FEN
    return _add_up(
        tx,
        _by_share(value * days)
        .join(Holding, Holding.client_id == OWNED.c.client_id)
        .join(HoldingUnits, HoldingUnits.holding_id == Holding.id)
        .join(Price, Price.product_id == Holding.product_id)
        .where(held),
    )


def loan_days(tx: Transaction, first: date, end: date) -> Figure:
    """End-of-day loan balances added up, in fen × days × SHARE.

    Whatever moved on a loan stays moved from its day on; a reversal undoes the move it names
    from that move's own day.
    """
    days, held = _overlap(first, end, [MOVES.c.day], [])
    return _add_up(
        tx,
        _by_share(OWED * days)
        .join(Loan, Loan.client_id == OWNED.c.client_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(held),
    )


def drawdowns(tx: Transaction, first: date, end: date) -> Figure:
    """Loans drawn on the days [first, end), in fen × SHARE; a reversal counts on its drawdown's."""
    return _add_up(
        tx,
        _by_share(MOVES.c.amount)
        .join(Loan, Loan.client_id == OWNED.c.client_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(MOVES.c.kind == "drawdown", _on(MOVES.c.day, first, end)),
    )


def fees(tx: Transaction, first: date, end: date) -> Figure:
    """Net fees booked on the days [first, end), refunds below zero, in fen × SHARE.

    A fee with a split is its managers'; any other is the client's owners'.
    """
    booked = FeeEvent.day.between(number(first), number(end) - 1)
    split = (
        select(FeeSplit.manager_id, FeeSplit.share_pct, func.sum(FeeEvent.amount))
        .join(FeeEvent, FeeEvent.id == FeeSplit.fee_id)
        .where(booked, FeeEvent.cancelled.is_(False))
        .group_by(FeeSplit.manager_id, FeeSplit.share_pct)
    )
    whole = (
        _by_share(FeeEvent.amount)
        .join(FeeEvent, FeeEvent.client_id == OWNED.c.client_id)
        .where(
            _on(FeeEvent.day, first, end),
            FeeEvent.cancelled.is_(False),
            ~exists().where(FeeSplit.fee_id == FeeEvent.id),
        )
    )
    return _add_up(tx, union_all(split, whole))


def recoveries(tx: Transaction, first: date, end: date) -> Figure:
    """Recoveries of bad loans booked on the days [first, end), in fen × SHARE."""
    return _add_up(
        tx,
        _by_share(NplRecovery.amount)
        .join(Loan, Loan.client_id == OWNED.c.client_id)
        .join(NplRecovery, NplRecovery.loan_id == Loan.id)
        .where(_on(NplRecovery.booked_day, first, end)),
    )


def _by_share(amount: Column) -> Select[str, int, int]:
    """The amounts of the owned clients by manager and share; what they are of is joined on."""
    return (
        select(OWNED.c.manager_id, OWNED.c.share_pct, func.sum(amount))
        .select_from(OWNED)
        .group_by(OWNED.c.manager_id, OWNED.c.share_pct)
    )


def _overlap(
    first: date, end: date, starts: Sequence[Column], stops: Sequence[Column]
) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    """How many days of [first, end) lie in the ownership and in every span, and that some do."""
    starts, stops = [OWNED.c.from_day, *starts], [OWNED.c.to_day, *stops]
    start, stop = greatest(day(number(first)), *starts), least(day(number(end)), *stops)
    touching = (*(each < number(end) for each in starts), *(each > number(first) for each in stops))
    return stop - start, and_(start < stop, *touching)


def _on(happened: Column, first: date, end: date) -> ColumnElement[bool]:
    """That something happened on a day of [first, end), to be its owner's of that day."""
    return and_(
        happened.between(number(first), number(end) - 1),
        OWNED.c.from_day <= happened,
        OWNED.c.to_day > happened,
    )


def _add_up(tx: Transaction, by_share: Executable) -> Figure:
    """Multiply each share in, and add up by manager."""
    found: defaultdict[str, int] = defaultdict(int)
    for manager, share, amount in tx.execute(by_share):
        found[manager] += share * int(amount)
    return {manager: amount for manager, amount in found.items() if amount}


FIGURES: Mapping[str, Callable[[Transaction, date, date], Figure]] = {
    "deposits": deposit_days,
    "holdings": holding_days,
    "loans": loan_days,
    "drawdowns": drawdowns,
    "fees": fees,
    "recoveries": recoveries,
}
"""Every additive figure by its name."""
