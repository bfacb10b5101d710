"""The lines between answers and refusals that the bank's own questions drew, as SQL holds them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bank.database import Transaction
from bank.models import Guard


@dataclass(frozen=True, slots=True)
class GuardRecord:
    """A stored guard without its data: what it fits and how well it did.

    `lang` is that of the policies, or "across" for those in another language than the question.
    """

    id: str
    lang: str
    made_at: datetime
    made_by: str
    reading: str
    metrics: Mapping[str, Any]
    active: bool


def active_guards(tx: Transaction) -> tuple[str, ...]:
    """The ids of those in use: cheap enough to ask with every question."""
    return tuple(tx.scalars(_ACTIVE))


_ACTIVE = select(Guard.id).where(Guard.active).order_by(Guard.id)  # built once


def guards(tx: Transaction) -> tuple[GuardRecord, ...]:
    """Every guard that was kept, newest first."""
    rows = tx.execute(select(*_COLUMNS).order_by(Guard.made_at.desc(), Guard.id))
    return tuple(GuardRecord(*row) for row in rows)


def guard_data(tx: Transaction, guard_id: str) -> Mapping[str, Any] | None:
    """What a guard consists of; None when it is gone."""
    found: Mapping[str, Any] | None = tx.scalar(select(Guard.data).where(Guard.id == guard_id))
    return found


def keep_guard(tx: Transaction, record: GuardRecord, data: Mapping[str, Any]) -> None:
    """Store a guard; an active one takes the place of its language's."""
    if record.active:
        use_guard(tx, record.lang, None)
    tx.execute(insert(Guard).values(**asdict(record), data=dict(data)))


def use_guard(tx: Transaction, lang: str, guard_id: str | None) -> None:
    """Make a guard its language's active one; None is the shipped one."""
    statement = update(Guard).where(Guard.lang == lang)
    tx.execute(statement.values(active=Guard.id == (guard_id or "")))


_COLUMNS = (
    Guard.id,
    Guard.lang,
    Guard.made_at,
    Guard.made_by,
    Guard.reading,
    Guard.metrics,
    Guard.active,
)
