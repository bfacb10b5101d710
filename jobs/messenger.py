"""How a message leaves the house: a port that Slack, the demo and the tests' fake implement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person: facts in `payload`, worded by whoever sends it."""

    key: str
    recipient: str
    """Staff id."""
    kind: str
    disclosure: str
    """public, staff, personal or client: where it may be shown (bot/slack refuses the rest)."""
    payload: Mapping[str, object]

    @property
    def marker(self) -> str:
        """An opaque mark to post with the message and to find it by; it names nobody."""
        return sha256(self.key.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message stands now: Slack's channel and timestamp."""

    channel: str
    ts: str


class TransportError(Exception):
    """A message was not, or perhaps not, delivered.

    Exactly one of three holds:
    - `permanent`: it never will be (unknown user, message refused as malformed);
    - `unknown`: it may have arrived (time ran out, connection reset, 5xx) and must be looked
      for before it is posted again;
    - neither: plainly refused (connection refused, 429 with `retry_after` seconds), try later.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        retry_after: float | None = None,
    ) -> None:
        """Say what happened in words fit for the operator; never a token or a client's data."""
        super().__init__(reason)
        self.permanent = permanent
        self.unknown = unknown
        self.retry_after = retry_after


class Messenger(Protocol):
    """Sends messages and can look for one it may have sent before."""

    def send(self, message: Message) -> Sent:
        """Post a message once, without retrying. Raises TransportError."""
        ...

    def find(self, message: Message, since: datetime) -> Sent | None:
        """The message as it stands in its conversation since a moment, by its marker; or None.

        Looks a little earlier than `since`, for clocks differ. Raises TransportError.
        """
        ...
