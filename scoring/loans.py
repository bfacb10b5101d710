"""Loans as the appraisal reads them: what was repaid too soon, and what is non-performing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

NON_PERFORMING = frozenset({"substandard", "doubtful", "loss"})
ONE = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Signed:
    """Loans signed from `first` to `last`: their originator keeps them for `after` days."""

    first: date
    last: date
    after: int


def protection_ends(first: date, last: date, months: int) -> tuple[Signed, ...]:
    """The loans that cease to be their originator's, after so many months, from `first` to `last`.

    A loan is its originator's on a day when it was signed after the same day so many months
    before (`months_before`); the end is the first day on which it is not.
    """
    day, runs = first, list[Signed]()
    signed = months_before(first - ONE, months) + ONE
    while signed <= months_before(last, months):
        while months_before(day, months) < signed:
            day += ONE
        after = (day - signed).days
        if runs and runs[-1].after == after:
            runs[-1] = Signed(runs[-1].first, signed, after)
        else:
            runs.append(Signed(signed, signed, after))
        signed += ONE
    return tuple(runs)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where there is none."""
    month = day.year * 12 + day.month - 1 - months
    for last in (day.day, 30, 29, 28):
        try:
            return date(month // 12, month % 12 + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
