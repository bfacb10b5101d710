"""Who answers for a loan when: its originator at first, then its client's managers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SelectBase,
    SQLColumnExpression,
    Subquery,
    case,
    literal,
    select,
    true,
    union_all,
)

from bank.days import OPEN, day_of, number
from bank.models import Assignment, Loan, Staff
from bank.performance.window import SHARE, Window, greatest, least
from scoring.loans import months_before, protection_ends

NEVER = 0
"""A day before all others."""
GONE = ("write_off", "transfer_out")
"""What takes a loan off the books; of a bad one it must improve nothing."""


def answerable(
    window: Window,
    months: int,
    managers: Collection[str],
    only: SelectBase | None = None,
    *,
    last: bool = False,
) -> Subquery:
    """(manager_id, loan_id, client_id, share_pct, from_day, to_day) of what these answer for.

    On each day of the window (of its `last` day alone, with that): a loan's originator for so many
    months from signing, while employed, and whoever holds its client from then on. `only` gives
    the ids of the loans that are looked at.
    """
    first = window.end - 1 if last else window.first
    among = true() if only is None else Loan.id.in_(only)
    until = least(_protected_until(first, window.end, months), Staff.left_day)
    originated: Select[*tuple[Any, ...]] = (
        select(
            Staff.id.label("manager_id"),
            Loan.id.label("loan_id"),
            Loan.client_id,
            literal(SHARE).label("share_pct"),
            literal(NEVER).label("from_day"),
            until.label("to_day"),
        )
        .join(Staff, Staff.id == Loan.originator_id)
        .where(Loan.originator_id.in_(managers), until > first, among)
    )
    held = _held_after(until, first, window.end).where(Assignment.manager_id.in_(managers), among)
    return union_all(originated, held).subquery("answerable")


def _held_after(until: SQLColumnExpression[int], first: int, end: int) -> Select[*tuple[Any, ...]]:
    """What clients' managers answer for in [first, end), each loan from its day `until` on."""
    since = greatest(Assignment.from_day, until)
    return (
        select(
            Assignment.manager_id,
            Loan.id,
            Loan.client_id,
            Assignment.share_pct,
            since,
            Assignment.to_day,
        )
        .select_from(Assignment)
        .join(Loan, Loan.client_id == Assignment.client_id)
        .join(Staff, Staff.id == Loan.originator_id)
        .where(
            Assignment.from_day < end,
            Assignment.to_day > first,
            since < end,
            since < Assignment.to_day,
        )
    )


def _protected_until(first: int, end: int, months: int) -> ColumnElement[int]:
    """The first day of a loan without protection, as far as it lies in [first, end)."""
    from_date, to_date = (day_of(day) for day in (first, end - 1))
    ends = [
        (Loan.signed_day.between(number(run.first), number(run.last)), Loan.signed_day + run.after)
        for run in protection_ends(from_date, to_date, months)
    ]
    still = Loan.signed_day > number(months_before(to_date, months))
    return case((still, literal(OPEN)), *ends, else_=NEVER)
