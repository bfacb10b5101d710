"""Does what the listeners recorded: one dispatcher that claims, and a bounded pool that works."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event, Semaphore, Thread
from typing import Final, Protocol

import structlog

from bank.database import Database
from bank.inbox import InboxItem, claim, record
from bot.slack.guard import Entry

LEASE: Final = timedelta(seconds=90)
"""Longer than the longest honest piece of work: a question and its delivery."""
IDLE: Final = 1.0
"""Seconds between looks for work that another process recorded or left behind."""

log = structlog.get_logger("daybook.worker")


class LeaseLostError(Exception):
    """Another worker has the entry by now; what was about to be written must not be."""


class Handler(Protocol):
    """What one kind of entry asks for."""

    def do(self, item: InboxItem) -> None:
        """Act, and close the entry in the transaction that writes the outcome."""
        ...

    def apologise(self, item: InboxItem) -> None:
        """Say that it failed, and close the entry as failed."""
        ...


class Worker:
    """Works through the inbox until stopped."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        now: Callable[[], datetime],
        threads: int = 4,
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._now = now
        self._free = Semaphore(threads)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="worker")
        self._work = Event()
        self._stopping = Event()
        self._dispatcher = Thread(target=self._dispatch, name="dispatcher", daemon=True)

    def record(self, entry: Entry) -> None:
        """Write an entry into the inbox and wake up; an entry recorded before changes nothing."""
        with self._database.write() as tx:
            record(tx, entry.key, entry.kind, entry.payload, self._now())
        self._work.set()

    def start(self) -> None:
        """Begin to work in the background."""
        self._dispatcher.start()

    def stop(self) -> None:
        """Finish what is under way, and take nothing new."""
        self._stopping.set()
        self._work.set()
        if self._dispatcher.is_alive():
            self._dispatcher.join()
        self._pool.shutdown()

    def run_one(self) -> bool:
        """Do one waiting entry here and now; False when there is none."""
        item = self._claim()
        if item:
            self._do(item)
        return item is not None

    def _claim(self) -> InboxItem | None:
        return claim(self._database, self._now(), LEASE, tuple(self._handlers))

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            self._free.acquire()
            item = self._next()
            if item is None:
                self._free.release()
                self._work.wait(IDLE)
                self._work.clear()
                continue
            self._pool.submit(self._do_and_release, item)

    def _next(self) -> InboxItem | None:
        try:
            return self._claim()
        except Exception:  # the dispatcher outlives a database that is away for a while
            log.exception("inbox unreadable", action="claim")
            return None

    def _do_and_release(self, item: InboxItem) -> None:
        try:
            self._do(item)
        finally:
            self._free.release()

    def _do(self, item: InboxItem) -> None:
        handler = self._handlers[item.kind]
        try:
            if item.exhausted:
                handler.apologise(item)
            else:
                handler.do(item)
        except LeaseLostError:
            log.info("lease lost", action="work", key=item.key)
        except Exception:
            log.exception("entry failed", action="work", key=item.key, kind=item.kind)
            self._apologise(handler, item)

    def _apologise(self, handler: Handler, item: InboxItem) -> None:
        try:
            handler.apologise(item)
        except Exception:  # its lease will end, and somebody tries again
            log.exception("apology failed", action="apologise", key=item.key)
