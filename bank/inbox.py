"""What came in from Slack: recorded once before it is acknowledged, worked on by one worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import and_, or_, select, update

from bank.database import Database, Transaction
from bank.models import Inbox
from bank.upsert import insert_new

MAX_ATTEMPTS = 3
"""How often an envelope is worked on before its asker is owed an apology instead."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """An envelope that one worker holds until its lease ends.

    `claim` is the fencing token: whoever lost the lease can no longer finish it.
    `exhausted` says that every attempt was spent: post an apology and `fail` it.
    """

    key: str
    kind: str
    payload: Mapping[str, object]
    received_at: datetime
    attempts: int
    claim: str

    @property
    def exhausted(self) -> bool:
        """True when it was tried as often as allowed, and only an apology is left to do."""
        return self.attempts > MAX_ATTEMPTS


def record(
    tx: Transaction, key: str, kind: str, payload: Mapping[str, object], now: datetime
) -> bool:
    """Write an envelope down; False when the same one was recorded before."""
    row = {
        "key": key,
        "kind": kind,
        "payload": dict(payload),
        "received_at": now,
        "state": "received",
        "attempts": 0,
    }
    return insert_new(tx, Inbox, [row]) == 1


def claim(db: Database, now: datetime, lease: timedelta, kinds: Sequence[str]) -> InboxItem | None:
    """Take the oldest envelope of these kinds that waits, or whose worker's lease has ended.

    None when there is nothing to do. The lease must outlast the longest honest piece of work.
    """
    waiting = or_(
        Inbox.state == "received", and_(Inbox.state == "working", Inbox.lease_until <= now)
    )
    oldest = (
        select(Inbox.key, Inbox.kind, Inbox.payload, Inbox.received_at, Inbox.attempts)
        .where(waiting, Inbox.kind.in_(kinds))
        .order_by(Inbox.received_at, Inbox.key)
        .limit(1)
        # PostgreSQL skips what another worker is taking; SQLite has the one write lock instead.
        .with_for_update(skip_locked=True)
    )
    with db.write() as tx:
        row = tx.execute(oldest).one_or_none()
        if row is None:
            return None
        item = InboxItem(
            row.key, row.kind, row.payload, row.received_at, row.attempts + 1, uuid4().hex
        )
        tx.execute(
            update(Inbox)
            .where(Inbox.key == item.key)
            .values(
                state="working", attempts=item.attempts, claim=item.claim, lease_until=now + lease
            )
        )
    return item


def finish(tx: Transaction, item: InboxItem) -> bool:
    """Close an envelope as done, in the transaction that writes its outcome.

    False when the lease was lost to another worker: then write nothing and roll back.
    """
    return _close(tx, item, "done")


def fail(tx: Transaction, item: InboxItem) -> bool:
    """Close an envelope that could not be answered, in the transaction that owes the apology.

    False when the lease was lost to another worker, as for `finish`.
    """
    return _close(tx, item, "failed")


def _close(tx: Transaction, item: InboxItem, state: str) -> bool:
    held = and_(Inbox.key == item.key, Inbox.state == "working", Inbox.claim == item.claim)
    closed = tx.execute(update(Inbox).where(held).values(state=state, claim=None, lease_until=None))
    return closed.rowcount == 1
