"""What stands behind P05: the mix of a manager's assets, and what of their change was the market.

A holding is worth units × the day's price. When units change, what came in is that day's change at
that day's price; all else is the price's doing. The two add up to the fen, day after day.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sqlalchemy import FromClause, SQLColumnExpression, Subquery, func, literal, select

from bank.database import Transaction
from bank.models import (
    Account,
    AssetBase,
    Assignment,
    BalanceInterval,
    Holding,
    HoldingUnits,
    Price,
    Product,
)
from bank.performance.believed import as_known
from bank.performance.measuring import Frame
from bank.performance.spans import PER_FEN
from bank.performance.window import SHARE, day, greatest, held, least
from scoring.facts import Evidence, Row
from scoring.rounding import whole

PERCENT = 100
DEPOSITS = "deposits"
Day = SQLColumnExpression[int]


@dataclass(frozen=True, slots=True)
class Course:
    """What holds from a day on, each until the next: ascending day numbers, and a value each."""

    days: Sequence[int]
    values: Sequence[int]

    def on(self, at: int) -> int:
        """The value of a day; 0 before the first."""
        found = bisect_right(self.days, at) - 1
        return self.values[found] if found >= 0 else 0

    def changes(self, first: int, end: int) -> Sequence[int]:
        """The days of [first, end) from which another value holds."""
        return self.days[bisect_right(self.days, first - 1) : bisect_right(self.days, end - 1)]


PAR = Course((0,), (PER_FEN,))
"""What money is worth: an account's units are fen."""


@dataclass(frozen=True, slots=True)
class Position:
    """An account or a holding on the days [start, end) of which a manager has a share of it."""

    kind: str
    coefficient: int
    units: Course
    prices: Course
    share: int
    start: int
    end: int

    def worth(self, units_on: int, price_on: int) -> int:
        """The units of one day at the price of another, in fen × SHARE."""
        exact = self.units.on(units_on) * self.prices.on(price_on)
        return self.share * ((exact + PER_FEN // 2) // PER_FEN)

    def days(self) -> int:
        """The days' values added up, weighted: in fen × SHARE × PERCENT ÷ PER_FEN."""
        inside = {*self.units.changes(self.start, self.end)}
        inside |= {*self.prices.changes(self.start, self.end), self.start, self.end}
        total = sum(
            self.units.on(at) * self.prices.on(at) * (until - at)
            for at, until in pairwise(sorted(inside))
        )
        return self.share * self.coefficient * total


@dataclass(slots=True)
class Change:
    """What became of one kind of asset, in fen × SHARE but for `days` (Position.days)."""

    days: int = 0
    now: int = 0
    inflow: int = 0
    market: int = 0
    handed: int = 0
    """What came with clients taken over, less what went with clients handed on."""

    def add(self, position: Position, first: int, end: int) -> None:
        """Count a position over the days [first, end)."""
        eve, last = position.start - 1, position.end - 1
        opening = position.worth(eve, eve)
        closing = position.worth(last, last)
        inflow = sum(
            position.worth(at, at) - position.worth(at - 1, at)
            for at in position.units.changes(position.start, position.end)
        )
        self.days += position.days()
        self.inflow += inflow
        self.market += closing - opening - inflow
        self.handed += opening if position.start > first else 0
        self.handed -= closing if position.end < end else 0
        self.now += closing if position.end == end else 0


def asset_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The mix: a row for each kind of asset, the largest first, and last the base.

    Their `average_fen`, weighted, add up to the figure. `now_fen` is what the manager's clients
    have of the kind on the last day, and since the period began it changed by `inflow_fen`, what
    was paid in and bought less what was taken out, by `market_fen`, what prices did, and by
    `handed_fen`, what came with clients taken over less what went with those handed on.
    """
    window = frame.window
    changes: defaultdict[str, Change] = defaultdict(Change)
    for position in (*_accounts(tx, frame, manager), *_holdings(tx, frame, manager)):
        changes[position.kind].add(position, window.first, window.end)
    rows: list[Row] = [
        {
            "id": kind,
            "average_fen": _fen(change.days, SHARE * PERCENT * PER_FEN * window.days),
            "now_fen": _fen(change.now, SHARE),
            "inflow_fen": _fen(change.inflow, SHARE),
            "market_fen": _fen(change.market, SHARE),
            "handed_fen": _fen(change.handed, SHARE),
        }
        for kind, change in sorted(changes.items(), key=lambda each: (-each[1].days, each[0]))
    ]
    base = _base(tx, frame, manager)
    if base:
        rows.append({"id": "base", "average_fen": -_fen(base, SHARE * window.days)})
    return Evidence(tuple(rows), len(rows))


def _fen(amount: int, unit: int) -> int:
    return int(whole(Fraction(amount, unit)))


def _accounts(tx: Transaction, frame: Frame, manager: str) -> Iterator[Position]:
    """Deposits, which count in full."""
    mine = held(frame.window, [manager]) & (Account.excluded == "")
    balances = as_known(frame, BalanceInterval)
    things = select(Account.id).join(Assignment, Assignment.client_id == Account.client_id)
    some = things.where(mine).subquery()
    units = _courses(tx, frame, balances, ("account_id", "amount"), some)
    statement = (
        select(Account.id, literal(DEPOSITS), literal(PERCENT), literal(""), *_span(frame))
        .add_columns(Account.closed_day)
        .join_from(Account, Assignment, Assignment.client_id == Account.client_id)
        .where(mine)
    )
    for row in tx.execute(statement):
        yield from _positions(row, units, {"": PAR})


def _holdings(tx: Transaction, frame: Frame, manager: str) -> Iterator[Position]:
    mine = held(frame.window, [manager])
    held_units, prices = as_known(frame, HoldingUnits), as_known(frame, Price)
    things = select(Holding.id, Holding.product_id).join(
        Assignment, Assignment.client_id == Holding.client_id
    )
    some = things.where(mine).subquery()
    units = _courses(tx, frame, held_units, ("holding_id", "units"), some)
    sold = select(some.c.product_id).distinct().subquery()
    navs = _courses(tx, frame, prices, ("product_id", "nav"), sold)
    statement = (
        select(Holding.id, Product.kind, Product.coefficient_pct, Product.id, *_span(frame))
        .add_columns(Holding.closed_day)
        .join_from(Holding, Product, Product.id == Holding.product_id)
        .join(Assignment, Assignment.client_id == Holding.client_id)
        .where(mine)
    )
    for row in tx.execute(statement):
        yield from _positions(row, units, navs)


def _span(frame: Frame) -> tuple[Day, Day, Day]:
    """Share, and the days of the window on which it is held."""
    window = frame.window
    start = greatest(Assignment.from_day, day(window.first))
    return Assignment.share_pct, start, least(Assignment.to_day, day(window.end))


def _courses(
    tx: Transaction, frame: Frame, table: FromClause, names: tuple[str, str], some: Subquery
) -> Mapping[str, Course]:
    """The values of some things, from the day before the window on."""
    thing, value = (table.c[name] for name in names)
    statement = select(thing, table.c.from_day, value).where(
        thing.in_(select(some.c[0])),
        table.c.to_day >= frame.window.first,
        table.c.from_day < frame.window.end,
    )
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for name, since, amount in tx.execute(statement):
        found[name].append((since, amount))
    return {
        name: Course(*map(tuple, zip(*sorted(changes), strict=True)))
        for name, changes in found.items()
    }


def _positions(
    row: Any,  # noqa: ANN401 - of a statement above
    units: Mapping[str, Course],
    prices: Mapping[str, Course],
) -> Iterator[Position]:
    """The position of a row, if anything is known of it; when it is closed, nothing is left."""
    thing, kind, coefficient, product, share, start, end, closed = row
    held_units, worth = units.get(thing), prices.get(product)
    if held_units is None or worth is None:
        return
    kept = bisect_left(held_units.days, closed)
    ending = Course((*held_units.days[:kept], closed), (*held_units.values[:kept], 0))
    yield Position(kind, coefficient, ending, worth, share, start, end)


def _base(tx: Transaction, frame: Frame, manager: str) -> int:
    """Last year's day-averages on the days held, in fen × SHARE × days."""
    share, start, end = _span(frame)
    statement = (
        select(func.sum(share * AssetBase.day_average * (end - start)))
        .join_from(AssetBase, Assignment, Assignment.client_id == AssetBase.client_id)
        .where(held(frame.window, [manager]), AssetBase.year == frame.window.period.year - 1)
    )
    return int(tx.scalar(statement) or 0)
