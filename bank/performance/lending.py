"""P02 loans disbursed and R01 loans gone bad, by manager."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from bank.database import Transaction
from bank.days import day_of, number
from bank.loans import MOVES, OWED
from bank.models import Assignment, Loan, LoanClass, LoanEvent, Staff
from bank.performance.facts import amount_fact, percent_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Asked, Worker, ask_flow, signed_targets
from bank.performance.window import SHARE, Measure, Measures, Window
from scoring.facts import EVIDENCE, NO_LOANS, NOTHING_DUE, Evidence, Fact, Row
from scoring.loans import NON_PERFORMING, Move, months_before, repaid_early
from scoring.rules import LoanRules


def drawdown_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """P02 of each of these managers."""
    window, managers = frame.window, [worker.id for worker in workers]
    found = disbursements(tx, window, managers, early_repaid(tx, window, frame.scheme.loans))
    signed = signed_targets(tx, window, managers)
    for worker in workers:
        measure = found.get(worker.id, Measure(0, SHARE, scale=SHARE))
        target = signed.get((worker.id, "P02"))
        asked = None
        if target is not None and target > 0:
            asked = ask_flow(target, frame.shape, window, worker)
        elif target is not None:
            asked = Asked(Decimal(target), Decimal(target))
        due = asked is None or asked.so_far or not asked.in_all
        yield worker.id, amount_fact(frame, "P02", measure if due else None, asked, NOTHING_DUE)


def drawdown_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The drawdowns, the excluded ones with the reason."""
    early = early_repaid(tx, frame.window, frame.scheme.loans)
    found = disbursements(tx, frame.window, [manager], early).get(manager)
    return Evidence(found.rows, found.row_count) if found else Evidence((), 0)


def npl_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """R01 of each of these managers."""
    managers = [worker.id for worker in workers]
    found = bad_loans(tx, frame.window, frame.scheme.loans, managers)
    signed = signed_targets(tx, frame.window, managers)
    for manager in managers:
        target = signed.get((manager, "R01"))
        yield manager, percent_fact(frame, "R01", found.get(manager), target, NO_LOANS)


def npl_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The bad loans."""
    found = bad_loans(tx, frame.window, frame.scheme.loans, [manager]).get(manager)
    return Evidence(found.rows, found.row_count) if found else Evidence((), 0)


def disbursements(
    tx: Transaction, window: Window, managers: Collection[str], early: Collection[str]
) -> Measures:
    """Σ drawdowns of the window × the share of that day's manager, in fen × SHARE.

    A loan that refinances another counts 0, and so do the drawdowns in `early` and a loan that
    had to be restructured by the as-of day. What was taken back is taken off the drawdown's day.
    """
    known = number(window.as_of)
    statement = (
        select(
            Assignment.manager_id,
            Assignment.share_pct,
            MOVES.c.id,
            MOVES.c.move_id,
            Loan.client_id,
            MOVES.c.day,
            MOVES.c.amount,
            case(
                (Loan.refinances, "refinances"),
                (Loan.restructured_day <= known, "restructured"),
                else_="",
            ),
        )
        .join(Loan, Loan.id == MOVES.c.loan_id)
        .join(Assignment, Assignment.client_id == Loan.client_id)
        .where(
            Assignment.manager_id.in_(managers),
            MOVES.c.kind == "drawdown",
            MOVES.c.day.between(window.first, window.end - 1),
            MOVES.c.known_day <= known,
            Assignment.from_day <= MOVES.c.day,
            Assignment.to_day > MOVES.c.day,
        )
    )
    found: defaultdict[str, list[tuple[int, Row]]] = defaultdict(list)
    for manager, share, event, drawn, client, day, amount, loan in tx.execute(statement):
        why = loan or ("repaid_early" if drawn in early else "")
        row: Row = {
            "id": event,
            "client": client,
            "day": day_of(day).isoformat(),
            "amount_fen": amount,
            "share_pct": share,
            "excluded": why,
        }
        found[manager].append((0 if why else share * amount, row))
    return {manager: _total(parts) for manager, parts in found.items()}


def early_repaid(tx: Transaction, window: Window, rules: LoanRules) -> frozenset[str]:
    """The window's drawdowns that were repaid in full too soon, as known by the as-of day."""
    drawn, repaid = aliased(LoanEvent), aliased(LoanEvent)
    suspects = (
        select(drawn.loan_id)
        .join(repaid, repaid.loan_id == drawn.loan_id)
        .where(
            drawn.kind == "drawdown",
            drawn.day.between(window.first, window.end - 1),
            repaid.kind == "repayment",
            repaid.day >= drawn.day,
            repaid.day <= drawn.day + rules.repaid_within_days,
        )
    )
    statement = (
        select(
            MOVES.c.loan_id, MOVES.c.move_id, MOVES.c.day, MOVES.c.kind, func.sum(MOVES.c.amount)
        )
        .where(MOVES.c.loan_id.in_(suspects), MOVES.c.known_day <= number(window.as_of))
        .group_by(MOVES.c.loan_id, MOVES.c.move_id, MOVES.c.day, MOVES.c.kind)
    )
    moves: defaultdict[str, list[Move]] = defaultdict(list)
    for loan, event, day, kind, left in tx.execute(statement):
        if left:  # a move that was taken back whole never was
            moves[loan].append(Move(event, day_of(day), kind, int(left)))
    return frozenset(
        event for loan in moves.values() for event in repaid_early(loan, rules.repaid_within_days)
    )


def bad_loans(
    tx: Transaction, window: Window, rules: LoanRules, managers: Collection[str]
) -> Measures:
    """Non-performing balances over all balances on the window's last day, in fen × SHARE.

    What was written off or sold in the last 24 months is added to both. A loan belongs to its
    originator for 12 months from signing, while still employed, and to its client's managers from
    then on.
    """
    last = number(window.through)
    since = number(months_before(window.through, rules.write_off_months))
    young = number(months_before(window.through, rules.originator_months))
    originators = (
        select(
            Loan.id.label("loan_id"),
            Staff.id.label("manager_id"),
            literal(SHARE).label("share_pct"),
        )
        .join(Staff, Staff.id == Loan.originator_id)
        .where(Loan.signed_day > young, Staff.left_day > last, Staff.id.in_(managers))
    )
    owners = (
        select(Loan.id.label("loan_id"), Assignment.manager_id, Assignment.share_pct)
        .join(Assignment, Assignment.client_id == Loan.client_id)
        .join(Staff, Staff.id == Loan.originator_id)
        .where(
            Assignment.manager_id.in_(managers),
            Assignment.from_day <= last,
            Assignment.to_day > last,
            or_(Loan.signed_day <= young, Staff.left_day <= last),
        )
    )
    found: defaultdict[str, list[tuple[int, int, Row]]] = defaultdict(list)
    for holders in (originators, owners):
        for manager, share, loan, client, grade, balance, written in tx.execute(
            _loan_sums(holders, last, since)
        ):
            whole = max(int(balance), 0) + int(written)
            bad = whole if grade in NON_PERFORMING else int(written)
            row: Row = {
                "id": loan,
                "client": client,
                "class": grade or "",
                "balance_fen": max(int(balance), 0),
                "written_off_fen": int(written),
                "share_pct": share,
            }
            found[manager].append((share * bad, share * whole, row))
    return {manager: _ratio(loans) for manager, loans in found.items()}


def _loan_sums(holders: Select[str, str, int], last: int, since: int) -> Select[*tuple[Any, ...]]:
    """(manager, share, loan, client, class, balance, written off since) of each held loan."""
    held = holders.subquery()
    gone = and_(MOVES.c.kind.in_(("write_off", "transfer_out")), MOVES.c.day > since)
    written = case((gone, MOVES.c.amount), else_=0)
    in_force = and_(
        LoanClass.loan_id == Loan.id, LoanClass.from_day <= last, LoanClass.to_day > last
    )
    keys = (held.c.manager_id, held.c.share_pct, Loan.id, Loan.client_id, LoanClass.grade)
    return (
        select(*keys, func.sum(OWED), func.sum(written))
        .select_from(held)
        .join(Loan, Loan.id == held.c.loan_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .outerjoin(LoanClass, in_force)
        .where(MOVES.c.known_day <= last)
        .group_by(*keys)
    )


def _total(parts: Sequence[tuple[int, Row]]) -> Measure:
    largest = sorted(parts, key=lambda part: (-abs(part[0]), str(part[1]["id"])))[:EVIDENCE]
    total = sum(amount for amount, _ in parts)
    return Measure(total, SHARE, tuple(row for _, row in largest), len(parts), SHARE)


def _ratio(loans: Sequence[tuple[int, int, Row]]) -> Measure:
    """Bad over all, showing the bad loans."""
    bad = sorted((loan for loan in loans if loan[0]), key=lambda loan: (-loan[0], loan[2]["id"]))
    rows = tuple(row for _, _, row in bad[:EVIDENCE])
    whole = sum(loan[1] for loan in loans)
    return Measure(sum(loan[0] for loan in loans), whole, rows, len(bad), SHARE)
