"""What a client keeps at the bank, now and at the last visit."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from bank.balances import SHORT, fen_days
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Account, BalanceInterval, Holding, HoldingUnits, Price, Product

UNITS_PER_FEN = 10_000
"""Units are counted in hundredths, a unit's value in ten-thousandths of a yuan."""


@dataclass(frozen=True, slots=True)
class TimeDeposit:
    """Money in an account that matures."""

    account_id: str
    amount: int
    matures: date


@dataclass(frozen=True, slots=True)
class Deposits:
    """All accounts together, in fen: at the end of the day, on average over 30 days, and then.

    `then` is None for a client never visited.
    """

    now: int
    average_30: int
    then: int | None
    timed: tuple[TimeDeposit, ...]
    """What matures and is not empty, the nearest first."""


@dataclass(frozen=True, slots=True)
class Position:
    """A product held now or at the last visit; the values are None without a price."""

    id: str
    product_id: str
    product: str
    kind: str
    risk_level: int
    value: int | None
    then: int | None
    matures: date | None


def deposits(tx: Transaction, client_id: str, as_of: date, then: date | None) -> Deposits:
    """A client's deposits at the end of a day; those of an unvisited one have no `then`."""
    end, met = number(as_of) + 1, number(then or as_of)
    first = min(met, end - SHORT)
    touches = and_(
        BalanceInterval.account_id == Account.id,
        BalanceInterval.from_day < end,
        BalanceInterval.to_day > first,
    )
    rows = tx.execute(
        select(
            Account.id,
            Account.matures_day,
            fen_days(end - 1, end).label("now"),
            fen_days(end - SHORT, end).label("days"),
            fen_days(met, met + 1).label("then"),
        )
        .join(BalanceInterval, touches)
        .where(Account.client_id == client_id)
        .group_by(Account.id, Account.matures_day)
        .order_by(Account.matures_day, Account.id)
    ).all()
    return Deposits(
        now=sum(int(row.now) for row in rows),
        average_30=sum(int(row.days) for row in rows) // SHORT,
        then=sum(int(row.then) for row in rows) if then else None,
        timed=tuple(
            TimeDeposit(row.id, int(row.now), day_of(row.matures_day))
            for row in rows
            if row.matures_day is not None and row.now
        ),
    )


def positions(
    tx: Transaction, client_id: str, as_of: date, then: date | None
) -> tuple[Position, ...]:
    """The products a client holds, and those it gave up since the last visit, by value."""
    day, met = number(as_of), number(then or as_of)
    units, units_then = aliased(HoldingUnits), aliased(HoldingUnits)
    price, price_then = aliased(Price), aliased(Price)
    rows = tx.execute(
        select(
            Holding.id,
            Holding.product_id,
            Product.name,
            Product.kind,
            Product.risk_level,
            func.coalesce(Holding.matures_day, Product.matures_day).label("matures_day"),
            func.coalesce(units.units, 0).label("units"),
            price.nav,
            func.coalesce(units_then.units, 0).label("units_then"),
            price_then.nav.label("nav_then"),
        )
        .join(Product, Product.id == Holding.product_id)
        .outerjoin(units, _holds(units, units.holding_id == Holding.id, day))
        .outerjoin(units_then, _holds(units_then, units_then.holding_id == Holding.id, met))
        .outerjoin(price, _holds(price, price.product_id == Holding.product_id, day))
        .outerjoin(price_then, _holds(price_then, price_then.product_id == Holding.product_id, met))
        .where(
            Holding.client_id == client_id,
            Holding.opened_day <= day,
            or_(units.units > 0, units_then.units > 0),
        )
    )
    found = (
        Position(
            id=row.id,
            product_id=row.product_id,
            product=row.name,
            kind=row.kind,
            risk_level=row.risk_level,
            value=_value(row.units, row.nav),
            then=_value(row.units_then, row.nav_then) if then else None,
            matures=None if row.matures_day is None else day_of(row.matures_day),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda held: (-(held.value or 0), held.id)))


def _holds(
    interval: type[HoldingUnits] | type[Price], of: ColumnElement[bool], day: int
) -> ColumnElement[bool]:
    """The interval of a thing in which a day lies."""
    return and_(of, interval.from_day <= day, interval.to_day > day)


def _value(units: int, nav: int | None) -> int | None:
    """Fen, rounded half up; nothing is worth nothing at any price."""
    if not units:
        return 0
    return None if nav is None else (units * nav + UNITS_PER_FEN // 2) // UNITS_PER_FEN
