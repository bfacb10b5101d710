"""What clients' health and place in the nine-grid are read from, for one client or a whole book.

A fixed number of statements for every so many clients, however much they hold. What is known of a
day is what had reached the bank by then; classes and balances are those the bank holds now.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sqlalchemy import and_, case, func, select

from bank.balances import LONG, SHORT, fen_days, last_business_day
from bank.database import Transaction
from bank.days import day_of, number
from bank.loans import MOVES, OWED
from bank.models import (
    Account,
    BalanceInterval,
    Client,
    ClientAttr,
    ClientStatement,
    CreditLine,
    Holding,
    HoldingUnits,
    IndustryProsperity,
    Loan,
    LoanClass,
    Price,
    Repayment,
)
from bank.warnings import open_on
from scoring.health import Health, Known, Prosperity, Statement, assess
from scoring.health_rules import default_health
from scoring.rules import CLASSES, Segment
from scoring.segments import Cell, Standing, default_segments, place

AT_ONCE = 5_000
"""Clients of one statement: within every engine's limit on parameters."""
YEAR = 365
UNITS_PER_FEN = 10_000
GRAVITY = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
OWN_SIGNAL = "W16"
"""The warning of a fall in health: it must not lower what it was raised on."""


@dataclass(frozen=True, slots=True)
class ClientHealth:
    """A client's health, and where it stands in the nine-grid with its business here, in fen."""

    client_id: str
    health: Health
    cell: Cell
    business: int


@dataclass(slots=True)
class _Gathered:
    """What the statements told of one client so far."""

    segment: Segment
    industry: str
    statement: Statement | None = None
    behaviour: dict[str, Fraction] = field(default_factory=dict)
    grades: frozenset[str] = frozenset()
    warnings: frozenset[str] = frozenset()
    business: int = 0


def client_health(
    tx: Transaction, client_ids: Collection[str], on: date
) -> dict[str, ClientHealth]:
    """The health of each of these clients on a day, by id; unknown ones are absent.

    Who may see it is decided before (bot/access). Raises NothingLoadedError on an empty bank.
    """
    rules, grid = default_health(), default_segments()
    as_of, ids = min(on, last_business_day(tx)), sorted(set(client_ids))
    found: dict[str, ClientHealth] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        gathered = _gather(tx, some, on, as_of)
        indexes = _prosperity(tx, {one.industry for one in gathered.values()}, number(as_of))
        for client_id, one in gathered.items():
            index = indexes.get(one.industry)
            health = assess(Known(on, as_of, one.statement, one.behaviour, index), rules)
            standing = Standing(
                one.segment, one.business, one.industry, health.score, one.grades, one.warnings
            )
            cell = place(standing, grid)
            found[client_id] = ClientHealth(client_id, health, cell, one.business)
    return found


def _gather(tx: Transaction, ids: Collection[str], on: date, as_of: date) -> dict[str, _Gathered]:
    found = {
        client_id: _Gathered(segment, industry)
        for client_id, segment, industry in _clients(tx, ids, number(on))
    }
    for client_id, statement in _statements(tx, ids, number(on)):
        found[client_id].statement = statement
    _add_credit(tx, found, number(as_of))
    _add_money(tx, found, number(as_of))
    _add_warnings(tx, found, on)
    return found


def _add_credit(tx: Transaction, found: Mapping[str, _Gathered], day: int) -> None:
    for client_id, figures in _instalments(tx, found, day):
        found[client_id].behaviour |= figures
    for client_id, loans in _loans(tx, found, day).items():
        one = found[client_id]
        one.business += sum(loans.values())
        one.grades = frozenset(grade for grade in loans if grade)
        if one.grades:
            worst = max(CLASSES.index(grade) for grade in one.grades)
            one.behaviour["worst_class"] = Fraction(worst)
    for client_id, limit in _limits(tx, found, day):
        # Of what the client has here, nothing but loans was added yet.
        found[client_id].behaviour["limit_use"] = Fraction(100 * found[client_id].business, limit)


def _add_money(tx: Transaction, found: Mapping[str, _Gathered], day: int) -> None:
    for client_id, now, trend in _deposits(tx, found, day):
        found[client_id].business += now
        if trend is not None:
            found[client_id].behaviour["balance_trend"] = trend
    for client_id, value in _products(tx, found, day):
        found[client_id].business += value


def _add_warnings(tx: Transaction, found: Mapping[str, _Gathered], on: date) -> None:
    """That none was raised says something only where there is something else to see."""
    for warning in open_on(tx, found, on):
        if warning.signal != OWN_SIGNAL:
            found[warning.client_id].warnings |= {warning.severity}
    for one in found.values():
        gravity = max((GRAVITY[each] for each in one.warnings), default=0)
        if gravity or one.behaviour:
            one.behaviour["worst_warning"] = Fraction(gravity)


def _clients(tx: Transaction, ids: Collection[str], day: int) -> Iterable[tuple[str, Segment, str]]:
    then = and_(
        ClientAttr.client_id == Client.id, ClientAttr.from_day <= day, ClientAttr.to_day > day
    )
    rows = tx.execute(
        select(
            Client.id,
            Client.customer_class,
            func.coalesce(ClientAttr.industry, Client.industry),
        )
        .outerjoin(ClientAttr, then)
        .where(Client.id.in_(list(ids)))
        .order_by(Client.id)
    )
    for client_id, customer_class, industry in rows:
        yield client_id, "corporate" if customer_class == "corporate" else "retail", industry


def _statements(tx: Transaction, ids: Collection[str], day: int) -> Iterator[tuple[str, Statement]]:
    """The newest statement of each client that the bank had been given by a day."""
    newest = (
        select(ClientStatement.client_id, func.max(ClientStatement.year_end_day).label("last"))
        .where(ClientStatement.client_id.in_(list(ids)), ClientStatement.received_day <= day)
        .group_by(ClientStatement.client_id)
        .subquery()
    )
    of_it = and_(
        newest.c.client_id == ClientStatement.client_id,
        newest.c.last == ClientStatement.year_end_day,
    )
    for row in tx.execute(select(ClientStatement.__table__).join(newest, of_it)).mappings():
        amounts = {
            name: row[name] for name in Statement.__slots__ if name not in {"year_end", "received"}
        }
        days = day_of(row["year_end_day"]), day_of(row["received_day"])
        yield row["client_id"], Statement(*days, **amounts)


def _prosperity(tx: Transaction, industries: Collection[str], day: int) -> dict[str, Prosperity]:
    """The newest index of each industry on a day."""
    rows = tx.execute(
        select(IndustryProsperity.industry, IndustryProsperity.from_day, IndustryProsperity.score)
        .where(IndustryProsperity.industry.in_(industries), IndustryProsperity.from_day <= day)
        .order_by(IndustryProsperity.from_day)
    )
    return {industry: Prosperity(industry, day_of(start), score) for industry, start, score in rows}


def _instalments(
    tx: Transaction, ids: Collection[str], day: int
) -> Iterator[tuple[str, dict[str, Fraction]]]:
    """How long each borrower is past due, and which part of a year's instalments was late."""
    unpaid = and_(Repayment.due_day < day, Repayment.paid_day > day)
    lately = Repayment.due_day.between(day - YEAR, day - 1)
    late = and_(lately, Repayment.paid_day > Repayment.due_day)
    rows = tx.execute(
        select(
            Loan.client_id,
            func.min(case((unpaid, Repayment.due_day))),
            func.sum(case((lately, 1), else_=0)),
            func.sum(case((late, 1), else_=0)),
        )
        .join(Loan, Loan.id == Repayment.loan_id)
        .where(Loan.client_id.in_(list(ids)), Loan.signed_day <= day)
        .group_by(Loan.client_id)
    )
    for client_id, oldest, due, missed in rows:
        figures = {"days_past_due": Fraction(0 if oldest is None else day - oldest)}
        if due:
            figures["late_instalments"] = Fraction(100 * int(missed), int(due))
        yield client_id, figures


def _loans(tx: Transaction, ids: Collection[str], day: int) -> dict[str, dict[str, int]]:
    """What each borrower owes by the class of the loan, in fen; "" where it has none."""
    owed = (
        select(Loan.id, Loan.client_id, func.sum(OWED).label("amount"))
        .join(MOVES, MOVES.c.loan_id == Loan.id)
        .where(Loan.client_id.in_(list(ids)), MOVES.c.known_day <= day)
        .group_by(Loan.id, Loan.client_id)
        .having(func.sum(OWED) > 0)
        .subquery()
    )
    in_force = and_(
        LoanClass.loan_id == owed.c.id, LoanClass.from_day <= day, LoanClass.to_day > day
    )
    rows = tx.execute(
        select(owed.c.client_id, LoanClass.grade, func.sum(owed.c.amount))
        .outerjoin(LoanClass, in_force)
        .group_by(owed.c.client_id, LoanClass.grade)
    )
    found: dict[str, dict[str, int]] = {}
    for client_id, grade, amount in rows:
        found.setdefault(client_id, {})[grade or ""] = int(amount)
    return found


def _limits(tx: Transaction, ids: Collection[str], day: int) -> Iterator[tuple[str, int]]:
    """What each client may borrow at most, in fen."""
    rows = tx.execute(
        select(CreditLine.client_id, func.sum(CreditLine.amount))
        .where(
            CreditLine.client_id.in_(list(ids)), CreditLine.from_day <= day, CreditLine.to_day > day
        )
        .group_by(CreditLine.client_id)
    )
    for client_id, amount in rows:
        yield client_id, int(amount)


def _deposits(
    tx: Transaction, ids: Collection[str], day: int
) -> Iterator[tuple[str, int, Fraction | None]]:
    """What each client keeps, and its 30-day average in percent of the 180-day one.

    None where there was nothing, or no account for so long.
    """
    end = day + 1
    rows = tx.execute(
        select(
            Account.client_id,
            func.min(Account.opened_day),
            fen_days(day, end),
            fen_days(end - SHORT, end),
            fen_days(end - LONG, end),
        )
        .join(BalanceInterval, BalanceInterval.account_id == Account.id)
        .where(
            Account.client_id.in_(list(ids)),
            BalanceInterval.from_day < end,
            BalanceInterval.to_day > end - LONG,
        )
        .group_by(Account.client_id)
    )
    for client_id, opened, now, short, long in rows:
        known = long > 0 and opened <= end - LONG
        trend = Fraction(100 * int(short) * LONG, int(long) * SHORT) if known else None
        yield client_id, int(now), trend


def _products(tx: Transaction, ids: Collection[str], day: int) -> Iterator[tuple[str, int]]:
    """What each product a client holds is worth, in fen; those without a price are not told."""
    rows = tx.execute(
        select(Holding.client_id, HoldingUnits.units, Price.nav)
        .join(HoldingUnits, HoldingUnits.holding_id == Holding.id)
        .join(Price, Price.product_id == Holding.product_id)
        .where(
            Holding.client_id.in_(list(ids)),
            Holding.opened_day <= day,
            HoldingUnits.from_day <= day,
            HoldingUnits.to_day > day,
            Price.from_day <= day,
            Price.to_day > day,
        )
    )
    for client_id, units, nav in rows:
        yield client_id, (units * nav + UNITS_PER_FEN // 2) // UNITS_PER_FEN
