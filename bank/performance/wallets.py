"""S01 wallet share and S02 categories of products for each client, on the last known day."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    case,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from bank.database import Transaction
from bank.days import day_of, number
from bank.loans import MOVES, OWED
from bank.models import (
    Account,
    Assignment,
    BalanceInterval,
    Holding,
    HoldingUnits,
    Loan,
    Price,
    Product,
    Wallet,
)
from bank.performance.believed import as_known
from bank.performance.facts import percent_fact, points_fact
from bank.performance.measuring import Frame
from bank.performance.spans import PER_FEN
from bank.performance.targets import Worker
from bank.performance.window import SHARE, Measure
from scoring.facts import EVIDENCE, NO_CLIENTS, Evidence, Fact, Row
from scoring.loans import months_before

FRESH_MONTHS = 12
"""An estimate of a client's whole business is good for so long."""
EVERYDAY = ("demand", "savings")
Statement = Select[*tuple[Any, ...]]


def wallet_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """S01 and S02 of each of these managers."""
    managers = [worker.id for worker in workers]
    shares, breadth = wallet_shares(tx, frame, managers), categories(tx, frame, managers)
    for manager in managers:
        yield manager, percent_fact(frame, "S01", shares.get(manager), why_none=NO_CLIENTS)
        yield manager, points_fact(frame, "S02", breadth.get(manager), why_none=NO_CLIENTS)


def wallet_shares(
    tx: Transaction, frame: Frame, managers: Collection[str]
) -> Mapping[str, Measure]:
    """Σ what clients have and owe here ÷ Σ the newest estimate of all their business.

    Only clients with an estimate of the last twelve months; each by the manager's share of it.
    """
    found = business(frame, managers).subquery()
    keys = (found.c.manager_id, found.c.share_pct)
    sums: dict[str, tuple[int, int]] = {}
    for manager, share, here, total in tx.execute(
        select(*keys, func.sum(found.c.here), func.sum(found.c.total)).group_by(*keys)
    ):
        before = sums.get(manager, (0, 0))
        sums[manager] = (before[0] + share * int(here), before[1] + share * int(total))
    return {who: Measure(here, total, scale=SHARE) for who, (here, total) in sums.items()}


def wallet_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The clients with the largest business elsewhere, with the day and source of the estimate."""
    found = business(frame, [manager]).subquery()
    count = tx.scalar(select(func.count()).select_from(found)) or 0
    order = ((found.c.total - found.c.here).desc(), found.c.client_id)
    rows: tuple[Row, ...] = tuple(
        {
            "id": row.client_id,
            "here_fen": int(row.here),
            "total_fen": row.total,
            "day": day_of(row.day).isoformat(),
            "source": row.source,
            "share_pct": row.share_pct,
        }
        for row in tx.execute(select(found).order_by(*order).limit(EVIDENCE))
    )
    return Evidence(rows, count)


def categories(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, Measure]:
    """Categories of products in use ÷ clients, each by the manager's share."""
    used = _used(frame, managers).subquery()
    mine = clients_held(frame, managers).subquery()
    counted = (
        select(mine.c.manager_id, mine.c.share_pct, func.count(used.c.category).label("count"))
        .select_from(mine)
        .join(used, used.c.client_id == mine.c.client_id)
        .group_by(mine.c.manager_id, mine.c.share_pct)
    )
    clients = select(mine.c.manager_id, mine.c.share_pct, func.count()).group_by(
        mine.c.manager_id, mine.c.share_pct
    )
    over, under = Counter[str](), Counter[str]()
    for manager, share, count in tx.execute(counted):
        over[manager] += share * count
    for manager, share, count in tx.execute(clients):
        under[manager] += share * count
    return {who: Measure(over[who], each, scale=SHARE) for who, each in under.items()}


def category_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The clients with the fewest categories in use: `count` of them, named in `uses`."""
    shares = {row.client_id: row.share_pct for row in tx.execute(clients_held(frame, [manager]))}
    uses: dict[str, list[str]] = {client: [] for client in shares}
    for client, category in tx.execute(_used(frame, [manager])):
        uses[client].append(category)
    fewest = sorted(uses.items(), key=lambda item: (len(item[1]), item[0]))
    rows: tuple[Row, ...] = tuple(
        {
            "id": client,
            "count": len(found),
            "uses": " ".join(sorted(found)),
            "share_pct": shares[client],
        }
        for client, found in fewest[:EVIDENCE]
    )
    return Evidence(rows, len(fewest))


def clients_held(frame: Frame, managers: Collection[str]) -> Statement:
    """(manager, client, share) on the last day."""
    last = frame.window.end - 1
    return select(Assignment.manager_id, Assignment.client_id, Assignment.share_pct).where(
        Assignment.manager_id.in_(managers), Assignment.from_day <= last, Assignment.to_day > last
    )


def _used(frame: Frame, managers: Collection[str]) -> CompoundSelect[str, str]:
    """(client, category) of the clients held: accounts, positions and loans not yet ended."""
    last, mine = frame.window.end - 1, clients_held(frame, managers).subquery()
    theirs = select(mine.c.client_id)
    everyday = case((Account.kind.in_(EVERYDAY), "everyday"), else_=Account.kind)
    return union(
        select(Account.client_id, everyday.label("category")).where(
            Account.client_id.in_(theirs), Account.opened_day <= last, Account.closed_day > last
        ),
        select(Holding.client_id, Product.kind)
        .join(Product, Product.id == Holding.product_id)
        .where(
            Holding.client_id.in_(theirs), Holding.opened_day <= last, Holding.closed_day > last
        ),
        select(Loan.client_id, literal("loan")).where(
            Loan.client_id.in_(theirs),
            Loan.signed_day <= last,
            or_(Loan.matures_day.is_(None), Loan.matures_day >= last),
        ),
    )


def business(frame: Frame, managers: Collection[str]) -> Statement:
    """(manager, client, share, day, total and source of the estimate, what is here) of a day."""
    last = frame.window.end - 1
    since = number(months_before(frame.window.through, FRESH_MONTHS))
    newest = (
        select(
            Wallet,
            func.row_number()
            .over(partition_by=Wallet.client_id, order_by=Wallet.day.desc())
            .label("turn"),
        )
        .where(Wallet.day.between(since + 1, last))
        .subquery("estimate")
    )
    held = clients_held(frame, managers).subquery()
    mine = (
        select(held, newest.c.day, newest.c.total, newest.c.source)
        .join(newest, newest.c.client_id == held.c.client_id)
        .where(newest.c.turn == 1)
        .cte("wallet_held")
    )
    clients = select(mine.c.client_id).distinct().cte("estimated")
    parts = union_all(
        _deposits(frame, clients), _holdings(frame, clients), _loans(frame, clients)
    ).subquery()
    here = (
        select(parts.c.client_id, func.sum(parts.c.fen).label("fen"))
        .group_by(parts.c.client_id)
        .subquery("here")
    )
    return select(mine, func.coalesce(here.c.fen, 0).label("here")).outerjoin(
        here, here.c.client_id == mine.c.client_id
    )


def _deposits(frame: Frame, clients: CTE) -> Statement:
    balances = as_known(frame, BalanceInterval)
    return (
        select(clients.c.client_id, balances.c.amount.label("fen"))
        .join(Account, Account.client_id == clients.c.client_id)
        .join(balances, balances.c.account_id == Account.id)
        .where(Account.excluded == "", Account.closed_day >= frame.window.end)
        .where(*_on_last(frame, balances))
    )


def _holdings(frame: Frame, clients: CTE) -> Statement:
    """At the day's price, to the nearest fen."""
    units, prices = as_known(frame, HoldingUnits), as_known(frame, Price)
    whole, rest = units.c.units // PER_FEN, units.c.units % PER_FEN
    worth = whole * prices.c.nav + (rest * prices.c.nav + PER_FEN // 2) // PER_FEN
    return (
        select(clients.c.client_id, worth)
        .join(Holding, Holding.client_id == clients.c.client_id)
        .join(units, units.c.holding_id == Holding.id)
        .join(prices, prices.c.product_id == Holding.product_id)
        .where(Holding.closed_day >= frame.window.end)
        .where(*_on_last(frame, units), *_on_last(frame, prices))
    )


def _loans(frame: Frame, clients: CTE) -> Statement:
    return (
        select(clients.c.client_id, OWED)
        .join(Loan, Loan.client_id == clients.c.client_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(MOVES.c.day < frame.window.end, MOVES.c.known_day <= frame.known)
    )


def _on_last(frame: Frame, spans: FromClause) -> tuple[ColumnElement[bool], ...]:
    end = frame.window.end
    return spans.c.from_day < end, spans.c.to_day >= end
