"""Clients: who looks after them on a day, and when they were last visited."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import groupby

from sqlalchemy import Row, Select, func, select

from bank.borrowers import sme_borrowers
from bank.calendar import load_calendar
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Assignment, Client, Loan
from bank.models import Visit as VisitRow
from scoring.coverage import VISIT_KINDS, Contact, Visit, VisitStandards, counted_days

SPACE = " \t\r\n\u00a0\u3000"
"""A note of nothing else says nothing."""
CLIENTS_AT_ONCE = 10_000
"""Ids of one statement: within every engine's limit on parameters."""


def clients_of(tx: Transaction, manager_id: str, on: date) -> dict[str, str]:
    """The clients a manager holds on a day, alone or with others: their names by their ids."""
    return {client: name for _, client, name, _, _ in _holdings(tx, [manager_id], on)}


def contacts(
    tx: Transaction, manager_ids: Collection[str], on: date, standards: VisitStandards
) -> Mapping[str, tuple[Contact, ...]]:
    """The clients each of these managers holds on a day, and when each was last visited.

    By manager, those without any being absent; clients in the order of their ids. A client
    held by several counts for each of them, as it does in their appraisals.
    """
    visited = _last_visits(tx, manager_ids, on, standards.log_within)
    owing = sme_borrowers(number(on)).where(Loan.client_id.in_(_clients_of(manager_ids)))
    borrowers = frozenset(tx.scalars(owing))
    found: dict[str, list[Contact]] = {}
    for manager_id, client_id, name, tier, held_from in _holdings(tx, manager_ids, on):
        contact = Contact(
            client_id,
            name,
            tier,
            client_id in borrowers,
            held_from,
            visited.get(client_id),
        )
        found.setdefault(manager_id, []).append(contact)
    return {manager_id: tuple(clients) for manager_id, clients in found.items()}


def client_names(tx: Transaction, client_ids: Collection[str]) -> dict[str, str]:
    """The names of clients by their ids; unknown ids are absent."""
    ids = sorted(set(client_ids))
    names: dict[str, str] = {}
    for start in range(0, len(ids), CLIENTS_AT_ONCE):
        some = ids[start : start + CLIENTS_AT_ONCE]
        names |= dict(tx.execute(select(Client.id, Client.name).where(Client.id.in_(some))).all())
    return names


def managers_of(tx: Transaction, client_ids: Collection[str], on: date) -> dict[str, str]:
    """Each client's manager on a day: the one with the largest share, the first by id of equals.

    Clients whom nobody looks after that day are absent.
    """
    ids = sorted(set(client_ids))
    managers: dict[str, str] = {}
    for start in range(0, len(ids), CLIENTS_AT_ONCE):
        statement = (
            select(Assignment.client_id, Assignment.manager_id)
            .where(
                Assignment.client_id.in_(ids[start : start + CLIENTS_AT_ONCE]),
                Assignment.from_day <= number(on),
                Assignment.to_day > number(on),
            )
            .order_by(Assignment.share_pct, Assignment.manager_id.desc())
        )
        managers |= dict(tx.execute(statement).all())  # of several, the last stands
    return managers


def _holdings(
    tx: Transaction, manager_ids: Collection[str], on: date
) -> Iterator[tuple[str, str, str, str, date]]:
    """Manager, client, name, tier and first day of every holding that lasts on a day."""
    rows = tx.execute(
        select(
            Assignment.manager_id,
            Assignment.client_id,
            Client.name,
            Client.tier,
            Assignment.from_day,
            Assignment.to_day,
        )
        .join(Client, Client.id == Assignment.client_id)
        .where(Assignment.manager_id.in_(manager_ids), Assignment.from_day <= number(on))
        .order_by(Assignment.manager_id, Assignment.client_id, Assignment.from_day)
    )
    for holding, spans in groupby(rows, key=lambda row: row[:4]):
        since = _unbroken(spans, on)
        if since is not None:
            manager_id, client_id, name, tier = holding
            yield manager_id, client_id, name, tier, since


def _unbroken(spans: Iterator[Row[*tuple[str, str, str, str, int, int]]], on: date) -> date | None:
    """The first day of the spans without a gap that last on a day; None when none does."""
    first, end = 0, 0
    for span in spans:
        if span.from_day != end:
            first = span.from_day
        end = span.to_day
    return day_of(first) if end > number(on) else None


def _last_visits(
    tx: Transaction, manager_ids: Collection[str], on: date, log_within: int
) -> dict[str, date]:
    """The last visit that counts, known on a day, of each client of these managers.

    Visits before the calendar begins are left out: whoever was last seen then is overdue anyway.
    """
    calendar = load_calendar(tx)
    known = (
        VisitRow.client_id.in_(_clients_of(manager_ids)),
        VisitRow.day.between(number(calendar.first), number(on)),
        VisitRow.logged_day <= number(on),
        VisitRow.kind.in_(sorted(VISIT_KINDS)),
    )
    late = VisitRow.logged_day - VisitRow.day > log_within
    told = func.trim(VisitRow.note, SPACE) != ""
    in_time = (*known, ~late, VisitRow.logged_day >= VisitRow.day, told)
    newest = select(VisitRow.client_id, func.max(VisitRow.day)).where(*in_time)
    rows = tx.execute(newest.group_by(VisitRow.client_id))
    found = {client_id: day_of(day) for client_id, day in rows}
    # So many days hold at most so many business days: the calendar is asked of the others alone.
    doubtful = select(
        VisitRow.client_id, VisitRow.day, VisitRow.logged_day, VisitRow.kind, VisitRow.note
    ).where(*known, late)
    visits = (
        Visit(client_id, day_of(day), day_of(logged), kind, note)
        for client_id, day, logged, kind, note in tx.execute(doubtful)
    )
    days = counted_days(visits, log_within, calendar.business_days_between)
    for client_id, visited in days.items():
        found[client_id] = max(visited[-1], found.get(client_id, visited[-1]))
    return found


def _clients_of(manager_ids: Collection[str]) -> Select[str]:
    """The ids of the clients these managers hold or held."""
    return select(Assignment.client_id).where(Assignment.manager_id.in_(manager_ids))
