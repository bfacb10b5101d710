"""What clients have, as spans of days with an amount: all that is added up day by day.

Each source gives (thing, client_id, what, from_day, to_day, amount, rest). Amounts are in fen, and
`rest` in 1/PER_FEN of it; of assets both are × the product's coefficient in percent.
"""

from collections.abc import Mapping

from sqlalchemy import SQLColumnExpression, Subquery, case, literal, select

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
    Price,
    Product,
)
from bank.performance.window import greatest, least

PER_FEN = 10_000
"""Units are counted in hundredths and prices in ten-thousandths of a yuan."""
EXCLUDED = "excluded"
"""What stands for the kind of an account whose money counts for no manager."""

ACCOUNT_KIND = case((Account.excluded != "", EXCLUDED), else_=Account.kind)


def after_year(year: SQLColumnExpression[int]) -> SQLColumnExpression[int]:
    """The day number of the first day after a year."""
    return year * 365 + year // 4 - year // 100 + year // 400 + 1


def _deposits() -> Subquery:
    return (
        select(
            Account.id.label("thing"),
            Account.client_id,
            ACCOUNT_KIND.label("what"),
            BalanceInterval.from_day,
            least(BalanceInterval.to_day, Account.closed_day).label("to_day"),
            BalanceInterval.amount,
            literal(0).label("rest"),
        )
        .join(BalanceInterval, BalanceInterval.account_id == Account.id)
        .subquery("deposit_span")
    )


def _bases(base: type[ClientBase | AssetBase], what: str) -> Subquery:
    """Last year's day-average, on every day of the year after it."""
    return select(
        base.client_id.label("thing"),
        base.client_id,
        literal(what).label("what"),
        after_year(base.year).label("from_day"),
        after_year(base.year + 1).label("to_day"),
        base.day_average.label("amount"),
        literal(0).label("rest"),
    ).subquery(f"{what}_span")


def _assets() -> Subquery:
    """In two parts: units × price may be more than 64 bits hold."""
    whole, rest = HoldingUnits.units // PER_FEN, HoldingUnits.units % PER_FEN
    worth = Price.nav * Product.coefficient_pct
    return (
        select(
            Holding.id.label("thing"),
            Holding.client_id,
            literal("assets").label("what"),
            greatest(HoldingUnits.from_day, Price.from_day).label("from_day"),
            least(HoldingUnits.to_day, Price.to_day, Holding.closed_day).label("to_day"),
            (whole * worth).label("amount"),
            (rest * worth).label("rest"),
        )
        .join(HoldingUnits, HoldingUnits.holding_id == Holding.id)
        .join(Product, Product.id == Holding.product_id)
        .join(Price, Price.product_id == Holding.product_id)
        .where(Price.from_day < HoldingUnits.to_day, Price.to_day > HoldingUnits.from_day)
        .subquery("asset_span")
    )


def _loans() -> Subquery:
    """Whatever moved on a loan stays moved from its day on."""
    return (
        select(
            Loan.id.label("thing"),
            Loan.client_id,
            literal("loans").label("what"),
            MOVES.c.day.label("from_day"),
            literal(OPEN).label("to_day"),
            OWED.label("amount"),
            literal(0).label("rest"),
        )
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .subquery("loan_span")
    )


def _clients() -> Subquery:
    """Each client counts one on every day up to the end of the relation."""
    return select(
        Client.id.label("thing"),
        Client.id.label("client_id"),
        literal("clients").label("what"),
        literal(1).label("from_day"),
        Client.closed_day.label("to_day"),
        literal(1).label("amount"),
        literal(0).label("rest"),
    ).subquery("client_span")


SPANS: Mapping[str, Subquery] = {
    "deposits": _deposits(),
    "base": _bases(ClientBase, "base"),
    "assets": _assets(),
    "asset_base": _bases(AssetBase, "asset_base"),
    "loans": _loans(),
    "clients": _clients(),
}
"""Every source by its name. Those of deposits tell the kind of account as `what`."""
