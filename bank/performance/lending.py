"""P02 loans disbursed, P02a inclusive, P02b green, and P02c how much of them is either."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from bank.database import Transaction
from bank.days import day_of, number
from bank.loans import MOVES
from bank.models import Assignment, Client, CreditLine, Loan, LoanEvent
from bank.performance.facts import percent_fact
from bank.performance.flows import flow_facts
from bank.performance.measuring import Frame
from bank.performance.targets import Worker
from bank.performance.window import SHARE, Measure, Window
from scoring.facts import EVIDENCE, NO_LOANS, Evidence, Fact
from scoring.rules import LoanRules


@dataclass(slots=True)
class Drawn:
    """What a manager's drawdowns of the window that count add up to, in fen × SHARE."""

    whole: int = 0
    inclusive: int = 0
    green: int = 0
    either: int = 0
    """Inclusive or green: a loan that is both counts once."""


def drawdown_facts(
    tx: Transaction, frame: Frame, workers: Sequence[Worker]
) -> Iterator[tuple[str, Fact]]:
    """P02, P02a, P02b and P02c of each of these managers."""
    found = drawn(tx, frame, [worker.id for worker in workers])
    sums = {
        "P02": {manager: each.whole for manager, each in found.items()},
        "P02a": {manager: each.inclusive for manager, each in found.items()},
        "P02b": {manager: each.green for manager, each in found.items()},
    }
    yield from flow_facts(tx, frame, workers, sums, SHARE)
    if frame.wants("P02c"):
        for worker in workers:
            each = found.get(worker.id, Drawn())
            share = Measure(each.either, each.whole, scale=SHARE) if each.whole > 0 else None
            yield worker.id, percent_fact(frame, "P02c", share, why_none=NO_LOANS)


def drawdown_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The drawdowns behind P02: what counts first, the largest first, then the rest and why.

    The amounts of the rows without `excluded`, × `share_pct`, add up to the figure.
    """
    return _evidence(tx, frame, manager, "excluded")


def inclusive_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The same of P02a: `excluded` names the test that a loan does not pass."""
    return _evidence(tx, frame, manager, "not_inclusive")


def green_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The same of P02b: `excluded` tells why a loan is not green by its catalogue."""
    return _evidence(tx, frame, manager, "not_green")


def strategic_evidence(tx: Transaction, frame: Frame, manager: str) -> Evidence:
    """The same of P02c: `both` is 1 where a loan that counts once passes both tests."""
    return _evidence(tx, frame, manager, "not_strategic")


def drawn(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, Drawn]:
    """Σ drawdowns of the window × the share of that day's manager.

    What refinances an older loan counts 0, and so do a loan that had to be restructured by the
    as-of day and a drawdown repaid too soon. What was taken back is taken off the drawdown's day.
    A manager without drawdowns is absent.
    """
    # Materialized, so that each test is made once.
    moves = _drawdowns(frame.window, frame.scheme.loans, managers).cte().prefix_with("MATERIALIZED")
    inclusive, green = moves.c.not_inclusive == "", moves.c.not_green == ""
    keys = (moves.c.manager_id, moves.c.share_pct, inclusive, green)
    statement = (
        select(*keys, func.sum(moves.c.amount)).where(moves.c.excluded == "").group_by(*keys)
    )
    found: defaultdict[str, Drawn] = defaultdict(Drawn)
    for manager, share, is_inclusive, is_green, amount in tx.execute(statement):
        sums, fen = found[manager], share * int(amount)
        sums.whole += fen
        sums.inclusive += fen if is_inclusive else 0
        sums.green += fen if is_green else 0
        sums.either += fen if is_inclusive or is_green else 0
    return found


def drawn_by_class(tx: Transaction, frame: Frame, manager: str) -> Mapping[str, int]:
    """What `drawn` adds up for one manager, by the class of the clients, in fen × SHARE."""
    moves = _drawdowns(frame.window, frame.scheme.loans, [manager]).subquery()
    keys = (Client.customer_class, moves.c.share_pct)
    statement = (
        select(*keys, func.sum(moves.c.amount))
        .join(Client, Client.id == moves.c.client_id)
        .where(moves.c.excluded == "")
        .group_by(*keys)
    )
    found: defaultdict[str, int] = defaultdict(int)
    for customer_class, share, amount in tx.execute(statement):
        found[customer_class] += share * int(amount)
    return found


def drawn_by_day(
    tx: Transaction, frame: Frame, managers: Collection[str]
) -> Iterator[tuple[str, str, int, int]]:
    """(manager, indicator, day number, fen × SHARE) of P02, P02a and P02b: what `drawn` adds up."""
    moves = _drawdowns(frame.window, frame.scheme.loans, managers).subquery()
    inclusive, green = moves.c.not_inclusive == "", moves.c.not_green == ""
    keys = (moves.c.manager_id, moves.c.day, moves.c.share_pct, inclusive, green)
    statement = (
        select(*keys, func.sum(moves.c.amount)).where(moves.c.excluded == "").group_by(*keys)
    )
    for manager, day, share, is_inclusive, is_green, amount in tx.execute(statement):
        counted = {"P02": True, "P02a": is_inclusive, "P02b": is_green}
        for indicator in (name for name, counts in counted.items() if counts):
            yield manager, indicator, day, share * int(amount)


def _evidence(tx: Transaction, frame: Frame, manager: str, reason: str) -> Evidence:
    """The drawdowns of a manager, with why each counts for nothing by a test."""
    moves = _drawdowns(frame.window, frame.scheme.loans, [manager]).subquery()
    tests = {
        "excluded": moves.c.excluded,
        "not_inclusive": moves.c.not_inclusive,
        "not_green": moves.c.not_green,
        "not_strategic": case((moves.c.not_green == "", ""), else_=moves.c.not_inclusive),
    }
    why = case((moves.c.excluded != "", moves.c.excluded), else_=tests[reason])
    both = (why == "") & (moves.c.not_green == "") & (moves.c.not_inclusive == "")
    order = (why != "", func.abs(moves.c.amount * moves.c.share_pct).desc(), moves.c.id)
    statement = select(moves, why.label("why"), case((both, 1), else_=0).label("both"))
    rows = []
    for found in tx.execute(statement.order_by(*order).limit(EVIDENCE)):
        row: dict[str, str | int] = {
            "id": found.id,
            "client": found.client_id,
            "day": day_of(found.day).isoformat(),
            "amount_fen": found.amount,
            "share_pct": found.share_pct,
            "excluded": found.why,
        }
        rows.append({**row, "both": found.both} if reason == "not_strategic" else row)
    return Evidence(tuple(rows), tx.scalar(select(func.count()).select_from(moves)) or 0)


def _drawdowns(
    window: Window, rules: LoanRules, managers: Collection[str]
) -> Select[*tuple[Any, ...]]:
    """The drawdowns of the window by manager and share, with why each counts for nothing.

    `excluded`, `not_inclusive` and `not_green` hold a reason code, or are empty.
    """
    known = number(window.as_of)
    return (
        select(
            Assignment.manager_id,
            Assignment.share_pct,
            MOVES.c.id,
            Loan.client_id,
            MOVES.c.day,
            MOVES.c.amount,
            case(
                (Loan.refinances, "refinances"),
                (Loan.restructured_day <= known, "restructured"),
                (_repaid_early(rules.repaid_within_days, known), "repaid_early"),
                else_="",
            ).label("excluded"),
            _not_inclusive(rules).label("not_inclusive"),
            _not_green(rules).label("not_green"),
        )
        .select_from(Assignment)
        .join(Loan, Loan.client_id == Assignment.client_id)
        .join(Client, Client.id == Loan.client_id)
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(
            Assignment.manager_id.in_(managers),
            MOVES.c.kind == "drawdown",
            MOVES.c.day.between(window.first, window.end - 1),
            MOVES.c.known_day <= known,
            Assignment.from_day <= MOVES.c.day,
            Assignment.to_day > MOVES.c.day,
        )
    )


def _repaid_early(within_days: int, known: int) -> ColumnElement[bool]:
    """That the loan was cleared on a day with a repayment, at most so long after the drawdown.

    Cleared: nothing of it was outstanding that evening. Only what left the loan in time can have
    cleared the drawdown: where that is less, and nothing of the loan was ever taken back, its
    history is not added up.
    """
    gone, undone = aliased(LoanEvent), aliased(LoanEvent)
    paid, past = MOVES.alias("paid"), MOVES.alias("past")
    soon = MOVES.c.day + within_days
    left = (
        select(func.sum(gone.amount))
        .where(
            gone.loan_id == Loan.id,
            gone.kind != "drawdown",
            gone.day.between(MOVES.c.day, soon),
        )
        .correlate(Loan, MOVES)
        .scalar_subquery()
    )
    corrected = Loan.id.in_(select(undone.loan_id).where(undone.reverses_id.is_not(None)))
    owed = (
        select(func.sum(case((past.c.kind == "drawdown", past.c.amount), else_=-past.c.amount)))
        .where(past.c.loan_id == Loan.id, past.c.day <= paid.c.day, past.c.known_day <= known)
        .correlate(Loan, paid)
        .scalar_subquery()
    )
    cleared = (
        select(paid.c.day)
        .where(
            paid.c.loan_id == Loan.id,
            paid.c.kind == "repayment",
            paid.c.known_day <= known,
            paid.c.day.between(MOVES.c.day, soon),
        )
        .group_by(paid.c.day)
        .having(func.sum(paid.c.amount) > 0, owed <= 0)
        .correlate(Loan, MOVES)
    )
    return case((or_(left >= MOVES.c.amount, corrected), cleared.exists()), else_=literal(False))


def _not_inclusive(rules: LoanRules) -> ColumnElement[str]:
    """Which test of inclusive lending (普惠) a drawdown does not pass; empty if it passes all.

    The borrower is a small company, by its size at approval, or a person borrowing for a business;
    and the borrower's credit lines on the day together are within the limit of that day.
    """
    size = case((Loan.size_class != "", Loan.size_class), else_=Client.size_class)
    small = or_(
        size.in_(rules.inclusive_sizes),
        (Client.customer_class == "retail") & (Loan.purpose == "operating"),
    )
    lines = (
        select(func.sum(CreditLine.amount))
        .where(
            CreditLine.client_id == Loan.client_id,
            CreditLine.from_day <= MOVES.c.day,
            CreditLine.to_day > MOVES.c.day,
        )
        .correlate(Loan, MOVES)
        .scalar_subquery()
    )
    limits = [limit for limit in rules.inclusive_limits if limit.purpose == rules.inclusive_purpose]
    within = case(
        *(
            (MOVES.c.day >= number(limit.from_day), lines <= limit.fen)
            for limit in reversed(limits)
        ),
        else_=literal(False),
    )
    return case(
        (~small, "not_small"), (within, ""), (lines.is_(None), "no_line"), else_="line_over_limit"
    )


def _not_green(rules: LoanRules) -> ColumnElement[str]:
    """Why a loan is not green by the catalogue in force when it was approved; empty if it is."""
    approved = func.coalesce(Loan.approved_day, Loan.signed_day)
    catalogue = case(
        *(
            (approved >= number(edition.from_day), Loan.green_catalogue == edition.id)
            for edition in reversed(rules.green_catalogues)
        ),
        else_=literal(False),
    )
    return case((Loan.green_code.is_(None), "not_green"), (catalogue, ""), else_="other_catalogue")
