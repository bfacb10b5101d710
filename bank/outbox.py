"""What is owed to people: one row a message under its business key, sent once.

planned → sending → sent | dead | cancelled, back to planned when Slack plainly refused, and
uncertain while nobody knows whether an attempt arrived (bank/models/delivery OUTBOX_STATES).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, update

from bank.database import Database, Transaction
from bank.models import Outbox
from bank.upsert import insert_new

MAX_ATTEMPTS = 10
"""How often a message is attempted; one still uncertain after a last look stays so, visibly."""

LAST_WORD = timedelta(seconds=30)
"""How long after its lease a sender's post may still show: a call's time limit and Slack's lag.

A lease ends early when the clock steps, late when the machine slept: its post may be under way.
"""

_KEYS_AT_ONCE = 5_000
"""Below the number of values either engine takes in one statement."""
_URGENCY = case({"red": 0, "orange": 1, "yellow": 2, "blue": 3}, value=Outbox.severity, else_=4)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message to be sent from `due_at` on; the payload is facts, worded when it is sent."""

    key: str
    recipient: str
    kind: str
    disclosure: str
    severity: str
    payload: Mapping[str, object]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A message one sender holds until `lease_until`; `claim` is the fencing token.

    `unknown` says an earlier attempt may have arrived: look for it before posting again.
    `spent` says that looking is all that is left to do.
    """

    key: str
    recipient: str
    kind: str
    disclosure: str
    severity: str
    payload: Mapping[str, object]
    due_at: datetime
    attempts: int
    first_attempt_at: datetime
    unknown: bool
    claim: str
    lease_until: datetime

    @property
    def spent(self) -> bool:
        """True when it was attempted as often as allowed."""
        return self.attempts > MAX_ATTEMPTS


def put(tx: Transaction, rows: Sequence[OutboxRow]) -> int:
    """Owe these messages; a key already there is left as it is. Returns how many were new."""
    return insert_new(
        tx,
        Outbox,
        [
            {
                "key": row.key,
                "recipient": row.recipient,
                "kind": row.kind,
                "disclosure": row.disclosure,
                "severity": row.severity,
                "payload": dict(row.payload),
                "due_at": row.due_at,
                "state": "planned",
                "attempts": 0,
            }
            for row in rows
        ],
    )


def known(tx: Transaction, keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys that are in the outbox already, in whatever state."""
    found: set[str] = set()
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys[start : start + _KEYS_AT_ONCE]
        found.update(tx.scalars(select(Outbox.key).where(Outbox.key.in_(some))))
    return frozenset(found)


def find(tx: Transaction, key: str) -> OutboxRow | None:
    """The message under a key as it was planned, whatever became of it; None when there is none."""
    columns = (Outbox.recipient, Outbox.kind, Outbox.disclosure, Outbox.severity, Outbox.payload)
    row = tx.execute(select(*columns, Outbox.due_at).where(Outbox.key == key)).one_or_none()
    return None if row is None else OutboxRow(key, *row)


def claim(
    db: Database, now: datetime, lease: timedelta, limit: int, key: str | None = None
) -> tuple[OutboxItem, ...]:
    """Take up to `limit` due messages, most urgent first, or only the one under `key`.

    Also takes what is uncertain, marked `unknown`. What another sender left behind (its lease
    ended in mid-flight) becomes uncertain first, to be looked for after LAST_WORD. The lease
    must exceed twice the messenger's time limit.
    """
    with db.write() as tx:
        _give_up_on_the_dead(tx, now)
        rows = tx.execute(_due(now, limit, key)).all()
        items = tuple(
            OutboxItem(
                key=row.key,
                recipient=row.recipient,
                kind=row.kind,
                disclosure=row.disclosure,
                severity=row.severity,
                payload=row.payload,
                due_at=row.due_at,
                attempts=row.attempts + 1,
                first_attempt_at=row.first_attempt_at or now,
                unknown=row.state != "planned",
                claim=uuid4().hex,
                lease_until=now + lease,
            )
            for row in rows
        )
        for item in items:
            tx.execute(
                update(Outbox)
                .where(Outbox.key == item.key)
                .values(
                    state="sending",
                    claim=item.claim,
                    lease_until=item.lease_until,
                    attempts=item.attempts,
                    first_attempt_at=item.first_attempt_at,
                )
            )
    return items


def reword(tx: Transaction, item: OutboxItem, payload: Mapping[str, object]) -> bool:
    """Replace the facts about to be sent, so that the record is what the person reads.

    False (as for each below) when the lease was lost.
    """
    held = update(Outbox).where(_held(item)).values(payload=dict(payload))
    return tx.execute(held).rowcount == 1


def sent(tx: Transaction, item: OutboxItem, channel: str, ts: str) -> bool:
    """It stands in the conversation."""
    return _mark(tx, item, state="sent", channel=channel, ts=ts, problem=None)


def retry_at(tx: Transaction, item: OutboxItem, moment: datetime, problem: str) -> bool:
    """It plainly was not delivered, and why: owe it again from a moment on."""
    return _mark(tx, item, state="planned", due_at=moment, problem=problem)


def uncertain(tx: Transaction, item: OutboxItem, look_at: datetime, problem: str) -> bool:
    """Nobody knows whether it was delivered: look for it from a moment on."""
    return _mark(tx, item, state="uncertain", due_at=look_at, problem=problem)


def put_back(tx: Transaction, item: OutboxItem, moment: datetime) -> bool:
    """It was not attempted after all: leave it, from a moment on, as it was before the claim."""
    before = "uncertain" if item.unknown else "planned"
    return _mark(tx, item, state=before, due_at=moment, attempts=item.attempts - 1)


def dead(tx: Transaction, item: OutboxItem, problem: str) -> bool:
    """It never will be delivered, and why."""
    return _mark(tx, item, state="dead", problem=problem)


def cancelled(tx: Transaction, item: OutboxItem, reason: str) -> bool:
    """It no longer holds: what it would have said is settled."""
    return _mark(tx, item, state="cancelled", problem=reason)


def _give_up_on_the_dead(tx: Transaction, now: datetime) -> None:
    left_behind = and_(Outbox.state == "sending", Outbox.lease_until <= now)
    tx.execute(
        update(Outbox)
        .where(left_behind)
        .values(state="uncertain", claim=None, lease_until=None, due_at=now + LAST_WORD)
    )


def _due(now: datetime, limit: int, key: str | None) -> Select[Any]:
    planned = and_(Outbox.state == "planned", Outbox.due_at <= now)
    in_doubt = and_(
        Outbox.state == "uncertain", Outbox.due_at <= now, Outbox.attempts <= MAX_ATTEMPTS
    )
    due = select(*Outbox.__table__.columns).where(or_(planned, in_doubt))
    if key is not None:
        due = due.where(Outbox.key == key)
    return (
        due.order_by(_URGENCY, Outbox.due_at, Outbox.key)
        .limit(limit)
        # PostgreSQL skips what another sender is taking; SQLite has the one write lock instead.
        .with_for_update(skip_locked=True)
    )


def _mark(tx: Transaction, item: OutboxItem, **values: object) -> bool:
    marked = update(Outbox).where(_held(item)).values(claim=None, lease_until=None, **values)
    return tx.execute(marked).rowcount == 1


def _held(item: OutboxItem) -> ColumnElement[bool]:
    return and_(Outbox.key == item.key, Outbox.state == "sending", Outbox.claim == item.claim)
