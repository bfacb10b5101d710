"""What managers' clients had, added up over the days of a window.

Of the day the bank's records reach, two look-ups in the rollup tell it. Of an earlier one, as was
believed then, it is added up from the intervals: the same to the last digit.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Table,
    and_,
    case,
    func,
    literal,
    select,
)

from bank.database import Transaction
from bank.loans import MOVES, OWED
from bank.models import (
    Account,
    AssetBase,
    Assignment,
    BalanceInterval,
    Client,
    ClientBase,
    Holding,
    HoldingUnits,
    Loan,
    Product,
)
from bank.performance.believed import as_known, parts_as_known
from bank.performance.measuring import ACCOUNT_KINDS, Frame
from bank.performance.rollup import NOTHING, day_rows
from bank.performance.spans import ACCOUNT_KIND, PER_FEN
from bank.performance.steps import ASSETS, column
from bank.performance.window import greatest, least
from bank.performance.worth import running_prices

DEPOSITS = ACCOUNT_KINDS
"""Deposits by kind of account, without those outside the appraisal (EXCLUDED)."""
BASE, ASSET_BASE, LOANS, CLIENTS = "base", "asset_base", "loans", "clients"
"""Last year's day-averages of deposits and of assets, loan balances, and the number of clients.

All are × SHARE, and money is in fen. ASSETS, other assets at their prices, are × coefficient in
percent × PER_FEN as well, so that nothing is rounded.
"""
CLASSES = ("corporate", "retail")

Column = SQLColumnExpression
Found = Iterator[tuple[Any, ...]]
"""(manager, share, class, what, sum over the window, level on its last day)."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Figures by column: added up over the window's days, and on its last day alone."""

    window: Mapping[str, int]
    last: Mapping[str, int]

    def over(self, *whats: str, classes: Sequence[str] = CLASSES) -> int:
        """Some kinds of figure of some classes of clients, over the window."""
        return _add(self.window, whats, classes)

    def at_last(self, *whats: str, classes: Sequence[str] = CLASSES) -> int:
        """The same on the last day."""
        return _add(self.last, whats, classes)


def day_sums(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, Sums]:
    """What each manager's clients had in the window; who held no client in it is absent."""
    return (rolled_up if frame.rolled else counted)(tx, frame, managers)


def rolled_up(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, Sums]:
    """The sums by two look-ups in the rollup."""
    window = frame.window
    before = day_rows(tx, managers, window.first)
    found = {}
    for manager, row in day_rows(tx, managers, window.end - 1).items():
        upto, since = row.through(window.end - 1), before.get(manager, NOTHING).total(window.first)
        over = {name: upto.get(name, 0) - since.get(name, 0) for name in {*upto, *since}}
        if any(over.get(column(CLIENTS, each)) for each in CLASSES):
            found[manager] = Sums({name: sum_ for name, sum_ in over.items() if sum_}, row.levels)
    return found


def counted(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, Sums]:
    """The sums from the intervals, as known on the as-of day."""
    over: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    last: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for source in (deposit_sums, _bases, _assets, _loans, _clients):
        for manager, share, customer_class, what, sum_, level in source(tx, frame, managers):
            name = column(what, customer_class)
            over[manager][name] += share * sum_
            last[manager][name] += share * level
    return {
        manager: Sums(_without_zeros(sums), _without_zeros(last[manager]))
        for manager, sums in over.items()
        if any(sums.get(column(CLIENTS, each)) for each in CLASSES)
    }


def deposit_sums(tx: Transaction, frame: Frame, managers: Collection[str]) -> Found:
    """Each account is added up by itself, so that few rows are left to be grouped."""
    stop = least(literal(frame.window.end), Assignment.to_day, Account.closed_day)
    over, last = [], []
    for balance, known in parts_as_known(frame, BalanceInterval):
        mine = and_(balance.c.account_id == Account.id, known)
        days = least(balance.c.to_day, stop) - greatest(balance.c.from_day, _start(frame))
        over.append(_total(balance.c.amount * days, mine, _meets(frame, balance, Account)))
        last.append(_total(balance.c.amount, mine, _lasts(frame, balance)))
    each = (
        _held(frame, managers, ACCOUNT_KIND, _sum(over), _level(frame, Account, last))
        .join(Account, Account.client_id == Assignment.client_id)
        .where(Account.closed_day > frame.window.first, Account.closed_day > Assignment.from_day)
    )
    return _grouped(tx, each)


def _bases(tx: Transaction, frame: Frame, managers: Collection[str]) -> Found:
    days = least(literal(frame.window.end), Assignment.to_day) - _start(frame)
    lasts = case((Assignment.to_day >= frame.window.end, 1), else_=0)
    for base, what in ((ClientBase, BASE), (AssetBase, ASSET_BASE)):
        amount = base.day_average
        each = _held(frame, managers, literal(what), amount * days, amount * lasts)
        mine = and_(
            base.client_id == Assignment.client_id, base.year == frame.window.period.year - 1
        )
        yield from _grouped(tx, each.join(base, mine))


def _assets(tx: Transaction, frame: Frame, managers: Collection[str]) -> Found:
    """Units × the prices of the days they were held: the difference of two running totals."""
    units = as_known(frame, HoldingUnits, "units")
    prices = running_prices(frame, frame.window.first, frame.window.end)
    at_start, at_stop = prices.alias("at_start"), prices.alias("at_stop")
    start = greatest(_start(frame), units.c.from_day)
    stop = least(literal(frame.window.end), Assignment.to_day, Holding.closed_day, units.c.to_day)
    last = case((stop == frame.window.end, at_stop.c.nav), else_=0)
    held = at_stop.c.before - at_start.c.before
    whole, rest = units.c.units // PER_FEN, units.c.units % PER_FEN
    keys = (
        Assignment.manager_id,
        Assignment.share_pct,
        Client.customer_class,
        Product.coefficient_pct,
    )
    statement = (
        select(*keys, *(func.sum(part * price) for price in (held, last) for part in (whole, rest)))
        .join(Client, Client.id == Assignment.client_id)
        .join(Holding, Holding.client_id == Assignment.client_id)
        .join(Product, Product.id == Holding.product_id)
        .join(units, units.c.holding_id == Holding.id)
        .join(at_start, and_(at_start.c.product_id == Product.id, at_start.c.day == start))
        .join(at_stop, and_(at_stop.c.product_id == Product.id, at_stop.c.day == stop))
        .where(_is_held(frame, managers), start < stop)
        .group_by(*keys)
    )
    for manager, share, customer_class, coefficient, *sums in tx.execute(statement):
        over, over_rest, level, level_rest = (coefficient * int(part) for part in sums)
        yield (
            *(manager, share, customer_class, ASSETS),
            *(over * PER_FEN + over_rest, level * PER_FEN + level_rest),
        )


def _loans(tx: Transaction, frame: Frame, managers: Collection[str]) -> Found:
    stop = least(literal(frame.window.end), Assignment.to_day)
    mine = and_(MOVES.c.loan_id == Loan.id, MOVES.c.known_day <= frame.known)
    days = stop - greatest(MOVES.c.day, _start(frame))
    over = _total(OWED * days, mine, MOVES.c.day < stop)
    last = _total(OWED, mine, MOVES.c.day < frame.window.end)
    level = case((Assignment.to_day >= frame.window.end, last), else_=0)
    each = _held(frame, managers, literal(LOANS), over, level)
    return _grouped(tx, each.join(Loan, Loan.client_id == Assignment.client_id))


def _clients(tx: Transaction, frame: Frame, managers: Collection[str]) -> Found:
    stop = least(literal(frame.window.end), Assignment.to_day, Client.closed_day)
    level = case((stop == frame.window.end, 1), else_=0)
    each = _held(frame, managers, literal(CLIENTS), stop - _start(frame), level)
    return _grouped(tx, each.where(_start(frame) < stop))


def _start(frame: Frame) -> Column[int]:
    return greatest(literal(frame.window.first), Assignment.from_day)


def _is_held(frame: Frame, managers: Collection[str]) -> ColumnElement[bool]:
    return and_(
        Assignment.manager_id.in_(managers),
        Assignment.from_day < frame.window.end,
        Assignment.to_day > frame.window.first,
    )


def _held(
    frame: Frame,
    managers: Collection[str],
    what: Column[str],
    over: Column[int],
    level: Column[int],
) -> Select[*tuple[Any, ...]]:
    """What managers hold, a row for each thing of a client they hold in the window."""
    return (
        select(
            Assignment.manager_id,
            Assignment.share_pct,
            Client.customer_class,
            what.label("what"),
            over.label("over"),
            level.label("level"),
        )
        .join(Client, Client.id == Assignment.client_id)
        .where(_is_held(frame, managers))
    )


def _grouped(tx: Transaction, each: Select[*tuple[Any, ...]]) -> Found:
    things = each.subquery("thing")
    keys = (things.c.manager_id, things.c.share_pct, things.c.customer_class, things.c.what)
    sums = (func.sum(things.c.over), func.sum(things.c.level))
    for manager, share, customer_class, what, over, level in tx.execute(
        select(*keys, *sums).group_by(*keys)
    ):
        yield manager, share, customer_class, what, int(over or 0), int(level or 0)


def _meets(frame: Frame, balance: Table, account: type[Account]) -> ColumnElement[bool]:
    """That an account's interval overlaps the window, the holding and the account's life."""
    return and_(
        balance.c.from_day < frame.window.end,
        balance.c.from_day < Assignment.to_day,
        balance.c.from_day < account.closed_day,
        balance.c.to_day > frame.window.first,
        balance.c.to_day > Assignment.from_day,
    )


def _lasts(frame: Frame, balance: Table) -> ColumnElement[bool]:
    return and_(balance.c.from_day < frame.window.end, balance.c.to_day >= frame.window.end)


def _level(frame: Frame, account: type[Account], parts: Sequence[Column[int]]) -> Column[int]:
    end = frame.window.end
    lasts = and_(Assignment.to_day >= end, account.closed_day >= end)
    return case((lasts, _sum(parts)), else_=0)


def _total(amount: Column[int], *conditions: ColumnElement[bool]) -> Column[int]:
    """A sum for one thing of the outer query; 0 where it has nothing."""
    return func.coalesce(select(func.sum(amount)).where(*conditions).scalar_subquery(), 0)


def _sum(parts: Sequence[Column[int]]) -> Column[int]:
    first, *others = parts
    for other in others:
        first += other
    return first


def _add(figures: Mapping[str, int], whats: Sequence[str], classes: Sequence[str]) -> int:
    return sum(figures.get(column(what, each), 0) for what in whats for each in classes)


def _without_zeros(figures: Mapping[str, int]) -> dict[str, int]:
    return {name: amount for name, amount in figures.items() if amount}
