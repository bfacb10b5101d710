"""P01: how much a manager's clients keep at the bank, day by day, beyond last year's average."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import case, func, select

from bank.database import Transaction
from bank.models import Account, Assignment, BalanceInterval, ClientBase
from bank.performance.facts import amount_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, ask_average, signed_targets
from bank.performance.window import Measure, Window, day, greatest, held, least
from scoring.facts import EVIDENCE, NO_CLIENTS, Evidence, Fact, Row
from scoring.rounding import whole

UNITS = 100 * 100
"""Amounts are summed in fen × percent of share × percent of coefficient."""


@dataclass(frozen=True, slots=True)
class Increments:
    """Day sums in fen × UNITS by manager: over the window, and on its last day alone."""

    window: Mapping[str, Measure]
    last_day: Mapping[str, int]


def deposit_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """P01 of each of these managers."""
    managers = [worker.id for worker in workers]
    found = increments(tx, frame.window, frame.scheme.coefficients, managers)
    signed = signed_targets(tx, frame.window, managers)
    for worker in workers:
        target = signed.get((worker.id, "P01"))
        asked = None
        if target is not None:
            asked = ask_average(target, frame.shape, frame.window, worker)
        measure = found.window.get(worker.id)
        if measure is not None:
            level = whole(Fraction(found.last_day.get(worker.id, 0), UNITS))
            measure = replace(measure, level=level)
        yield worker.id, amount_fact(frame, "P01", measure, asked, NO_CLIENTS)


def deposit_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The clients whose increments weigh most, as day-averages."""
    found = increments(tx, frame.window, frame.scheme.coefficients, [manager]).window.get(manager)
    return Evidence(found.rows, found.row_count) if found else Evidence((), 0)


def increments(
    tx: Transaction, window: Window, coefficients: Mapping[str, int], managers: Collection[str]
) -> Increments:
    """Σ client Σ day share × (coefficient × balance − base) of each manager.

    The base is the client's, and counts on the days it is held: a handover moves balance and base
    together, so managers sum to the bank whatever is handed over. A client without a ledger base
    (a new one) has base 0. The ledger's base is weighted by the same coefficients already, and
    leaves out what accounts outside the appraisal hold, as the balances here do.
    A manager who holds no client on any of the days is absent.
    """
    holders = tx.scalars(select(Assignment.manager_id).where(held(window, managers)).distinct())
    sums: dict[str, defaultdict[str, int]] = {manager: defaultdict(int) for manager in holders}
    last: defaultdict[str, int] = defaultdict(int)
    for manager, client, share, kind, fen_days, fen in _balances(tx, window, managers):
        factor = share * coefficients[kind]
        sums[manager][client] += factor * int(fen_days)
        last[manager] += factor * int(fen)
    for manager, client, share, average, days, holds in _bases(tx, window, managers):
        sums[manager][client] -= share * 100 * average * int(days)
        last[manager] -= share * 100 * average * int(holds)
    return Increments(
        {manager: _measure(window, clients) for manager, clients in sums.items()}, last
    )


def _measure(window: Window, clients: Mapping[str, int]) -> Measure:
    most = sorted(clients.items(), key=lambda item: (-abs(item[1]), item[0]))[:EVIDENCE]
    unit = UNITS * window.days
    rows: tuple[Row, ...] = tuple(
        {"id": client, "average_fen": int(whole(Fraction(fen, unit)))} for client, fen in most
    )
    return Measure(sum(clients.values()), unit, rows, len(clients), UNITS)


def _balances(tx: Transaction, window: Window, managers: Collection[str]) -> list[tuple[Any, ...]]:
    """(manager, client, share, kind of account, fen × days, fen on the last day)."""
    start = greatest(BalanceInterval.from_day, Assignment.from_day, day(window.first))
    stop = least(BalanceInterval.to_day, Assignment.to_day, Account.closed_day, day(window.end))
    statement = (
        select(
            Assignment.manager_id,
            Assignment.client_id,
            Assignment.share_pct,
            Account.kind,
            func.sum(BalanceInterval.amount * (stop - start)),
            func.sum(case((stop == window.end, BalanceInterval.amount), else_=0)),
        )
        .join(Account, Account.client_id == Assignment.client_id)
        .join(BalanceInterval, BalanceInterval.account_id == Account.id)
        .where(
            held(window, managers),
            Account.excluded == "",
            BalanceInterval.from_day < window.end,
            BalanceInterval.to_day > window.first,
            start < stop,
        )
        .group_by(Assignment.manager_id, Assignment.client_id, Assignment.share_pct, Account.kind)
    )
    return [tuple(row) for row in tx.execute(statement)]


def _bases(tx: Transaction, window: Window, managers: Collection[str]) -> list[tuple[Any, ...]]:
    """(manager, client, share, day-average of last year, days held, 1 where held on the last)."""
    start = greatest(Assignment.from_day, day(window.first))
    stop = least(Assignment.to_day, day(window.end))
    statement = (
        select(
            Assignment.manager_id,
            Assignment.client_id,
            Assignment.share_pct,
            ClientBase.day_average,
            func.sum(stop - start),
            func.sum(case((stop == window.end, 1), else_=0)),
        )
        .join(ClientBase, ClientBase.client_id == Assignment.client_id)
        .where(held(window, managers), ClientBase.year == window.period.year - 1)
        .group_by(
            Assignment.manager_id,
            Assignment.client_id,
            Assignment.share_pct,
            ClientBase.day_average,
        )
    )
    return [tuple(row) for row in tx.execute(statement)]
