"""P03 intermediary income: fees by accounting date, and its lines (P03a, P03b, P03c)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from bank.database import Transaction
from bank.days import day_of
from bank.models import Assignment, FeeEvent, FeeSplit
from bank.models.holdings import INCOME_LINES
from bank.performance.flows import flow_facts
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import SHARE, Window
from scoring.facts import EVIDENCE, Evidence, Fact, Row


def income_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """P03, and the indicators of its lines, of each of these managers."""
    lines = frame.scheme.fees.lines
    found = income(tx, frame.window, [worker.id for worker in workers])
    sums: dict[str, defaultdict[str, int]] = {"P03": defaultdict(int)}
    sums |= {indicator: defaultdict(int) for indicator in lines.values()}
    for (manager, line), fen in found.items():
        sums["P03"][manager] += fen
        if line in lines:
            sums[lines[line]][manager] += fen
    yield from flow_facts(tx, frame, workers, sums, SHARE)


def income_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """All the fees of a manager."""
    return fee_rows(tx, frame.window, manager, INCOME_LINES)


def line_evidence(tx: Transaction, frame: Frame, manager: str, indicator: str) -> Evidence:
    """The fees of the lines of an indicator."""
    lines = [line for line, counted in frame.scheme.fees.lines.items() if counted == indicator]
    return fee_rows(tx, frame.window, manager, lines)


def income(
    tx: Transaction, window: Window, managers: Collection[str]
) -> Mapping[tuple[str, str], int]:
    """Σ fees booked in the window × the manager's share, by manager and line, in fen × SHARE.

    Amounts come net of tax and third parties' shares. A refund is below zero, on its own day. What
    was withdrawn while cooling off never counts, nor does its refund.
    """
    fees = _fees(window, managers).subquery()
    keys = (fees.c.manager_id, fees.c.income_line, fees.c.share_pct)
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for manager, line, share, amount in tx.execute(
        select(*keys, func.sum(fees.c.amount)).group_by(*keys)
    ):
        found[manager, line] += share * int(amount)
    return found


def income_by_day(
    tx: Transaction, frame: Frame, managers: Collection[str]
) -> Iterator[tuple[str, str, int, int]]:
    """(manager, indicator, day number, fen × SHARE) of P03 and of its lines."""
    fees = _fees(frame.window, managers).subquery()
    keys = (fees.c.manager_id, fees.c.day, fees.c.income_line, fees.c.share_pct)
    lines = frame.scheme.fees.lines
    for manager, day, line, share, amount in tx.execute(
        select(*keys, func.sum(fees.c.amount)).group_by(*keys)
    ):
        yield manager, "P03", day, share * int(amount)
        if line in lines:
            yield manager, lines[line], day, share * int(amount)


def fee_rows(tx: Transaction, window: Window, manager: str, lines: Collection[str]) -> Evidence:
    """The manager's fees of some lines, the largest first; `refunds` names what one gives back.

    Their amounts × `share_pct` add up to the figure.
    """
    fees = _fees(window, [manager]).subquery()
    mine = fees.c.income_line.in_(lines)
    count = tx.scalar(select(func.count()).select_from(fees).where(mine)) or 0
    order = (func.abs(fees.c.amount * fees.c.share_pct).desc(), fees.c.id)
    rows: tuple[Row, ...] = tuple(
        {
            "id": fee.id,
            "client": fee.client_id,
            "day": day_of(fee.day).isoformat(),
            "line": fee.income_line,
            "product": fee.product_id or "",
            "amount_fen": fee.amount,
            "share_pct": fee.share_pct,
            "refunds": fee.refunds_id or "",
        }
        for fee in tx.execute(select(fees).where(mine).order_by(*order).limit(EVIDENCE))
    )
    return Evidence(rows, count)


def _fees(window: Window, managers: Collection[str]) -> CompoundSelect[*tuple[Any, ...]]:
    """The fees that count, by manager and share: a split's, or the client's of the day.

    The refund of a fee that a team shared is shared alike, unless it has a split of its own.
    """
    own = _counted(FeeSplit.manager_id, FeeSplit.share_pct, window).join(
        FeeSplit, FeeSplit.fee_id == FeeEvent.id
    )
    linked = (
        _counted(FeeSplit.manager_id, FeeSplit.share_pct, window)
        .join(FeeSplit, FeeSplit.fee_id == FeeEvent.refunds_id)
        .where(~_is_split(FeeEvent.id))
    )
    whole = (
        _counted(Assignment.manager_id, Assignment.share_pct, window)
        .join(Assignment, Assignment.client_id == FeeEvent.client_id)
        .where(
            Assignment.manager_id.in_(managers),
            Assignment.from_day <= FeeEvent.day,
            Assignment.to_day > FeeEvent.day,
            ~_is_split(FeeEvent.id),
            or_(FeeEvent.refunds_id.is_(None), ~_is_split(FeeEvent.refunds_id)),
        )
    )
    shared = FeeSplit.manager_id.in_(managers)
    return union_all(own.where(shared), linked.where(shared), whole)


def _counted(
    manager: SQLColumnExpression[str], share: SQLColumnExpression[int], window: Window
) -> Select[*tuple[Any, ...]]:
    return select(
        manager,
        share,
        FeeEvent.id,
        FeeEvent.client_id,
        FeeEvent.income_line,
        FeeEvent.product_id,
        FeeEvent.day,
        FeeEvent.amount,
        FeeEvent.refunds_id,
    ).where(FeeEvent.day.between(window.first, window.end - 1), is_counted())


def is_counted() -> ColumnElement[bool]:
    """That a fee was not withdrawn while cooling off, nor gives back one that was."""
    returned = aliased(FeeEvent)
    withdrawn = exists().where(returned.id == FeeEvent.refunds_id, returned.cancelled)
    return FeeEvent.cancelled.is_(False) & ~withdrawn


def _is_split(fee: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    split = aliased(FeeSplit)
    return exists().where(split.fee_id == fee)
