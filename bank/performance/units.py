"""A unit's business, manager by manager: deposits, loans, fees, new clients, and what is elsewhere.

Every figure comes from the measure of the appraisal that counts the same thing, so that a unit's
analysis and its managers' scorecards cannot disagree; money is in fen.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import add

from sqlalchemy import ColumnElement, and_, func, literal, select

from bank.database import Transaction
from bank.models import Account, Assignment, BalanceInterval, ClientBase, OrgUnit, Staff
from bank.people import units_below
from bank.performance.acquisition import effective_facts
from bank.performance.believed import parts_as_known
from bank.performance.income import income
from bank.performance.lending import drawn
from bank.performance.measuring import Frame, load_frame
from bank.performance.potential import Potential, potentials
from bank.performance.sums import BASE, CLIENTS, DEPOSITS, LOANS, Sums, day_sums
from bank.performance.targets import Worker, workers
from bank.performance.window import MANAGERS_AT_ONCE, SHARE, greatest, held, least
from scoring.periods import Period
from scoring.rounding import micro, whole
from scoring.scheme import Scheme

NOTHING = Sums({}, {})


@dataclass(frozen=True, slots=True)
class Member:
    """A manager of a unit, by where they are now."""

    id: str
    name: str
    unit_id: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Business:
    """What a manager's clients brought in a period so far, each by the manager's share of it.

    Deposits are day-averages without any coefficient; `kept` is how much of last year's, `base`,
    the same clients still have. `drawn` counts as P02 does, `fees` as P03, `new_clients` as P04.
    """

    member: Member
    clients: Decimal
    """Held on the last day; of those held with others, the manager's part."""
    corporate: int
    retail: int
    base: int
    kept: int
    drawn: int
    owed: int
    """Loans outstanding on the last day."""
    fees: Mapping[str, int]
    """By line of income; a line without any is absent."""
    new_clients: int
    potentials: tuple[Potential, ...]
    """By industry, of the clients held on the last day."""


@dataclass(frozen=True, slots=True)
class UnitAnalysis:
    """A unit with all below it; its managers by name, then id."""

    unit_id: str
    unit_name: str
    period: Period
    as_of: date
    """Last day of the period that the figures know."""
    scheme: Scheme
    """Says which drawdowns and new clients count."""
    managers: tuple[Business, ...]


def unit_name(tx: Transaction, unit_id: str) -> str | None:
    """A unit's name; None when there is no such unit."""
    return tx.scalar(select(OrgUnit.name).where(OrgUnit.id == unit_id))


def analyse_unit(
    tx: Transaction, unit_id: str, scheme: Scheme, period: Period, as_of: date
) -> UnitAnalysis:
    """The business of everyone who is a manager in the unit or below it, and worked in the period.

    `as_of` is the last business day loaded. Raises PeriodError as scoring the period does.
    """
    frame = load_frame(tx, scheme, period, as_of)
    members = _members(tx, unit_id)
    everyone = [one for one in workers(tx, frame.window) if one.id in members]
    found: list[Business] = []
    for at in range(0, len(everyone), MANAGERS_AT_ONCE):
        found += _business(tx, frame, everyone[at : at + MANAGERS_AT_ONCE], members)
    found.sort(key=lambda one: (one.member.name, one.member.id))
    name = unit_name(tx, unit_id) or unit_id
    return UnitAnalysis(unit_id, name, period, frame.window.through, scheme, tuple(found))


def kept_deposits(tx: Transaction, frame: Frame, managers: Collection[str]) -> Mapping[str, int]:
    """Σ of each client's balances over the days held, at most as many times last year's average.

    In fen × days × SHARE. What a client has beyond last year makes up for nobody else's going. A
    manager whose clients had nothing last year is absent.
    """
    start = greatest(literal(frame.window.first), Assignment.from_day)
    stop = least(literal(frame.window.end), Assignment.to_day)
    until = least(stop, Account.closed_day)
    parts: list[ColumnElement[int]] = []
    for balance, known in parts_as_known(frame, BalanceInterval):
        days = least(balance.c.to_day, until) - greatest(balance.c.from_day, start)
        mine = and_(
            Account.client_id == Assignment.client_id,
            Account.excluded == "",
            balance.c.account_id == Account.id,
            start < until,
            balance.c.from_day < until,
            balance.c.to_day > start,
            known,
        )
        had = select(func.sum(balance.c.amount * days)).select_from(Account, balance).where(mine)
        parts.append(func.coalesce(had.correlate(Assignment).scalar_subquery(), 0))
    each = (
        select(
            Assignment.manager_id,
            Assignment.share_pct,
            reduce(add, parts).label("now"),
            (ClientBase.day_average * (stop - start)).label("base"),
        )
        .join(ClientBase, ClientBase.client_id == Assignment.client_id)
        .where(held(frame.window, managers), ClientBase.year == frame.window.period.year - 1)
        .subquery()
    )
    keys = (each.c.manager_id, each.c.share_pct)
    kept = func.sum(least(each.c.now, each.c.base))
    sums: defaultdict[str, int] = defaultdict(int)
    for manager, share, fen_days in tx.execute(select(*keys, kept).group_by(*keys)):
        sums[manager] += share * int(fen_days)
    return sums


def _business(
    tx: Transaction, frame: Frame, some: Sequence[Worker], members: Mapping[str, Member]
) -> Iterator[Business]:
    managers = [one.id for one in some]
    sums, lent = day_sums(tx, frame, managers), drawn(tx, frame, managers)
    kept, earned = kept_deposits(tx, frame, managers), income(tx, frame.window, managers)
    won = {who: fact.actual for who, fact in effective_facts(tx, frame, some)}
    elsewhere = potentials(tx, frame, managers)
    days = frame.window.days
    for who in managers:
        mine = sums.get(who, NOTHING)
        yield Business(
            members[who],
            clients=micro(Fraction(mine.at_last(CLIENTS), SHARE)),
            corporate=_fen(mine.over(*DEPOSITS, classes=("corporate",)), days),
            retail=_fen(mine.over(*DEPOSITS, classes=("retail",)), days),
            base=_fen(mine.over(BASE), days),
            kept=_fen(kept.get(who, 0), days),
            drawn=_fen(lent[who].whole) if who in lent else 0,
            owed=_fen(mine.at_last(LOANS)),
            fees={line: _fen(fen) for (manager, line), fen in earned.items() if manager == who},
            new_clients=int(won.get(who) or 0),
            potentials=elsewhere.get(who, ()),
        )


def _members(tx: Transaction, unit_id: str) -> dict[str, Member]:
    """By staff id; whoever has left is among them."""
    statement = (
        select(Staff.id, Staff.name, OrgUnit.id, OrgUnit.name)
        .join(OrgUnit, OrgUnit.id == Staff.unit_id)
        .where(Staff.role == "manager", Staff.unit_id.in_(units_below(tx, unit_id)))
    )
    return {row[0]: Member(*row) for row in tx.execute(statement)}


def _fen(shared: int, days: int = 1) -> int:
    """A sum × SHARE over some days as their average."""
    return int(whole(Fraction(shared, SHARE * days)))
