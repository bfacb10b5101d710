"""What clients had over some days: their deposits, and their other assets at one price.

Sums over days alone are compared, never what stands in the books on one of them.
"""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    Subquery,
    cast,
    func,
    select,
    union_all,
)

from bank.figures import UNITS_PER_FEN
from bank.models import Account, BalanceInterval, Client, Holding, HoldingUnits, Price
from bank.performance.believed import as_known
from bank.performance.measuring import Frame
from bank.performance.window import day, greatest, least

Span = tuple[str, int, int]
"""A name and the half-open day numbers it stands for."""


def deposit_sums(frame: Frame, clients: Select[str], spans: Sequence[Span]) -> Subquery:
    """Each client's deposits added up over each span, in fen × days, a column a span."""
    balance = as_known(frame, BalanceInterval)
    # Read in the order of the clients' ids, so that nothing has to be sorted to group by them.
    return (
        select(
            Client.id.label("client_id"),
            *(
                _within(balance, Account.closed_day, span, balance.c.amount).label(span[0])
                for span in spans
            ),
        )
        .join(Account, Account.client_id == Client.id)
        .join(balance, balance.c.account_id == Account.id)
        .where(Client.id.in_(clients), Account.excluded == "", *_touches(balance, spans))
        .group_by(Client.id)
        .subquery("deposit_sum")
    )


def asset_sums(frame: Frame, clients: Select[str], spans: Sequence[Span]) -> Subquery:
    """The same of other assets: units × days at one price, to the whole fen × day."""
    units, prices = as_known(frame, HoldingUnits), _prices(frame)
    days = (
        select(
            Holding.client_id,
            Holding.product_id,
            *(
                _within(units, Holding.closed_day, span, units.c.units).label(span[0])
                for span in spans
            ),
        )
        .join(units, units.c.holding_id == Holding.id)
        .where(Holding.client_id.in_(clients), *_touches(units, spans))
        .group_by(Holding.client_id, Holding.product_id)
        .subquery("unit_day")
    )

    def worth(name: str) -> ColumnElement[int]:
        # In two parts: units × days × price may be more than 64 bits hold.
        whole, rest = days.c[name] // UNITS_PER_FEN, days.c[name] % UNITS_PER_FEN
        value = whole * prices.c.nav + rest * prices.c.nav // UNITS_PER_FEN
        return cast(func.sum(value), BigInteger)

    return (
        select(days.c.client_id, *(worth(name).label(name) for name, _, _ in spans))
        .join(prices, prices.c.product_id == days.c.product_id)
        .group_by(days.c.client_id)
        .subquery("asset_sum")
    )


def account_ends(frame: Frame, clients: Select[str]) -> Subquery:
    """The first day on which a client had no account and no holding left, for those with any."""
    each = union_all(
        *(
            select(kept.client_id, kept.closed_day).where(
                kept.client_id.in_(clients), kept.opened_day < frame.window.end
            )
            for kept in (Account, Holding)
        )
    ).subquery()
    return (
        select(each.c.client_id, func.max(each.c.closed_day).label("ended"))
        .group_by(each.c.client_id)
        .subquery("account_end")
    )


def _prices(frame: Frame) -> Subquery:
    """Every product's price right before the period; of one that came later, its first."""
    price = as_known(frame, Price)
    before = func.max(price.c.from_day).filter(price.c.from_day < frame.window.first)
    chosen = (
        select(
            price.c.product_id,
            func.coalesce(before, func.min(price.c.from_day)).label("day"),
        )
        .group_by(price.c.product_id)
        .subquery()
    )
    at = as_known(frame, Price, "price_then")
    same = (chosen.c.product_id == at.c.product_id) & (chosen.c.day == at.c.from_day)
    return select(at.c.product_id, at.c.nav).join(chosen, same).subquery()


def _within(
    interval: FromClause,
    closed: SQLColumnExpression[int],
    span: Span,
    amount: ColumnElement[int],
) -> ColumnElement[int]:
    """Σ amount × days of the interval inside a span; 0 where none reaches into it."""
    _, first, end = span
    start, stop = (
        greatest(interval.c.from_day, day(first)),
        least(interval.c.to_day, closed, day(end)),
    )
    inside = (interval.c.from_day < end) & (interval.c.to_day > first) & (closed > first)
    total = func.sum(amount * (stop - start)).filter(inside, start < stop)
    return func.coalesce(cast(total, BigInteger), 0)


def _touches(
    interval: FromClause, spans: Sequence[Span]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Intervals that reach into the days looked at."""
    return (
        interval.c.from_day < max(end for _, _, end in spans),
        interval.c.to_day > min(first for _, first, _ in spans),
    )
