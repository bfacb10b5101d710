"""Loans as the appraisal reads them: what was repaid too soon, and what is non-performing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

NON_PERFORMING = frozenset({"substandard", "doubtful", "loss"})


@dataclass(frozen=True, slots=True)
class Move:
    """Money that moved on one loan: a drawdown, a repayment or a write-off, in fen."""

    id: str
    day: date
    kind: str
    amount: int


def repaid_early(moves: Iterable[Move], within_days: int) -> frozenset[str]:
    """The drawdowns of one loan that a repayment cleared within so many days.

    Cleared: on the evening of a day with a repayment, no later than `within_days` after the
    drawdown, nothing of the loan was outstanding.
    """
    ordered = sorted(moves, key=lambda move: move.day)
    cleared, outstanding = [], 0
    for day, group in groupby(ordered, key=lambda move: move.day):
        moved = list(group)
        outstanding += sum(m.amount if m.kind == "drawdown" else -m.amount for m in moved)
        if outstanding <= 0 and any(move.kind == "repayment" for move in moved):
            cleared.append(day)
    latest = timedelta(days=within_days)
    return frozenset(
        move.id
        for move in ordered
        if move.kind == "drawdown" and any(move.day <= day <= move.day + latest for day in cleared)
    )


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where there is none."""
    month = day.year * 12 + day.month - 1 - months
    for last in (day.day, 30, 29, 28):
        try:
            return date(month // 12, month % 12 + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
