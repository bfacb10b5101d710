"""What clients had over some days: their deposits, and their other assets at one price.

Sums over days alone are compared, never what stands in the books on one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    Subquery,
    case,
    cast,
    func,
    select,
    union_all,
)

from bank.models import Account, BalanceInterval, Client, Holding, HoldingUnits, Price
from bank.performance.believed import as_known
from bank.performance.measuring import Frame
from bank.performance.spans import PER_FEN
from bank.performance.window import day, greatest, least

Span = tuple[str, int, int]
"""A name and the half-open day numbers it stands for."""


@dataclass(frozen=True, slots=True)
class Fall:
    """The days [first, end) against those of [before, first): Σ × `times` less Σ before × `part`.

    It is below 0 where the later days are under that part of the earlier. One sum of both takes
    half the time of two.
    """

    name: str
    before: int
    first: int
    end: int
    times: int
    part: int


Part = Span | Fall


def deposit_sums(frame: Frame, clients: Select[str], parts: Sequence[Part]) -> Subquery:
    """Each client's deposits added up over each part, in fen × days, a column a part."""
    balance = as_known(frame, BalanceInterval)
    # Read in the order of the clients' ids, so that nothing has to be sorted to group by them.
    return (
        select(
            Client.id.label("client_id"),
            *(
                _added_up(balance, Account.closed_day, part, balance.c.amount).label(name_of(part))
                for part in parts
            ),
        )
        .join(Account, Account.client_id == Client.id)
        .join(balance, balance.c.account_id == Account.id)
        .where(
            Client.id.in_(clients),
            Account.excluded == "",
            *_touches(balance, Account.closed_day, parts),
        )
        .group_by(Client.id)
        .subquery("deposit_sum")
    )


def asset_sums(frame: Frame, clients: Select[str], parts: Sequence[Part]) -> Subquery:
    """The same of other assets: units × days at one price, to the whole fen × day."""
    units, prices = as_known(frame, HoldingUnits), _prices(frame)
    days = (
        select(
            Holding.client_id,
            Holding.product_id,
            *(
                _added_up(units, Holding.closed_day, part, units.c.units).label(name_of(part))
                for part in parts
            ),
        )
        .join(units, units.c.holding_id == Holding.id)
        .where(Holding.client_id.in_(clients), *_touches(units, Holding.closed_day, parts))
        .group_by(Holding.client_id, Holding.product_id)
        .subquery("unit_day")
    )

    def worth(name: str) -> ColumnElement[int]:
        # In two parts: units × days × price may be more than 64 bits hold.
        whole, rest = days.c[name] // PER_FEN, days.c[name] % PER_FEN
        value = whole * prices.c.nav + rest * prices.c.nav // PER_FEN
        return cast(func.sum(value), BigInteger)

    return (
        select(days.c.client_id, *(worth(name).label(name) for name in map(name_of, parts)))
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


def name_of(part: Part) -> str:
    """The column of a part."""
    return part.name if isinstance(part, Fall) else part[0]


def _bounds(part: Part) -> tuple[int, int]:
    """The half-open days that a part looks at."""
    return (part.before, part.end) if isinstance(part, Fall) else part[1:]


def _added_up(
    interval: FromClause,
    closed: SQLColumnExpression[int],
    part: Part,
    amount: ColumnElement[int],
) -> ColumnElement[int]:
    """Σ amount × days of the interval inside a part; 0 where none reaches into it."""
    (first, end), start = _bounds(part), interval.c.from_day
    stop = least(interval.c.to_day, closed)

    def days(since: int, until: int) -> ColumnElement[int]:
        return least(stop, day(until)) - greatest(start, day(since))

    if isinstance(part, Fall):
        later = case((stop > part.first, days(part.first, end)), else_=0)
        earlier = case((start < part.first, days(first, part.first)), else_=0)
        weighed = part.times * later - part.part * earlier
    else:
        weighed = days(first, end)
    inside = (start < end) & (interval.c.to_day > first) & (closed > first)
    return func.coalesce(cast(func.sum(amount * weighed).filter(inside), BigInteger), 0)


def _touches(
    interval: FromClause, closed: SQLColumnExpression[int], parts: Sequence[Part]
) -> tuple[ColumnElement[bool], ...]:
    """Intervals that reach into the days looked at, while the account is not closed."""
    bounds = [_bounds(part) for part in parts]
    return (
        interval.c.from_day < max(end for _, end in bounds),
        interval.c.to_day > min(first for first, _ in bounds),
        interval.c.from_day < closed,
    )
