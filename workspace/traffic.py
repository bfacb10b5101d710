"""The raw traffic between the app and the workspace, newest last, for the page's panel."""

from collections import deque
from collections.abc import Callable
from datetime import datetime

from workspace.findings import Json

KEPT = 400


class Traffic:
    """The last KEPT exchanges. Tokens never enter it: only bodies do."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._count = 0
        self._entries: deque[Json] = deque(maxlen=KEPT)

    def add(self, way: str, name: str, body: object, answer: object = None) -> None:
        """`way`: "app" for what the app sent, "slack" for what it was sent."""
        self._count += 1
        self._entries.append(
            {
                "n": self._count,
                "at": self._now().isoformat(timespec="milliseconds"),
                "way": way,
                "name": name,
                "body": body,
                "answer": answer,
            }
        )

    @property
    def count(self) -> int:
        """How many exchanges there have ever been."""
        return self._count

    def after(self, n: int) -> list[Json]:
        """The exchanges since the n-th, as far as they are kept."""
        return [entry for entry in self._entries if entry["n"] > n]
