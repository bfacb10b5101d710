"""The workspace's own time: real time passing from a chosen start, plus steps forward."""

import time
from datetime import datetime, timedelta
from datetime import time as wall
from threading import Lock
from zoneinfo import ZoneInfo


class Clock:
    """Starts at `start` (aware) and runs on; may be read from any thread."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("the clock's start needs a time zone")
        self._start = start
        self._began = time.monotonic()
        self._ahead = timedelta()
        self._lock = Lock()

    def now(self) -> datetime:
        """The current instant, aware."""
        with self._lock:
            return self._read()

    def step_to(self, moment: datetime) -> datetime:
        """Jump forward to `moment` (aware). ValueError when it has already passed."""
        with self._lock:
            now = self._read()
            if moment < now:
                raise ValueError(f"the clock only goes forward: it is {now:%Y-%m-%d %H:%M} already")
            self._ahead += moment - now
            return moment

    def _read(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began) + self._ahead


def next_morning(now: datetime, at: wall = wall(8, 30), tz: str = "Asia/Shanghai") -> datetime:
    """The next calendar day at `at` in `tz`."""
    local = now.astimezone(ZoneInfo(tz))
    return datetime.combine(local.date() + timedelta(days=1), at, ZoneInfo(tz))
