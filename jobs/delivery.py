"""Sending what is owed, once: claim, look where an earlier attempt got to, recheck, send, record.

Claims are committed before anything is posted, and each outcome only by whoever still holds the
claim. Plainly refused → tried again later. Perhaps delivered → uncertain, and looked for in the
conversation before it is ever posted again.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bank import outbox
from bank.database import Database, Transaction
from bank.outbox import MAX_ATTEMPTS, OutboxItem
from jobs.messenger import Message, Messenger, Sent, TransportError
from jobs.standing import leaves_at, still_holds
from scoring.versions import PRODUCTS_OWN, Schemes

LEASE = timedelta(seconds=120)
"""How long a sender holds what it claimed; far over twice any messenger's time limit."""
MARGIN = timedelta(seconds=30)
"""What must be left of a lease before a post, so that it ends, and settles, within it."""
BATCH = 10
FIRST_WAIT = timedelta(seconds=15)
"""Longer than the ten seconds a conversation's history may lag: absent then means absent."""
LONGEST_WAIT = timedelta(hours=1)

log = logging.getLogger(__name__)


class Delivery:
    """Sends from the outbox through a messenger. Any number may run on one database."""

    def __init__(
        self,
        db: Database,
        messenger: Messenger,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        schemes: Schemes = PRODUCTS_OWN,
    ) -> None:
        """`clock` gives the present moment; it is asked again before every step that takes time."""
        self.db = db
        self.messenger = messenger
        self.zone = zone
        self.clock = clock
        self.schemes = schemes
        self._resume = clock()

    def deliver_due(self) -> Mapping[str, int]:
        """Send everything due, the most urgent first; returns how many ended in which state.

        A state is the outbox's, or "lost" where another sender took over. Nothing is sent before
        a pause the messenger asked for is over.
        """
        counts: Counter[str] = Counter()
        while not self._paused() and (batch := outbox.claim(self.db, self.clock(), LEASE, BATCH)):
            for item in batch:
                if self._paused():
                    self._put_back(item, self._resume)
                else:
                    counts[self._deliver(item)] += 1
        return counts

    def deliver(self, key: str) -> str | None:
        """Send the one message under a key now; its state then, or None when it is not to be had.

        (It is not due, another sender has it, it is done with, or a pause is on.)
        """
        if self._paused():
            return None
        batch = outbox.claim(self.db, self.clock(), LEASE, limit=1, key=key)
        return self._deliver(batch[0]) if batch else None

    def _paused(self) -> bool:
        return self.clock() < self._resume

    def _deliver(self, item: OutboxItem) -> str:
        try:
            return self._attempt(item)
        except TransportError as error:
            return self._failed(item, error)
        except Exception as error:
            # A fault of ours or the messenger's must not stop the messages behind this one.
            # A key names what it is about, such as a client's warning; its marker nobody.
            log.exception("delivery of %s %s failed", item.kind, _message(item).marker)
            fault = TransportError(f"failed inside: {type(error).__name__}", unknown=True)
            return self._failed(item, fault)

    def _attempt(self, item: OutboxItem) -> str:
        message = _message(item)
        found = self._find(message, item) if item.unknown else None
        if found is not None:
            return self._sent(item, found)
        if item.spent:
            return self._record("dead", lambda tx: outbox.dead(tx, item, "never arrived"))
        return self._send(item, message)

    def _send(self, item: OutboxItem, message: Message) -> str:
        now = self.clock()
        if now + MARGIN > item.lease_until:
            return self._put_back(item, now)
        with self.db.read() as tx:
            facts = still_holds(tx, item, now, self.zone, self.schemes)
            leaves = leaves_at(tx, item, now, self.zone)
        if facts is None:
            return self._record("cancelled", lambda tx: outbox.cancelled(tx, item, "settled"))
        if leaves > now:
            return self._put_back(item, leaves)
        if facts != item.payload and not self._reword(item, facts):
            return "lost"
        return self._sent(item, self.messenger.send(replace(message, payload=facts)))

    def _find(self, message: Message, item: OutboxItem) -> Sent | None:
        try:
            return self.messenger.find(message, item.first_attempt_at)
        except TransportError as error:
            # Whatever kept us from looking, it still may have arrived.
            raise TransportError(
                f"could not look: {error}", unknown=True, retry_after=error.retry_after
            ) from error

    def _failed(self, item: OutboxItem, error: TransportError) -> str:
        now = self.clock()
        again = now + wait_after(item.attempts)
        if error.retry_after is not None:
            self._resume = now + timedelta(seconds=error.retry_after)
            again = max(again, self._resume)
        problem = str(error)
        if error.unknown:
            return self._record("uncertain", lambda tx: outbox.uncertain(tx, item, again, problem))
        if error.permanent or item.attempts >= MAX_ATTEMPTS:
            return self._record("dead", lambda tx: outbox.dead(tx, item, problem))
        return self._record("planned", lambda tx: outbox.retry_at(tx, item, again, problem))

    def _sent(self, item: OutboxItem, sent: Sent) -> str:
        return self._record("sent", lambda tx: outbox.sent(tx, item, sent.channel, sent.ts))

    def _record(self, state: str, mark: Callable[[Transaction], bool]) -> str:
        with self.db.write() as tx:
            return state if mark(tx) else "lost"

    def _reword(self, item: OutboxItem, facts: Mapping[str, object]) -> bool:
        with self.db.write() as tx:
            return outbox.reword(tx, item, facts)

    def _put_back(self, item: OutboxItem, moment: datetime) -> str:
        before = "uncertain" if item.unknown else "planned"
        return self._record(before, lambda tx: outbox.put_back(tx, item, moment))


def _message(item: OutboxItem) -> Message:
    return Message(item.key, item.recipient, item.kind, item.disclosure, item.payload)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the n-th attempt: 15 s, doubled each time, an hour at the most."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << (attempts - 1)))
