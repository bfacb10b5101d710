"""P01, P01a, P01b and P05: what clients keep with the bank, day by day, beyond last year's average.

The base is the client's, and counts on the days it is held: a handover moves balance and base
together, so managers sum to the bank whatever is handed over. A new client has base 0.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from bank.database import Transaction
from bank.models import Account, Assignment, BalanceInterval, Client, ClientBase
from bank.performance.believed import as_known
from bank.performance.facts import amount_fact
from bank.performance.loan_growth import loan_facts
from bank.performance.measuring import Frame
from bank.performance.spans import PER_FEN
from bank.performance.steps import ASSETS
from bank.performance.sums import ASSET_BASE, BASE, CLASSES, DEPOSITS, Sums, day_sums
from bank.performance.targets import Asked, Worker, ask_average, signed_targets
from bank.performance.window import SHARE, Measure, Window, day, greatest, held, least
from scoring.facts import EVIDENCE, NO_CLIENTS, Evidence, Fact, Row, percent
from scoring.periods import Period
from scoring.rounding import whole

PERCENT = 100
UNITS = SHARE * PERCENT
"""Deposits are added up in fen × percent of share × percent of coefficient."""
CLASSES_OF = {"P01": CLASSES, "P01a": ("corporate",), "P01b": ("retail",)}
MATURING = (30, 60, 90)
"""Days ahead in which time deposits fall due."""
Add = Callable[..., int]
"""Sums.over or Sums.at_last."""


def deposit_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """P01, P01a, P01b, P05 and S04a of each of these managers; without clients there is none."""
    managers = [worker.id for worker in workers]
    found, signed = day_sums(tx, frame, managers), signed_targets(tx, frame.window, managers)
    for indicator in (*CLASSES_OF, "P05"):
        asked = _asked(frame, workers, signed, indicator)
        for worker in workers:
            sums = found.get(worker.id)
            measure = increment(frame, sums, indicator) if sums else None
            yield (
                worker.id,
                amount_fact(frame, indicator, measure, asked.get(worker.id), NO_CLIENTS),
            )
    if frame.wants("S04a"):
        yield from loan_facts(tx, frame, workers, found, _asked(frame, workers, signed, "S04a"))


def _asked(
    frame: Frame,
    workers: Sequence[Worker],
    signed: Mapping[tuple[str, str], int],
    indicator: str,
) -> Mapping[str, Asked]:
    """What those who signed for an average are asked for, by manager."""
    return {
        worker.id: ask_average(signed[worker.id, indicator], frame.shape, frame.window, worker)
        for worker in workers
        if (worker.id, indicator) in signed
    }


def increment(frame: Frame, sums: Sums, indicator: str) -> Measure:
    """Σ client Σ day share × (what it has × its coefficient − its base of last year) ÷ days.

    The ledger's bases are weighted by the same coefficients already, and leave out what accounts
    outside the appraisal hold, as the balances here do.
    """
    if indicator == "P05":
        scale, over, level = UNITS * PER_FEN, _assets(sums.over), _assets(sums.at_last)
    else:
        coefficients, classes = frame.scheme.coefficients, CLASSES_OF[indicator]
        scale, over = UNITS, _deposits(sums.over, coefficients, classes)
        level = _deposits(sums.at_last, coefficients, classes)
    at_last = whole(Fraction(level, scale))
    return Measure(over, scale * frame.window.days, scale=scale, level=at_last)


def _deposits(add: Add, coefficients: Mapping[str, int], classes: Sequence[str]) -> int:
    """Deposits above the base, in fen × UNITS."""
    kept = sum(coefficients[kind] * add(kind, classes=classes) for kind in DEPOSITS)
    return kept - PERCENT * add(BASE, classes=classes)


def _assets(add: Add) -> int:
    """Deposits, which count in full, and other assets above the base, in fen × UNITS ÷ PER_FEN."""
    return PERCENT * PER_FEN * (add(*DEPOSITS) - add(ASSET_BASE)) + add(ASSETS)


def deposit_evidence(
    tx: Transaction, frame: Frame, manager: str, indicator: str = "P01"
) -> Evidence:
    """The clients whose increments weigh most, as day-averages, which add up to the figure.

    After them, under "matures" and "month_end", the time deposits that fall due in the coming
    days, and how far the deposits at the last known month's end lay above that month's average.
    """
    classes = CLASSES_OF[indicator]
    clients = _client_sums(tx, frame, manager, classes)
    unit = UNITS * frame.window.days
    most = sorted(clients.items(), key=lambda item: (-abs(item[1]), item[0]))
    beside: list[Row] = [*_maturing(tx, frame, manager, classes)]
    beside += _month_end(tx, frame, manager, classes)
    rows: list[Row] = [
        {"id": client, "average_fen": int(whole(Fraction(fen, unit)))}
        for client, fen in most[: EVIDENCE - len(beside)]
    ]
    return Evidence((*rows, *beside), len(most) + len(beside))


def _client_sums(
    tx: Transaction, frame: Frame, manager: str, classes: Sequence[str]
) -> Mapping[str, int]:
    """Each client's part of the manager's sum over the window, in fen × UNITS."""
    window, coefficients = frame.window, frame.scheme.coefficients
    mine = held(window, [manager]) & Client.customer_class.in_(classes)
    sums: defaultdict[str, int] = defaultdict(int)
    for client in tx.scalars(select(Assignment.client_id).join(Client, _is_client()).where(mine)):
        sums[client] += 0
    for client, share, kind, fen_days in tx.execute(_balances(frame).where(mine)):
        sums[client] += share * coefficients[kind] * int(fen_days)
    for client, share, average, days in tx.execute(_bases(window).where(mine)):
        sums[client] -= share * PERCENT * average * int(days)
    return sums


def _balances(frame: Frame) -> Any:  # noqa: ANN401 - a statement to be narrowed
    """(client, share, kind of account, fen × days)."""
    window, balance = frame.window, as_known(frame, BalanceInterval)
    start = greatest(balance.c.from_day, Assignment.from_day, day(window.first))
    stop = least(balance.c.to_day, Assignment.to_day, Account.closed_day, day(window.end))
    keys = (Assignment.client_id, Assignment.share_pct, Account.kind)
    return (
        select(*keys, func.sum(balance.c.amount * (stop - start)))
        .join(Client, _is_client())
        .join(Account, Account.client_id == Assignment.client_id)
        .join(balance, balance.c.account_id == Account.id)
        .where(Account.excluded == "", start < stop)
        .group_by(*keys)
    )


def _bases(window: Window) -> Any:  # noqa: ANN401 - a statement to be narrowed
    """(client, share, day-average of last year, days held)."""
    start = greatest(Assignment.from_day, day(window.first))
    stop = least(Assignment.to_day, day(window.end))
    keys = (Assignment.client_id, Assignment.share_pct, ClientBase.day_average)
    return (
        select(*keys, func.sum(stop - start))
        .join(Client, _is_client())
        .join(ClientBase, ClientBase.client_id == Assignment.client_id)
        .where(ClientBase.year == window.period.year - 1)
        .group_by(*keys)
    )


def _is_client() -> Any:  # noqa: ANN401 - a condition
    return Client.id == Assignment.client_id


def _maturing(tx: Transaction, frame: Frame, manager: str, classes: Sequence[str]) -> Iterator[Row]:
    """What falls due within so many days of the clients the manager holds, by their shares."""
    last, balance = frame.window.end - 1, as_known(frame, BalanceInterval)
    keys = (Account.matures_day, Assignment.share_pct)
    statement = (
        select(*keys, func.sum(balance.c.amount))
        .select_from(Assignment)
        .join(Client, _is_client())
        .join(Account, Account.client_id == Assignment.client_id)
        .join(balance, balance.c.account_id == Account.id)
        .where(
            Assignment.manager_id == manager,
            Assignment.from_day <= last,
            Assignment.to_day > last,
            Client.customer_class.in_(classes),
            Account.excluded == "",
            Account.closed_day > last,
            Account.matures_day.between(last + 1, last + max(MATURING)),
            balance.c.from_day <= last,
            balance.c.to_day > last,
        )
        .group_by(*keys)
    )
    due = [(matures, share * int(fen)) for matures, share, fen in tx.execute(statement)]
    for days in MATURING if due else ():
        fen = sum(amount for matures, amount in due if matures <= last + days)
        yield {"id": "matures", "days": days, "fen": int(whole(Fraction(fen, SHARE)))}


def _month_end(
    tx: Transaction, frame: Frame, manager: str, classes: Sequence[str]
) -> Iterator[Row]:
    """(month's end − month's average) ÷ month's average of all the deposits, at its last day."""
    end = (frame.window.through + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    if end < frame.window.period.first:
        return
    month = Period(f"{end:%Y-%m}", end.replace(day=1), end)
    in_month = replace(frame, window=replace(frame.window, period=month, through=end))
    sums = day_sums(tx, in_month, [manager]).get(manager)
    average = Fraction(sums.over(*DEPOSITS, classes=classes), month.days) if sums else 0
    if sums and average:
        above = Fraction(sums.at_last(*DEPOSITS, classes=classes)) / average - 1
        share = percent(above.numerator, above.denominator)
        yield {
            "id": "month_end",
            "day": end.isoformat(),
            "deviation_pct": f"{share:.2f}",
            "warned": int(share > frame.scheme.deviation_pct),
        }
