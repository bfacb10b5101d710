"""R01 loans gone bad, and R02 those that went bad in the period, by who answers for them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    func,
    select,
)

from bank.database import Transaction
from bank.days import number
from bank.loans import MOVES, OWED
from bank.models import LoanClass
from bank.performance.answerable import GONE, answerable
from bank.performance.believed import as_known
from bank.performance.facts import percent_fact
from bank.performance.formation import formed_by
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, signed_targets
from bank.performance.window import SHARE, Measure, day, greatest, least
from scoring.facts import EVIDENCE, NO_LOANS, Evidence, Fact
from scoring.loans import months_before


def quality_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """R01 in fen × SHARE, and R02 in fen × SHARE × days, of each of these managers.

    R01: substandard, doubtful and loss balances over all balances on the window's last day, by the
    class then in force; what was written off or sold in the months before is added to both.
    R02: balances on the day they first went bad in the period, over the day-average of all; that a
    loan recovers later does not undo it.
    """
    if not frame.wants("R01", "R02"):
        return
    managers, days = [worker.id for worker in workers], frame.window.days
    sums = {manager: tuple(map(int, row)) for manager, *row in tx.execute(_sums(frame, managers))}
    formed = formed_by(tx, frame, managers)
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        bad, whole, day_sum = sums.get(manager, (0, 0, 0))
        formation = None
        if day_sum > 0:
            formation = Measure(formed.get(manager, 0) * days, day_sum, scale=SHARE * days)
        measures = {"R01": Measure(bad, whole, scale=SHARE), "R02": formation}
        for indicator, measure in measures.items():
            if frame.wants(indicator):
                target = signed.get((manager, indicator))
                yield manager, percent_fact(frame, indicator, measure, target, NO_LOANS)


def npl_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The bad loans, the largest first; their `bad_fen` × `share_pct` add up to the numerator."""
    loans = loans_now(frame, manager)
    bad = loans.c.bad * loans.c.share_pct
    count = tx.scalar(select(func.count()).select_from(loans).where(bad > 0)) or 0
    shown = select(loans).where(bad > 0).order_by(bad.desc(), loans.c.loan_id).limit(EVIDENCE)
    rows = tuple(
        {
            "id": row.loan_id,
            "client": row.client_id,
            "class": row.grade or "",
            "balance_fen": int(row.whole) - int(row.written),
            "written_off_fen": int(row.written),
            "bad_fen": int(row.bad),
            "share_pct": row.share_pct,
        }
        for row in tx.execute(shown)
    )
    return Evidence(rows, count)


def loans_now(frame: Frame, manager: str) -> Subquery:
    """(loan_id, client_id, share_pct, written, grade, whole, bad) of what R01 looks at, in fen."""
    months = frame.scheme.loans.originator_months
    held = answerable(frame.window, months, [manager], last=True)
    keys = (held.c.loan_id, held.c.client_id, held.c.share_pct)
    owed = _moved(frame, held, keys).subquery("owed")
    found = _classed(frame, owed, (*(owed.c[key.name] for key in keys), owed.c.written))
    return found.subquery("loans")


def _sums(frame: Frame, managers: Collection[str]) -> Select[*tuple[Any, ...]]:
    """(manager_id, bad × share, all × share, Σ over the days of balance × share), in one pass.

    What moved adds to every day from its own on; balances are those of the last day.
    """
    window = frame.window
    held = answerable(window, frame.scheme.loans.originator_months, managers)
    start = greatest(held.c.from_day, MOVES.c.day, day(window.first))
    days = least(held.c.to_day, day(window.end)) - start
    day_sum = func.sum(case((days > 0, OWED * days), else_=0)).label("day_sum")
    keys = (
        held.c.loan_id,
        held.c.manager_id,
        held.c.from_day,
        held.c.to_day,
        held.c.share_pct,
    )
    spans = _moved(frame, held, keys, day_sum).subquery("spans")
    columns = (spans.c.manager_id, spans.c.share_pct, spans.c.to_day, spans.c.day_sum)
    found = _classed(frame, spans, columns).subquery("loans")
    # Of a loan handed over, its balance is whoever's has it on the last day.
    now = case((found.c.to_day >= window.end, found.c.share_pct), else_=0)
    return select(
        found.c.manager_id,
        func.sum(now * found.c.bad),
        func.sum(now * found.c.whole),
        func.sum(found.c.share_pct * found.c.day_sum),
    ).group_by(found.c.manager_id)


def _moved(
    frame: Frame,
    held: Subquery,
    keys: Sequence[ColumnElement[Any]],
    *more: ColumnElement[Any],
) -> Select[*tuple[Any, ...]]:
    """(keys, owed, written, more) by the end of the window, as known on the as-of day."""
    since = number(months_before(frame.window.through, frame.scheme.loans.write_off_months))
    gone = and_(MOVES.c.kind.in_(GONE), MOVES.c.day > since)
    written = func.sum(case((gone, MOVES.c.amount), else_=0)).label("written")
    return (
        select(*keys, func.sum(OWED).label("owed"), written, *more)
        .select_from(held)
        .join(MOVES, MOVES.c.loan_id == held.c.loan_id)
        .where(MOVES.c.day < frame.window.end, MOVES.c.known_day <= frame.known)
        .group_by(*keys)
    )


def _classed(
    frame: Frame, owed: FromClause, columns: Sequence[ColumnElement[Any]]
) -> Select[*tuple[Any, ...]]:
    """(columns, grade, whole, bad) by the class in force on the window's last day."""
    last, classes = frame.window.end - 1, as_known(frame, LoanClass)
    in_force = and_(
        classes.c.loan_id == owed.c.loan_id, classes.c.from_day <= last, classes.c.to_day > last
    )
    balance = case((owed.c.owed > 0, owed.c.owed), else_=0)
    is_bad = classes.c.grade.in_(frame.scheme.formation.npl_grades)
    return (
        select(
            *columns,
            classes.c.grade,
            (balance + owed.c.written).label("whole"),
            (case((is_bad, balance), else_=0) + owed.c.written).label("bad"),
        )
        .select_from(owed)
        .outerjoin(classes, in_force)
    )
