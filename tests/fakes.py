"""Fakes of the outside edges. They subclass our ports, so a changed port breaks them loudly."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from jobs.messenger import Message, Messenger, Sent, TransportError


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class Killed(BaseException):
    """The process dies here: nothing after it runs, nothing catches it."""


@dataclass(frozen=True)
class Post:
    """A message that stands in somebody's conversation."""

    marker: str
    key: str
    recipient: str
    payload: dict
    at: str


class FakeMessenger(Messenger):
    """Slack as far as delivery sees it: what was accepted, and the ways in which it can fail.

    `faults` are used up, one a call of `send`; "" is a call that works. `find` fails as often as
    `blind` says. A post shows in the history only `lag` seconds after it was accepted.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        faults: Iterable[str] = (),
        *,
        blind: int = 0,
        lag: float = 0,
    ) -> None:
        self.clock = clock
        self.faults = iter(faults)
        self.blind = blind
        self.lag = timedelta(seconds=lag)
        self.posts: list[Post] = []
        self.calls = 0

    def send(self, message: Message) -> Sent:
        self.calls += 1
        fault = next(self.faults, "")
        match fault:
            case "refuse":
                raise TransportError("connection refused")
            case "429":
                raise TransportError("rate limited", retry_after=30)
            case "permanent":
                raise TransportError("user_not_found", permanent=True)
            case "500" | "timeout":
                raise TransportError(fault, unknown=True)
            case "killed before":
                raise Killed
            case "broken":
                raise KeyError(fault)
        sent = self._accept(message)
        match fault:
            case "accepted, timeout" | "accepted, 500":
                raise TransportError(fault, unknown=True)
            case "accepted, killed":
                raise Killed
            case "accepted, broken":
                raise KeyError(fault)
        return sent

    def find(self, message: Message, since: datetime) -> Sent | None:
        if self.blind:
            self.blind -= 1
            raise TransportError("history refused")
        for place, post in enumerate(self._history()):
            at = datetime.fromisoformat(post.at)
            if post.marker == message.marker and since <= at <= self.clock() - self.lag:
                return Sent(f"D{post.recipient}", str(place))
        return None

    def sent_keys(self) -> list[str]:
        return [post.key for post in self._history()]

    def _accept(self, message: Message) -> Sent:
        at = self.clock().isoformat()
        payload = dict(message.payload)
        return self._write(Post(message.marker, message.key, message.recipient, payload, at))

    def _write(self, post: Post) -> Sent:
        self.posts.append(post)
        return Sent(f"D{post.recipient}", str(len(self.posts) - 1))

    def _history(self) -> Iterator[Post]:
        return iter(self.posts)


class JournalMessenger(FakeMessenger):
    """The same, its history in a file: what one process had accepted, the next one finds."""

    def __init__(self, clock: Callable[[], datetime], journal: Path, faults=()) -> None:
        super().__init__(clock, faults)
        self.journal = journal

    def _write(self, post: Post) -> Sent:
        with self.journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(asdict(post)) + "\n")
        return Sent(f"D{post.recipient}", post.at)

    def _history(self) -> Iterator[Post]:
        if self.journal.exists():
            for line in self.journal.read_text(encoding="utf-8").splitlines():
                yield Post(**json.loads(line))
