"""R02: loans that went bad in the period; and what was lost on loans, which may be a veto."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from bank.database import Transaction
from bank.days import day_of
from bank.loans import MOVES, OWED
from bank.models import Loan, LoanClass, LoanEvent
from bank.performance.answerable import GONE, answerable
from bank.performance.believed import as_known
from bank.performance.measuring import Frame
from scoring.facts import EVIDENCE, Evidence

FALL = ("day", "was", "grade", "now")


def formed_by(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, int]:
    """What went bad in the window of loans these managers answered for that day, fen × SHARE."""
    fallen = _fallen(frame, managers)
    sums = select(fallen.c.manager_id, func.sum(fallen.c.balance * fallen.c.share_pct))
    rows = tx.execute(sums.group_by(fallen.c.manager_id))
    return {manager: int(amount) for manager, amount in rows}


def formation_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The downgrades, the largest first; `balance_fen` × `share_pct` add up to the numerator."""
    fallen = _fallen(frame, [manager])
    count = tx.scalar(select(func.count()).select_from(fallen)) or 0
    weight = fallen.c.balance * fallen.c.share_pct
    shown = select(fallen).order_by(weight.desc(), fallen.c.loan_id).limit(EVIDENCE)
    rows = tuple(
        {
            "id": row.loan_id,
            "client": row.client_id,
            "day": day_of(row.day).isoformat(),
            "from_class": row.was or "",
            "class": row.grade,
            "class_now": row.now or "",
            "balance_fen": int(row.balance),
            "share_pct": row.share_pct,
            "originator": row.originator_id,
        }
        for row in tx.execute(shown)
    )
    return Evidence(rows, count)


def losses(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, int]:
    """What was written off in the window on loans these managers answer for, in fen × SHARE."""
    window, off = frame.window, aliased(LoanEvent)
    written = select(off.loan_id).where(off.kind == "write_off", off.day < window.end)
    held = answerable(window, frame.scheme.loans.originator_months, managers, written)
    rows = (
        select(held.c.manager_id, func.sum(MOVES.c.amount * held.c.share_pct))
        .select_from(held)
        .join(MOVES, MOVES.c.loan_id == held.c.loan_id)
        .where(
            MOVES.c.kind == "write_off",
            MOVES.c.day.between(window.first, window.end - 1),
            MOVES.c.known_day <= frame.known,
            held.c.from_day <= MOVES.c.day,
            held.c.to_day > MOVES.c.day,
        )
        .group_by(held.c.manager_id)
    )
    return {manager: int(amount) for manager, amount in tx.execute(rows)}


def _fallen(frame: Frame, managers: Collection[str]) -> Subquery:
    """(manager_id, share_pct, loan_id, …, day, was, grade, now, balance) of each downgrade.

    The balance is that of the day, with what was written off or sold on it.
    """
    falls = _first_falls(frame).subquery("fall")
    months, only = frame.scheme.loans.originator_months, select(falls.c.loan_id)
    held = answerable(frame.window, months, managers, only)
    gone = and_(MOVES.c.kind.in_(GONE), MOVES.c.day == falls.c.day)
    keys = (held.c.manager_id, held.c.share_pct, held.c.loan_id, held.c.client_id)
    details = (falls.c.originator_id, falls.c.day, falls.c.was, falls.c.grade, falls.c.now)
    owed = (
        select(*keys, *details, func.sum(OWED).label("owed"))
        .select_from(held)
        .join(falls, falls.c.loan_id == held.c.loan_id)
        .join(MOVES, MOVES.c.loan_id == held.c.loan_id)
        .where(
            held.c.from_day <= falls.c.day,
            held.c.to_day > falls.c.day,
            MOVES.c.day <= falls.c.day,
            MOVES.c.known_day <= frame.known,
            not_(gone),
        )
        .group_by(*keys, *details)
        .subquery("owed")
    )
    columns = [owed.c[column.name] for column in (*keys, *details)]
    return select(*columns, owed.c.owed.label("balance")).where(owed.c.owed > 0).subquery("fallen")


def _first_falls(frame: Frame) -> Select[*tuple[Any, ...]]:
    """(loan_id, originator_id, day, was, grade, now) of the loans that went bad in the window.

    A loan already bad is not bad anew when its class gets worse. One without an earlier class was
    good before, except where the bank's records of classes begin with it.
    """
    window, bad = frame.window, frame.scheme.formation.npl_grades
    new, was, now = (as_known(frame, LoanClass, name) for name in ("new", "was", "now"))
    begin = select(func.min(LoanClass.from_day)).scalar_subquery()
    before = and_(was.c.loan_id == new.c.loan_id, was.c.to_day == new.c.from_day)
    last = window.end - 1
    present = and_(now.c.loan_id == new.c.loan_id, now.c.from_day <= last, now.c.to_day > last)
    nth = func.row_number().over(partition_by=new.c.loan_id, order_by=new.c.from_day)
    falls = (
        select(
            new.c.loan_id,
            new.c.from_day.label("day"),
            was.c.grade.label("was"),
            new.c.grade,
            now.c.grade.label("now"),
            nth.label("nth"),
        )
        .select_from(new)
        .outerjoin(was, before)
        .outerjoin(now, present)
        .where(
            new.c.grade.in_(bad),
            new.c.from_day.between(window.first, last),
            or_(
                was.c.grade.not_in(bad),
                and_(was.c.grade.is_(None), new.c.from_day > begin),
            ),
        )
        .subquery("falls")
    )
    columns = (falls.c.loan_id, Loan.originator_id, *(falls.c[n] for n in FALL))
    return select(*columns).join(Loan, Loan.id == falls.c.loan_id).where(falls.c.nth == 1)
