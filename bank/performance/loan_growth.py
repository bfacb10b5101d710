"""S04a: how much a manager's clients owe, day by day, beyond their day-average of last year."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, case, func, select

from bank.database import Transaction
from bank.days import number
from bank.loans import MOVES, OWED
from bank.models import Assignment, Loan
from bank.performance.facts import amount_fact
from bank.performance.measuring import Frame
from bank.performance.sums import LOANS, Sums
from bank.performance.targets import Asked, Worker
from bank.performance.window import SHARE, Measure, day, greatest, held, least
from scoring.facts import EVIDENCE, NO_CLIENTS, Evidence, Fact, Row
from scoring.rounding import whole


def loan_facts(
    tx: Transaction,
    frame: Frame,
    workers: Sequence[Worker],
    sums: Mapping[str, Sums],
    asked: Mapping[str, Asked],
) -> Iterator[tuple[str, Fact]]:
    """S04a of each of these managers, from what their clients owed; `asked` is what they signed.

    The base is the client's and counts on the days it is held, as that of deposits does.
    """
    first, end = _base_days(frame)
    scale = SHARE * (end - first)
    bases = loan_bases(tx, frame, [worker.id for worker in workers])
    for worker in workers:
        measure, found = None, sums.get(worker.id)
        if found:
            over, last = bases.get(worker.id, (0, 0))
            level = Fraction((end - first) * found.at_last(LOANS) - last, scale)
            total = (end - first) * found.over(LOANS) - over
            measure = Measure(total, scale * frame.window.days, scale=scale, level=whole(level))
        yield worker.id, amount_fact(frame, "S04a", measure, asked.get(worker.id), NO_CLIENTS)


def loan_bases(
    tx: Transaction, frame: Frame, managers: Collection[str]
) -> Mapping[str, tuple[int, int]]:
    """Last year's loans of the clients held, in fen × SHARE × days of last year.

    By manager: over the window's days, and on its last day alone.
    """
    found: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    each = _bases(frame, managers).subquery()
    keys = (each.c.manager_id, each.c.share_pct, each.c.days, each.c.lasts)
    for manager, share, days, lasts, fen in tx.execute(
        select(*keys, func.sum(each.c.fen)).group_by(*keys)
    ):
        over, last = found[manager]
        found[manager] = (over + share * days * int(fen), last + share * lasts * int(fen))
    return found


def loan_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The clients whose loans weigh most in the increment, as day-averages that add up to it."""
    first, end = _base_days(frame)
    sums: defaultdict[str, int] = defaultdict(int)
    for row in tx.execute(_bases(frame, [manager])):
        sums[row.client_id] -= row.share_pct * row.days * int(row.fen)
    for client, share, fen in tx.execute(_owed(frame, manager)):
        sums[client] += (end - first) * share * int(fen)
    most = sorted(sums.items(), key=lambda item: (-abs(item[1]), item[0]))
    unit = SHARE * (end - first) * frame.window.days
    rows: tuple[Row, ...] = tuple(
        {"id": client, "average_fen": int(whole(Fraction(fen, unit)))}
        for client, fen in most[:EVIDENCE]
    )
    return Evidence(rows, len(most))


def _base_days(frame: Frame) -> tuple[int, int]:
    """Last year, as [first, end) day numbers."""
    year = frame.window.period.year
    return number(date(year - 1, 1, 1)), number(date(year, 1, 1))


def _bases(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """(manager, client, share, days held, 1 where held on the last, what it owed last year).

    The last in fen × days of last year.
    """
    window, (first, end) = frame.window, _base_days(frame)
    mine = held(window, managers)
    owed = (
        select(
            Loan.client_id,
            func.sum(OWED * (end - greatest(MOVES.c.day, day(first)))).label("fen"),
        )
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(
            Loan.client_id.in_(select(Assignment.client_id).where(mine)),
            MOVES.c.day < end,
            MOVES.c.known_day <= frame.known,
        )
        .group_by(Loan.client_id)
        .subquery("owed_last_year")
    )
    stop = least(Assignment.to_day, day(window.end))
    return (
        select(
            Assignment.manager_id,
            Assignment.client_id,
            Assignment.share_pct,
            (stop - greatest(Assignment.from_day, day(window.first))).label("days"),
            case((stop == window.end, 1), else_=0).label("lasts"),
            owed.c.fen,
        )
        .join(owed, owed.c.client_id == Assignment.client_id)
        .where(mine)
    )


def _owed(frame: Frame, manager: str) -> Select[str, int, int]:
    """(client, share, fen × days) of the window."""
    window = frame.window
    start = greatest(MOVES.c.day, Assignment.from_day, day(window.first))
    stop = least(Assignment.to_day, day(window.end))
    return (
        select(Assignment.client_id, Assignment.share_pct, func.sum(OWED * (stop - start)))
        .join(Loan, Loan.client_id == Assignment.client_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(held(window, [manager]), MOVES.c.known_day <= frame.known, start < stop)
        .group_by(Assignment.client_id, Assignment.share_pct)
    )
