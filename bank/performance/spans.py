"""What clients have, as spans of days with an amount: all that is added up day by day.

Each source gives (client_id, what, from_day, to_day, amount): fen, of assets the units of a
product. With a table of touched things (thing, day), it gives those things' from their day on.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Select, SQLColumnExpression, Table, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bank.days import OPEN
from bank.loans import MOVES, OWED
from bank.models import (
    Account,
    AssetBase,
    BalanceInterval,
    Client,
    ClientBase,
    Holding,
    HoldingUnits,
    Loan,
)
from bank.performance.window import greatest, least

PER_FEN = 10_000
"""Units are counted in hundredths and prices in ten-thousandths of a yuan."""
EXCLUDED = "excluded"
"""What stands for the kind of an account whose money counts for no manager."""
ACCOUNT_KIND = case((Account.excluded != "", EXCLUDED), else_=Account.kind)

Day = SQLColumnExpression[int]
Spans = Select[str, str, int, int, int]


def after_year(year: Day) -> Day:
    """The day number of the first day after a year."""
    return year * 365 + year // 4 - year // 100 + year // 400 + 1


def deposits(touched: Table | None = None) -> Spans:
    """End-of-day balances; `what` is the kind of account, or EXCLUDED."""
    balance, latest = BalanceInterval, aliased(BalanceInterval)
    statement = select(
        Account.client_id,
        ACCOUNT_KIND.label("what"),
        _from(balance.from_day, touched),
        least(balance.to_day, Account.closed_day).label("to_day"),
        balance.amount.label("amount"),
    ).join(balance, balance.account_id == Account.id)
    if touched is None:
        return statement
    # The day's own interval and those after it: looked up, not looked through.
    newest = select(func.max(latest.from_day)).where(
        latest.account_id == touched.c.thing, latest.from_day <= touched.c.day
    )
    return statement.join(touched, touched.c.thing == Account.id).where(
        balance.from_day >= func.coalesce(newest.scalar_subquery(), 0),
        balance.to_day > touched.c.day,
    )


def bases(touched: Table | None = None) -> Spans:
    """Last year's day-average of deposits, on every day of the year after it."""
    return _bases(ClientBase, "base", touched)


def asset_bases(touched: Table | None = None) -> Spans:
    """The same of assets."""
    return _bases(AssetBase, "asset_base", touched)


def units(touched: Table | None = None) -> Spans:
    """Units of products other than deposits; `what` is the product."""
    statement: Spans = select(
        Holding.client_id,
        Holding.product_id.label("what"),
        _from(HoldingUnits.from_day, touched),
        least(HoldingUnits.to_day, Holding.closed_day).label("to_day"),
        HoldingUnits.units.label("amount"),
    ).join(HoldingUnits, HoldingUnits.holding_id == Holding.id)
    return _touched(statement, Holding.id, touched)


def loans(touched: Table | None = None) -> Spans:
    """Loan balances: whatever moved stays moved from its day on."""
    statement = select(
        Loan.client_id,
        literal("loans").label("what"),
        _from(MOVES.c.day, touched),
        literal(OPEN).label("to_day"),
        OWED.label("amount"),
    ).join(MOVES, MOVES.c.loan_id == Loan.id)
    return _touched(statement, Loan.id, touched)


def clients(touched: Table | None = None) -> Spans:
    """Each client counts one on every day up to the end of the relation."""
    statement = select(
        Client.id.label("client_id"),
        literal("clients").label("what"),
        _from(literal(1), touched),
        Client.closed_day.label("to_day"),
        literal(1).label("amount"),
    )
    return _touched(statement, Client.id, touched)


SOURCES: Mapping[str, Callable[[Table | None], Spans]] = {
    "deposits": deposits,
    "base": bases,
    "units": units,
    "asset_base": asset_bases,
    "loans": loans,
    "clients": clients,
}


def _bases(base: type[ClientBase | AssetBase], what: str, touched: Table | None) -> Spans:
    statement: Spans = select(
        base.client_id,
        literal(what).label("what"),
        _from(after_year(base.year), touched),
        after_year(base.year + 1).label("to_day"),
        base.day_average.label("amount"),
    )
    return _touched(statement, base.client_id, touched)


def _from(day: Day, touched: Table | None) -> Day:
    return (day if touched is None else greatest(day, touched.c.day)).label("from_day")


def _touched(statement: Spans, thing: InstrumentedAttribute[str], touched: Table | None) -> Spans:
    return statement if touched is None else statement.join(touched, touched.c.thing == thing)
