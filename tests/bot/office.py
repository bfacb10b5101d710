"""The bot in a workspace on loopback: the real service, a small bank, and people's hands.

Only time is ours: the clock stands at Tuesday 17 November 2026, 09:40 in Shanghai, and goes on.
"""

import json
import time
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bank.database import Database
from bank.people import find_staff
from bot.approvals import Approvals
from bot.clients import ClientGuard
from bot.desk import Desk
from bot.experts import Experts
from bot.slack.service import Access, House, Service
from bot.verdicts import Verdicts
from knowledge.library import Library
from knowledge.llm.drafter import Drafter
from knowledge.masking.directory import Directory
from tests.bot.branch import STAFF
from workspace.clock import Clock
from workspace.delivery import Pace
from workspace.directory import Channel, Command, Person, Team
from workspace.server import Workspace

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 17, 9, 40, tzinfo=ZONE)
# Slack's three seconds are too few for a machine that is busy with other tests.
PATIENT = Pace(ack=60.0, trigger=60.0)
BOT = "U0BOT"
PEOPLE = tuple(
    Person(f"U{staff}", name, locale="zh-CN" if lang == "zh" else "en-US")
    for staff, (name, _, _, lang) in STAFF.items()
)
STRANGER = Person("U0NEW", "Newly Hired")
GUEST = Person("U0GUEST", "Guest Sample", guest=True)
PARTNER = Person("U0PARTNER", "Partner Contact", home="T0OTHER")
STAFF_CHANNEL, SHARED_CHANNEL, OUTSIDE_CHANNEL = "C0STAFF", "C0SHARED", "C0OUTSIDE"
TEAM = Team(
    id="T0BANK",
    name="Yunlan Bank",
    people=(*PEOPLE, STRANGER, GUEST, PARTNER),
    channels=(
        Channel(STAFF_CHANNEL, "staff", (BOT, *(p.id for p in PEOPLE), STRANGER.id, GUEST.id)),
        Channel(SHARED_CHANNEL, "with-partner", (BOT, "UM001", PARTNER.id), external=True),
        Channel(OUTSIDE_CHANNEL, "without-the-bot", tuple(p.id for p in PEOPLE)),
    ),
    bot_user=BOT,
    bot_name="Daybook",
    commands=(Command("/mykpi"),),
)
POLICY = """+++
id = "post-loan"
title = "贷后管理办法"
version = "2026"
kind = "policy"
lang = "zh"
in_force_from = 2026-01-01
audience = ["all"]
owner = "风险管理部"
+++
# 贷后管理办法

## 第一章 总则

第一条　本办法适用于本行全部授信客户的贷后检查、风险分类、逾期催收与档案管理，支行负责人为第一责任人。

第二条　借款人逾期还款的，客户经理应当在应还款日的次一工作日内上报团队长。联系借款人查明原因后，将结果录入系统。

第三条　客户经理每季度至少走访小微借款客户一次，走访应当留存现场照片与访谈记录。
"""


class Office:
    """What people do in Slack, and what they then see."""

    def __init__(self, database: Database, home: Path, drafter: Drafter | None = None) -> None:
        self.database = database
        self.drafter = drafter
        self.clock = Clock(MORNING)
        self.workspace = Workspace(TEAM, self.clock, pace=PATIENT)
        self.workspace.start()
        self.library = Library(database, home, drafter=drafter)
        self.clients = ClientGuard(Directory(database).mask)
        self.experts = Experts(database, self.clients, ZONE, 8)
        self.service = self.replica()

    @contextmanager
    def second_replica(self):
        """Another process's service on the same bank and workspace."""
        service = self.replica()
        service.start()
        try:
            yield
        finally:
            service.stop()

    def replica(self) -> Service:
        """A service on this bank and workspace, not started."""
        access = Access(self.workspace.bot_token, self.workspace.app_token, self.workspace.base_url)
        desk = Desk(self.database, self.library, ZONE)
        clients = self.clients
        house = House(
            self.database,
            desk,
            Verdicts(self.database, ZONE, clients),
            self.experts,
            Approvals(self.database, clients, ZONE),
            clients,
            ZONE,
            self.now,
            "en",
            self.drafter is not None,
        )
        return Service(access, house)

    def person(self, staff_id: str):
        """Somebody of the bank."""
        with self.database.read() as tx:
            return find_staff(tx, staff_id)

    def now(self) -> datetime:
        """The moment as the service's own clock tells it: in UTC."""
        return self.clock.now().astimezone(UTC)

    def take_in(self, folder: Path, text: str = POLICY) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "post-loan-2026.md").write_text(text, encoding="utf-8")
        report = self.library.sync(folder, self.clock.now())
        assert report.failed == ()

    def do(self, deed: str, user: str, **order) -> dict:
        return self._fetch(f"workspace/{deed}", {"user": user} | order)

    def say(self, user: str, text: str, room: str = "", thread: str = "") -> str:
        """Type a message, by default to the bot; its timestamp."""
        said = self.do("say", user, channel=room or dm(user), text=text, thread_ts=thread)
        return said["ts"]

    def command(self, user: str, text: str = "", room: str = "") -> dict:
        return self.do("command", user, channel=room or dm(user), command="/mykpi", text=text)

    def press(self, user: str, message: dict, deed: str, nth: int = 0, **more) -> dict:
        """Press the n-th button of a deed in a message."""
        where = [
            block["block_id"]
            for block in message["blocks"]
            for element in [*block.get("elements", []), block.get("accessory") or {}]
            if element.get("action_id") == deed
        ]
        order = {"channel": message.get("channel"), "ts": message.get("ts"), "action_id": deed}
        order |= {"block_id": where[nth]} | more
        return self.do("press", user, **order)

    def messages(self, user: str, room: str = "") -> list[dict]:
        """What a person sees in a conversation, each with its channel."""
        room = room or dm(user)
        (here,) = (one for one in self.see(user)["conversations"] if one["id"] == room)
        return [message | {"channel": room} for message in here["messages"]]

    def answers(self, user: str, room: str = "") -> list[dict]:
        """What the bot said there that this person sees."""
        return [one for one in self.messages(user, room) if one.get("user") == BOT]

    def see(self, user: str) -> dict:
        return self._fetch(f"workspace/state?user={user}")

    def fault(self, method: str, kind: str, **more) -> None:
        self._fetch("workspace/faults", {"method": method, "kind": kind} | more)

    def step(self, **order) -> None:
        self._fetch("workspace/clock", order)

    def traffic(self, name: str) -> list[dict]:
        entries = self._fetch("workspace/traffic")["entries"]
        return [entry["body"] for entry in entries if entry["name"] == name]

    def _fetch(self, path: str, body: dict | None = None) -> dict:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.workspace.url + path, data=data, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return json.load(refused)


@contextmanager
def opened(database: Database, home: Path, drafter: Drafter | None = None):
    """An office at work over a small bank; closed in the order that leaves nothing waiting."""
    office = Office(database, home, drafter)
    office.service.start()
    try:
        yield office
    finally:
        office.service.stop()
        office.workspace.stop()


def dm(user: str) -> str:
    return f"D{user[1:]}"


def text_of(message: dict) -> str:
    """Everything a message's blocks say."""
    return "\n".join(_texts(message.get("blocks") or message["text"]))


def _texts(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for held in value for text in _texts(held)]
    if isinstance(value, dict) and value.get("type") in ("rich_text_section", "rich_text_quote"):
        return ["".join(element["text"] for element in value["elements"])]
    if isinstance(value, dict):
        return [text for name in ("text", "elements", "label") for text in _texts(value.get(name))]
    return []


def eventually(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds; fail when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to hold in time"
        time.sleep(0.05)
