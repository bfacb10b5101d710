"""Work that is waited for until a moment and no longer.

An HTTP client's own timeout is for each read: an endpoint that sends a byte a second keeps a
caller for minutes. So the work runs beside, and is left behind when its time is up.
"""

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")

ABREAST = 8
"""How much work may be under way at once, what was left behind included."""


class TooLateError(Exception):
    """The time was up before the work was done; it goes on by itself and nobody looks."""


class TooManyError(Exception):
    """As much is under way as may be."""


class Bench:
    """Where work runs beside."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(ABREAST)

    def within(self, until: float, work: Callable[[], T]) -> T:
        """What the work gives, by a moment of `time.monotonic()`.

        Raises TooLateError, TooManyError, or what the work raised.
        """
        if not self._places.acquire(blocking=False):
            raise TooManyError
        outcomes: SimpleQueue[T | Exception] = SimpleQueue()
        # A daemon: a process that ends does not wait for an endpoint that hangs.
        threading.Thread(
            target=self._run, args=(work, outcomes), name="model-call", daemon=True
        ).start()
        try:
            outcome = outcomes.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            raise TooLateError from None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _run(self, work: Callable[[], T], outcomes: "SimpleQueue[T | Exception]") -> None:
        try:
            outcome: T | Exception = work()
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            outcome = error
        finally:
            self._places.release()
        outcomes.put(outcome)
