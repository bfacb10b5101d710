"""A workspace on loopback with a real Bolt app connected to it, and a person's hands on the page."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.connection import hang_up
from workspace.clock import Clock
from workspace.delivery import Pace
from workspace.directory import Channel, Command, Person, Team
from workspace.server import Workspace

# Monday 16 November 2026, 07:59 in Shanghai.
START = datetime(2026, 11, 15, 23, 59, tzinfo=UTC)
TEAM = Team(
    id="T01",
    name="云岚银行 Yunlan Bank",
    people=(
        Person("U01", "林晓舟", "客户经理 · account manager", locale="zh-CN"),
        Person("U02", "沈可航", "团队长 · team lead", locale="zh-CN"),
        Person("U03", "Visiting Auditor", "guest", guest=True),
        Person("U04", "Partner Contact", home="T99"),
    ),
    channels=(
        Channel("C01", "product-desk", ("U00", "U01", "U02")),
        Channel("C02", "with-partner", ("U00", "U01", "U04"), external=True),
        Channel("C03", "no-bot-here", ("U01", "U02")),
    ),
    bot_user="U00",
    bot_name="Daybook",
    commands=(Command("/mykpi", "where my appraisal stands"), Command("/echo", "says it back")),
)
JSON = {"Content-Type": "application/json"}
# Short enough to wait for, long enough for a busy machine to answer within it.
QUICK = Pace(ack=1.0, trigger=1.5)


@dataclass
class Desk:
    """One running workspace and the apps connected to it."""

    workspace: Workspace
    lines: list[SocketModeHandler] = field(default_factory=list)

    def client(self, token: str | None = None) -> WebClient:
        client = WebClient(token or self.workspace.bot_token, base_url=self.workspace.base_url)
        client.proxy = None
        client.retry_handlers = []
        return client

    def connect(self, app: App) -> SocketModeHandler:
        line = SocketModeHandler(app, self.workspace.app_token, ping_interval=1)
        line.connect()
        self.lines.append(line)
        eventually(lambda: self.see("U01")["connections"] >= len(self.lines))
        return line

    def app(self) -> App:
        return App(client=self.client(), token_verification_enabled=False)

    def do(self, deed: str, user: str = "U01", **order: Any) -> dict[str, Any]:
        """What the page posts when this person does something."""
        return self._fetch(f"workspace/{deed}", {"user": user} | order)

    def see(self, user: str) -> dict[str, Any]:
        """What the page shows this person."""
        return self._fetch(f"workspace/state?user={user}")

    def messages(self, user: str, room: str) -> list[dict[str, Any]]:
        rooms = {one["id"]: one for one in self.see(user)["conversations"]}
        return rooms[room]["messages"]

    def texts(self, user: str = "U01", room: str = "D01") -> list[str]:
        return [message["text"] for message in self.messages(user, room)]

    def traffic(self, name: str) -> list[dict[str, Any]]:
        entries = self._fetch("workspace/traffic")["entries"]
        return [entry["body"] for entry in entries if entry["name"] == name]

    def _fetch(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.workspace.url + path, data=data, headers=JSON)  # noqa: S310
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return json.load(refused)


def open_desk(pace: Pace = QUICK) -> Desk:
    workspace = Workspace(TEAM, Clock(START), pace=pace)
    workspace.start()
    return Desk(workspace)


def close_desk(desk: Desk) -> None:
    for line in desk.lines:
        hang_up(line)
    desk.workspace.stop()


def eventually(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds; fail when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to hold in time"
        time.sleep(0.02)


def refusal(call: Callable[[], object]) -> str:
    """The error code of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as refused:
        call()
    return refused.value.response["error"]
