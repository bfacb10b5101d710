"""Short-lived permissions Slack hands an app: triggers and response URLs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from workspace.errors import SlackError
from workspace.limits import most


class Triggers:
    """trigger_ids: each opens one view, within `life` seconds of real time (`tick`)."""

    def __init__(self, life: float, tick: Callable[[], float]) -> None:
        self._life = life
        self._tick = tick
        self._issued: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()

    def issue(self, user: str) -> str:
        """A new trigger_id for something this person just did."""
        key = f"{uuid4().int % 10**12}.{uuid4().int % 10**12}.{uuid4().hex}"
        self._issued[key] = (user, self._tick())
        return key

    def redeem(self, key: str) -> str:
        """The person whose action it came from, once."""
        if key in self._used:
            raise SlackError("exchanged_trigger_id")
        if key not in self._issued:
            raise SlackError("invalid_trigger_id")
        user, at = self._issued[key]
        if self._tick() - at > self._life:
            raise SlackError("expired_trigger_id")
        self._used.add(key)
        return user


@dataclass(frozen=True, slots=True)
class ResponseUrl:
    """Where an answer to one command or press may go. `source`: the pressed message's ts."""

    user: str
    channel: str
    expires: datetime
    thread: str = ""
    source: str = ""
    uses: int = 0


class ResponseUrls:
    """Each is good for a few answers within half an hour of the workspace's time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, user: str, channel: str, thread: str = "", source: str = "") -> str:
        """A new key, the last part of the URL."""
        key = uuid4().hex
        expires = self._now() + timedelta(minutes=most("response_url.minutes"))
        self._issued[key] = ResponseUrl(user, channel, expires, thread, source)
        return key

    def use(self, key: str) -> ResponseUrl:
        """Where this answer may go; SlackError expired_url or used_url."""
        url = self._issued.get(key)
        if url is None or self._now() > url.expires:
            raise SlackError("expired_url")
        if url.uses >= most("response_url.uses"):
            raise SlackError("used_url")
        self._issued[key] = replace(url, uses=url.uses + 1)
        return url
