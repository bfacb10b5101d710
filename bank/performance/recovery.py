"""R05: what was recovered on loans gone bad, against the recovery target."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, case, func, or_, select

from bank.database import Transaction
from bank.days import day_of
from bank.loans import MOVES, OWED
from bank.models import Assignment, Loan, LoanClass, NplRecovery
from bank.performance.believed import as_known
from bank.performance.facts import amount_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, ask_flow, signed_targets
from bank.performance.window import SHARE, Measure
from scoring.facts import EVIDENCE, NO_BAD_LOANS, NOTHING_DUE, Evidence, Fact

WHOLE = 100
"""Percent."""
UNITS = SHARE * WHOLE


def recovery_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """R05 of each of these managers, in fen × SHARE × WHOLE, against the target they signed.

    Receipts count when booked, by the shares of the day they came in; goods taken in payment
    count in part. Without a target, and without a bad loan when the period began, there was
    nothing to recover.
    """
    if not frame.wants("R05"):
        return
    managers = [worker.id for worker in workers]
    receipts = _receipts(frame, managers)
    counted = receipts.c.amount * receipts.c.share_pct * receipts.c.counts_pct
    sums = select(receipts.c.manager_id, func.sum(counted)).group_by(receipts.c.manager_id)
    found = {manager: int(amount) for manager, amount in tx.execute(sums)}
    signed = signed_targets(tx, frame.window, managers)
    burdened = _burdened(tx, frame, managers)
    for worker in workers:
        measure = Measure(found.get(worker.id, 0), UNITS, scale=UNITS)
        target = signed.get((worker.id, "R05"))
        if target is None:
            had = worker.id in burdened or worker.id in found
            fact = amount_fact(frame, "R05", measure if had else None, None, NO_BAD_LOANS)
        else:
            asked = ask_flow(target, frame.shape, frame.window, worker)
            fact = amount_fact(frame, "R05", measure if asked.so_far else None, asked, NOTHING_DUE)
        yield worker.id, fact


def recovered_by_day(
    tx: Transaction, frame: Frame, managers: Collection[str]
) -> Iterator[tuple[str, str, int, int]]:
    """(manager, indicator, day number, fen × UNITS) of R05, by the day it was booked."""
    receipts = _receipts(frame, managers)
    counted = receipts.c.amount * receipts.c.share_pct * receipts.c.counts_pct
    keys = (receipts.c.manager_id, receipts.c.booked_day)
    for manager, day, amount in tx.execute(select(*keys, func.sum(counted)).group_by(*keys)):
        if amount:
            yield manager, "R05", day, int(amount)


def recovery_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The receipts, case by case: those that count first, then the largest.

    Their `amount_fen` × `share_pct` × `counts_pct` add up to the numerator.
    """
    receipts = _receipts(frame, [manager])
    count = tx.scalar(select(func.count()).select_from(receipts)) or 0
    counted = receipts.c.amount * receipts.c.share_pct * receipts.c.counts_pct
    order = (counted.desc(), receipts.c.amount.desc(), receipts.c.id)
    rows = tuple(
        {
            "id": row.id,
            "loan": row.loan_id,
            "client": row.client_id,
            "day": day_of(row.day).isoformat(),
            "booked": day_of(row.booked_day).isoformat(),
            "kind": row.kind,
            "amount_fen": row.amount,
            "counts_pct": row.counts_pct,
            "share_pct": row.share_pct,
            "excluded": "" if row.counts_pct else "not_bad",
        }
        for row in tx.execute(select(receipts).order_by(*order).limit(EVIDENCE))
    )
    return Evidence(rows, count)


def _receipts(frame: Frame, managers: Collection[str]) -> Subquery:
    """(manager_id, share_pct, id, loan_id, client_id, day, booked_day, kind, amount, counts_pct).

    What came in on a loan that was neither bad that day nor written off counts for nothing.
    """
    window, classes = frame.window, as_known(frame, LoanClass)
    came = NplRecovery.day
    in_force = and_(
        classes.c.loan_id == NplRecovery.loan_id,
        classes.c.from_day <= came,
        classes.c.to_day > came,
    )
    return (
        select(
            Assignment.manager_id,
            Assignment.share_pct,
            NplRecovery.id,
            NplRecovery.loan_id,
            Loan.client_id,
            came,
            NplRecovery.booked_day,
            NplRecovery.kind,
            NplRecovery.amount,
            _counts_pct(frame, classes).label("counts_pct"),
        )
        .select_from(NplRecovery)
        .join(Loan, Loan.id == NplRecovery.loan_id)
        .join(Assignment, Assignment.client_id == Loan.client_id)
        .outerjoin(classes, in_force)
        .where(
            Assignment.manager_id.in_(managers),
            Assignment.from_day <= came,
            Assignment.to_day > came,
            NplRecovery.booked_day.between(window.first, window.end - 1),
        )
        .subquery("receipt")
    )


def _counts_pct(frame: Frame, classes: FromClause) -> ColumnElement[int]:
    """What percent of a receipt counts."""
    written = (
        select(func.coalesce(func.sum(MOVES.c.amount), 0))
        .where(
            MOVES.c.loan_id == NplRecovery.loan_id,
            MOVES.c.kind == "write_off",
            MOVES.c.day <= NplRecovery.day,
            MOVES.c.known_day <= frame.known,
        )
        .correlate(NplRecovery)
        .scalar_subquery()
    )
    return case(
        (and_(_is_good(frame, classes), written <= 0), 0),
        (NplRecovery.kind == "cash", WHOLE),
        else_=frame.scheme.recovery.repossession_pct,
    )


def _is_good(frame: Frame, classes: FromClause) -> ColumnElement[bool]:
    grade = classes.c.grade
    return or_(grade.is_(None), grade.not_in(frame.scheme.formation.npl_grades))


def _burdened(tx: Transaction, frame: Frame, managers: Collection[str]) -> frozenset[str]:
    """Those who held a bad loan on the period's first day."""
    first, classes = frame.window.first, as_known(frame, LoanClass)
    in_force = and_(
        classes.c.loan_id == Loan.id, classes.c.from_day <= first, classes.c.to_day > first
    )
    rows = (
        select(Assignment.manager_id, Loan.id)
        .select_from(Assignment)
        .join(Loan, Loan.client_id == Assignment.client_id)
        .join(classes, in_force)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(
            Assignment.manager_id.in_(managers),
            Assignment.from_day <= first,
            Assignment.to_day > first,
            classes.c.grade.in_(frame.scheme.formation.npl_grades),
            MOVES.c.day <= first,
            MOVES.c.known_day <= frame.known,
        )
        .group_by(Assignment.manager_id, Loan.id)
        .having(func.sum(OWED) > 0)
    )
    return frozenset(manager for manager, _ in tx.execute(rows))
