"""Who a client is, and who looks after it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from bank.database import Transaction
from bank.days import OPEN, day_of, number
from bank.models import Assignment, Client, ClientAttr, Staff


@dataclass(frozen=True, slots=True)
class Facts:
    """A client as it was on a day; `closed` and `kyc_due` are None where there is no such day."""

    id: str
    name: str
    customer_class: str
    size_class: str
    tier: str
    industry: str
    risk_level: str
    opened: date
    closed: date | None
    kyc_due: date | None


@dataclass(frozen=True, slots=True)
class Keeper:
    """A manager who looks after the client, with which share, since when."""

    id: str
    name: str
    unit_id: str
    share_pct: int
    since: date


def client_facts(tx: Transaction, client_id: str, on: date) -> Facts:
    """A known client's facts on a day; what has no history is told as of now."""
    day = number(on)
    then = and_(
        ClientAttr.client_id == Client.id, ClientAttr.from_day <= day, ClientAttr.to_day > day
    )
    row = tx.execute(
        select(
            Client.id,
            Client.name,
            Client.customer_class,
            func.coalesce(ClientAttr.size_class, Client.size_class).label("size_class"),
            func.coalesce(ClientAttr.tier, Client.tier).label("tier"),
            func.coalesce(ClientAttr.industry, Client.industry).label("industry"),
            func.coalesce(ClientAttr.risk_level, Client.risk_level).label("risk_level"),
            Client.opened_day,
            Client.closed_day,
            Client.kyc_due_day,
        )
        .outerjoin(ClientAttr, then)
        .where(Client.id == client_id)
    ).one()
    return Facts(
        *row[:7],
        opened=day_of(row.opened_day),
        closed=None if row.closed_day == OPEN else day_of(row.closed_day),
        kyc_due=None if row.kyc_due_day is None else day_of(row.kyc_due_day),
    )


def keepers(tx: Transaction, client_id: str, on: date) -> tuple[Keeper, ...]:
    """Who looks after a client on a day, the largest share first; nobody for an unknown one."""
    rows = tx.execute(
        select(Staff.id, Staff.name, Staff.unit_id, Assignment.share_pct, Assignment.from_day)
        .join(Staff, Staff.id == Assignment.manager_id)
        .where(
            Assignment.client_id == client_id,
            Assignment.from_day <= number(on),
            Assignment.to_day > number(on),
        )
        .order_by(Assignment.share_pct.desc(), Staff.id)
    )
    return tuple(
        Keeper(staff_id, name, unit_id, share_pct, day_of(since))
        for staff_id, name, unit_id, share_pct, since in rows
    )
