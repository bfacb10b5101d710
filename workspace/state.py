"""Everything the workspace knows, in memory, and who must hear when it changes.

All of it is touched from the server's one event loop only.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from workspace.clock import Clock
from workspace.conversations import Conversations
from workspace.delivery import Delivery, Pace
from workspace.directory import Person, Team
from workspace.errors import SlackError
from workspace.faults import Faults
from workspace.findings import Json
from workspace.passes import ResponseUrls, Triggers
from workspace.traffic import Traffic
from workspace.views import Views


class State:
    """The parts, and a signal for the pages that watch them."""

    def __init__(
        self,
        team: Team,
        clock: Clock,
        pace: Pace,
        next_morning: Callable[[datetime], datetime],
    ) -> None:
        self.team = team
        self.clock = clock
        self.next_morning = next_morning
        self.traffic = Traffic(clock.now)
        self.faults = Faults()
        self.conversations = Conversations(team, clock)
        self.views = Views(team)
        self.triggers = Triggers(pace.trigger, time.monotonic)
        self.response_urls = ResponseUrls(clock.now)
        self.delivery = Delivery(team, clock, pace, self.traffic, self.faults, self.changed)
        self.statuses: dict[tuple[str, str], Json] = {}
        self.prompts: dict[str, Json] = {}
        self.base = ""
        self.closing = False
        self._watchers: set[asyncio.Event] = set()

    def person(self, key: object) -> Person:
        """A member who can sign in; SlackError user_not_found otherwise."""
        person = self.team.person(key) if isinstance(key, str) else None
        if person is None or person.is_bot:
            raise SlackError("user_not_found")
        return person

    def statuses_in(self, room: str) -> list[Json]:
        """What apps say there that they are at, as long as Slack shows it."""
        now = self.clock.now()
        here = (status for (at, _), status in self.statuses.items() if at == room)
        return [status for status in here if now < datetime.fromisoformat(status["until"])]

    def response_url(self, user: str, channel: str, thread: str = "", source: str = "") -> str:
        """A new response URL, whole."""
        key = self.response_urls.issue(user, channel, thread, source)
        return f"{self.base}actions/{self.team.id}/{key}"

    def changed(self) -> None:
        """Wake every page."""
        for watcher in self._watchers:
            watcher.set()

    @contextmanager
    def watching(self) -> Iterator[asyncio.Event]:
        """An event set at every change."""
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)
