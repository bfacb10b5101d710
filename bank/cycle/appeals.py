"""Managers' objections to an item of their result, and what was decided on them.

An appeal is open until its one decision, by somebody who had no part in what it is about.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true, update

from bank.audit import Deed, record_change
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Appeal
from bank.seals import plain_digest
from bank.upsert import insert_new
from scoring.rounding import micro

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class AppealRecord:
    """An objection: `item` is an indicator such as R03, or an incident's id.

    `points` are what an upheld one adds to the score.
    """

    id: str
    manager_id: str
    period: str
    item: str
    claim: str
    state: str
    raised_on: date
    due_on: date
    handler_id: str | None = None
    decided_on: date | None = None
    reason: str = ""
    evidence: str = ""
    points: Decimal = Decimal(0)


def appeal_id(manager_id: str, period: str, item: str) -> str:
    """The id of a manager's appeal about an item of a period: there is one."""
    return plain_digest(["appeal", manager_id, period, item])[:16]


def raise_appeal(tx: Transaction, appeal: AppealRecord, deed: Deed) -> bool:
    """Write an appeal down; False, and nothing written, when that item was appealed before."""
    earlier = appeals(tx, managers={appeal.manager_id}, period=appeal.period)
    if any(one.item == appeal.item for one in earlier):
        return False
    if insert_new(tx, Appeal, [_row(appeal)]) == 0:
        return False
    content = {"item": appeal.item, "claim": appeal.claim, "evidence": appeal.evidence}
    record_change(tx, deed, ("appeal", appeal.id), ("", "open"), content)
    return True


def decide_appeal(tx: Transaction, before: AppealRecord, after: AppealRecord, deed: Deed) -> bool:
    """Close an appeal as `after` says, "upheld" or "rejected"; False when it is not open."""
    names = ("state", "handler_id", "decided_day", "reason", "points")
    values = {name: value for name, value in _row(after).items() if name in names}
    unchanged = and_(Appeal.id == before.id, Appeal.state == "open")
    if tx.execute(update(Appeal).where(unchanged).values(**values)).rowcount != 1:
        return False
    content = {"reason": after.reason, "points": str(after.points)}
    record_change(tx, deed, ("appeal", before.id), ("open", after.state), content)
    return True


def find_appeal(tx: Transaction, appeal: str) -> AppealRecord | None:
    """The appeal of an id, or None."""
    found = _appeals(tx, Appeal.id == appeal)
    return found[0] if found else None


def appeals(
    tx: Transaction, *, managers: Collection[str] | None = None, period: str = "", state: str = ""
) -> tuple[AppealRecord, ...]:
    """Appeals of some managers (all, without), the soonest due first."""
    return _appeals(
        tx,
        and_(
            Appeal.manager_id.in_(managers) if managers is not None else true(),
            Appeal.period == period if period else true(),
            Appeal.state == state if state else true(),
        ),
    )


def _row(one: AppealRecord) -> dict[str, Any]:
    return {
        "id": one.id,
        "manager_id": one.manager_id,
        "period": one.period,
        "item": one.item,
        "claim": one.claim,
        "state": one.state,
        "raised_day": number(one.raised_on),
        "due_day": number(one.due_on),
        "handler_id": one.handler_id,
        "decided_day": number(one.decided_on) if one.decided_on else None,
        "reason": one.reason,
        "evidence": one.evidence,
        "points": int(one.points * MICRO),
        "batch_id": None,
    }


def _appeals(tx: Transaction, which: ColumnElement[bool]) -> tuple[AppealRecord, ...]:
    rows = tx.execute(
        select(*Appeal.__table__.columns).where(which).order_by(Appeal.due_day, Appeal.id)
    )
    return tuple(_record(dict(row)) for row in rows.mappings())


def _record(row: Mapping[str, Any]) -> AppealRecord:
    held = dict(row)
    days = {name: held.pop(name) for name in ("raised_day", "due_day", "decided_day")}
    del held["batch_id"]
    decided = days["decided_day"]
    points = micro(Decimal(held.pop("points")) / MICRO)
    return AppealRecord(
        **held,
        points=points,
        raised_on=day_of(days["raised_day"]),
        due_on=day_of(days["due_day"]),
        decided_on=None if decided is None else day_of(decided),
    )
