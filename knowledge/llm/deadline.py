"""Work that is waited for until a moment and no longer.

An HTTP client's own timeout is for each read: an endpoint that sends a byte a second keeps a
caller for minutes. So the work runs beside, and is left behind when its time is up; its call is
cut off then, so that an endpoint that never ends keeps no place.
"""

import ctypes
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


class CutOff(BaseException):
    """Raised in a call whose time is up: no error, for nobody who handles errors may catch it."""


class Line:
    """Where a call is under way, so that it can be ended from outside.

    Whoever calls says `begun` and `ended` in the thread that waits for the network, which must
    hold nothing that others wait for.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._over = False

    def begun(self) -> None:
        """This thread calls from now on; raises CutOff when the time is up already."""
        with self._lock:
            if self._over:
                raise CutOff
            self._thread = threading.get_ident()

    def ended(self) -> None:
        """Nobody calls any more."""
        with self._lock:
            self._thread = None

    def cut(self) -> None:
        """End the call with the next byte it gets, or its own timeout if that is sooner."""
        with self._lock:
            self._over = True
            if self._thread is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._thread), ctypes.py_object(CutOff)
                )


class Bench:
    """Where work runs beside."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(ABREAST)

    def within(self, until: float, work: Callable[[Line], T]) -> T:
        """What the work gives, by a moment of `time.monotonic()`; its call is cut off then.

        Raises TooLateError, TooManyError (also when the system has no more threads), or what the
        work raised.
        """
        if not self._places.acquire(blocking=False):
            raise TooManyError
        outcomes: SimpleQueue[T | BaseException] = SimpleQueue()
        line = Line()
        # A daemon: a process that ends does not wait for an endpoint that hangs.
        thread = threading.Thread(
            target=self._run, args=(work, line, outcomes), name="model-call", daemon=True
        )
        try:
            thread.start()
        except RuntimeError as error:
            self._places.release()
            raise TooManyError from error
        try:
            outcome = outcomes.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            line.cut()
            raise TooLateError from None
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def _run(
        self, work: Callable[[Line], T], line: Line, outcomes: "SimpleQueue[T | BaseException]"
    ) -> None:
        try:
            outcome: T | BaseException = work(line)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            outcome = error
        finally:
            self._places.release()
        outcomes.put(outcome)
