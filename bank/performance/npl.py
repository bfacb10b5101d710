"""R01: loans gone bad, by who answers for them."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, Subquery, and_, case, func, select

from bank.database import Transaction
from bank.days import number
from bank.loans import MOVES, OWED
from bank.models import LoanClass
from bank.performance.answerable import answerable
from bank.performance.believed import as_known
from bank.performance.facts import percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Worker, signed_targets
from bank.performance.window import SHARE, Measure
from scoring.facts import EVIDENCE, NO_LOANS, Evidence, Fact
from scoring.loans import months_before

GONE = ("write_off", "transfer_out")
"""What takes a bad loan off the books; writing it off must not improve the ratio."""


def npl_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """R01 of each of these managers, in fen × SHARE.

    Substandard, doubtful and loss balances over all balances on the window's last day, by the
    class then in force; what was written off or sold in the months before is added to both.
    """
    if not frame.wants("R01"):
        return
    managers = [worker.id for worker in workers]
    loans = _loans(frame, managers)
    share = loans.c.share_pct
    sums = select(
        loans.c.manager_id, func.sum(share * loans.c.bad), func.sum(share * loans.c.whole)
    ).group_by(loans.c.manager_id)
    found = {
        manager: Measure(int(bad), int(whole), scale=SHARE)
        for manager, bad, whole in tx.execute(sums)
    }
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        target = signed.get((manager, "R01"))
        yield manager, percent_fact(frame, "R01", found.get(manager), target, why_none=NO_LOANS)


def npl_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The bad loans, the largest first; their `bad_fen` × `share_pct` add up to the numerator."""
    loans = _loans(frame, [manager])
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


def _loans(frame: Frame, managers: Collection[str]) -> Subquery:
    """(manager_id, loan_id, client_id, share_pct, grade, written, whole, bad) of each loan."""
    window, rules, formation = frame.window, frame.scheme.loans, frame.scheme.formation
    last = window.end - 1
    since = number(months_before(window.through, rules.write_off_months))
    held = answerable(window, rules.originator_months, managers, last=True)
    gone = and_(MOVES.c.kind.in_(GONE), MOVES.c.day > since)
    keys = (held.c.manager_id, held.c.loan_id, held.c.client_id, held.c.share_pct)
    owed = (
        select(
            *keys,
            func.sum(OWED).label("owed"),
            func.sum(case((gone, MOVES.c.amount), else_=0)).label("written"),
        )
        .select_from(held)
        .join(MOVES, MOVES.c.loan_id == held.c.loan_id)
        .where(MOVES.c.day <= last, MOVES.c.known_day <= frame.known)
        .group_by(*keys)
        .subquery("owed")
    )
    classes = as_known(frame, LoanClass)
    in_force = and_(
        classes.c.loan_id == owed.c.loan_id, classes.c.from_day <= last, classes.c.to_day > last
    )
    balance = case((owed.c.owed > 0, owed.c.owed), else_=0)
    is_bad: ColumnElement[bool] = classes.c.grade.in_(formation.npl_grades)
    return (
        select(
            *(owed.c[key.name] for key in keys),
            classes.c.grade,
            owed.c.written,
            (balance + owed.c.written).label("whole"),
            (case((is_bad, balance), else_=0) + owed.c.written).label("bad"),
        )
        .select_from(owed)
        .outerjoin(classes, in_force)
        .subquery("loans")
    )
