"""The whole bot in Slack: line, listeners, worker and clock, started and stopped together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bank.database import Database
from bot.appeals import Appeals
from bot.approvals import Approvals
from bot.clients import ClientGuard
from bot.cycle import Appraisals
from bot.desk import Desk
from bot.experts import Experts
from bot.incidents import Incidents
from bot.replies.notices import to_stranger
from bot.slack import blocks
from bot.slack.app import Listeners, build_app
from bot.slack.connection import connect, hang_up, identify, web_client
from bot.slack.course import CourseRooms
from bot.slack.drawing import Drawing
from bot.slack.experts import ExpertRooms
from bot.slack.guard import Body, Identity, form_values
from bot.slack.home import Homes
from bot.slack.incidents import IncidentRooms
from bot.slack.members import Members
from bot.slack.messenger import SlackMessenger
from bot.slack.presses import Presses, Room, complaints
from bot.slack.questions import Questions
from bot.slack.scorecards import Scorecards
from bot.slack.surface import Surface
from bot.slack.targets import TargetRooms
from bot.slack.verdicts import VerdictRoom
from bot.slack.worker import Handler, Worker
from bot.targets import Targets
from bot.verdicts import Verdicts
from bot.wording import say
from jobs.cycle import advance_when_due
from jobs.delivery import Delivery
from jobs.schedule import Schedule
from scoring.versions import PRODUCTS_OWN, Schemes

log = structlog.get_logger("daybook.slack.service")


@dataclass(frozen=True, slots=True)
class Access:
    """How Slack is reached."""

    bot_token: str
    app_token: str
    base_url: str


@dataclass(frozen=True, slots=True)
class House:
    """What the service works with.

    `lang` is for people whose own language is not known; `slow`: a model words answers, and an
    asker is told that it takes a while.
    """

    database: Database
    desk: Desk
    verdicts: Verdicts
    experts: Experts
    approvals: Approvals
    clients: ClientGuard
    zone: ZoneInfo
    now: Callable[[], datetime]
    lang: str
    slow: bool = False
    chores: tuple[Callable[[datetime], object], ...] = ()
    """What else the clock looks at with every tick (jobs/schedule)."""


def messenger(
    client: WebClient,
    database: Database,
    zone: ZoneInfo,
    now: Callable[[], datetime],
    schemes: Schemes = PRODUCTS_OWN,
) -> SlackMessenger:
    """Sends what is owed through a client."""

    def today() -> date:
        return now().astimezone(zone).date()

    drawing = Drawing(database, today, zone, schemes)
    return SlackMessenger(client, drawing.slack_user, drawing.draw)


class Service:
    """Connects when it is made, so that a wrong token is told before anything runs."""

    def __init__(self, access: Access, house: House) -> None:
        self._access = access
        self._house = house
        client = web_client(access.bot_token, access.base_url)
        us = identify(client)
        self._surface = Surface(client)
        self._members = Members(house.database, self._surface.account, us.team)
        self._scorecards = Scorecards(house.desk)
        asked = ExpertRooms(
            house.experts, house.approvals, house.clients, self._surface, house.zone
        )
        feedback = VerdictRoom(house.verdicts)
        schemes = house.desk.schemes
        self._incidents = Incidents(house.database, house.zone, schemes)
        self._appraisals = Appraisals(house.database, house.zone, schemes)
        self._targets = Targets(house.database, house.zone, schemes)
        appeals = Appeals(house.database, house.zone, schemes)
        courses = CourseRooms(self._appraisals, appeals, house.zone)
        incidents = IncidentRooms(self._incidents, self._surface, house.zone)
        self._rooms: Mapping[str, Room] = {
            "feedback": feedback,
            **asked.rooms(),
            **incidents.rooms(),
            **courses.rooms(),
            **TargetRooms(self._targets, self._surface, house.zone).rooms(),
        }
        sender = messenger(client, house.database, house.zone, house.now, schemes)
        self._delivery = Delivery(house.database, sender, house.zone, house.now, schemes)
        self.worker = Worker(house.database, self._handlers(), house.now)
        self._schedule = Schedule(
            house.database,
            self._delivery,
            house.zone,
            house.now,
            (*house.chores, self._advance),
        )
        self.app = build_app(client, self._listeners(us))
        self._line: SocketModeHandler | None = None

    def start(self) -> None:
        """Take up work, then open the line. Raises SlackRefusedError."""
        self.worker.start()
        try:
            self._line = connect(self.app, self._access.app_token)
        except Exception:
            self.worker.stop()
            raise
        self._schedule.start()

    def stop(self) -> None:
        """Close the line first, then finish what is under way."""
        if self._line is None:
            return
        hang_up(self._line)
        self._schedule.stop()
        self.worker.stop()

    def _advance(self, now: datetime) -> int:
        house = self._house
        return advance_when_due(house.database, now, house.zone, house.desk.schemes)

    def _listeners(self, us: Identity) -> Listeners:
        return Listeners(us, self.worker.record, self._my_kpi(us), self._complaints)

    def _handlers(self) -> Mapping[str, Handler]:
        house, surface, members = self._house, self._surface, self._members
        homes = self._homes()
        questions = Questions(
            house.database,
            house.desk,
            members,
            surface,
            self._delivery,
            house.now,
            house.lang,
            house.slow,
        )
        presses = Presses(
            house.database,
            house.desk,
            members,
            surface,
            homes,
            self._scorecards,
            self._rooms,
            house.now,
            house.lang,
        )
        return {
            "question": questions,
            "home": homes,
            "prompts": homes,
            "press": presses,
            "form": presses,
        }

    def _homes(self) -> Homes:
        house = self._house
        return Homes(
            house.database,
            house.desk,
            house.experts,
            house.approvals,
            self._incidents,
            self._appraisals,
            self._targets,
            self._members,
            self._surface,
            self._scorecards,
            house.now,
            house.zone,
        )

    def _my_kpi(self, us: Identity) -> Callable[[Body], dict[str, Any]]:
        def answer(body: Body) -> dict[str, Any]:
            try:
                today = self._house.desk.today(self._house.now())
                person = self._members.bound(str(body["user_id"]), today)
                if person is None or body.get("team_id") != us.team:
                    return _hidden(
                        blocks.message(to_stranger("unbound" if not person else "guest"))
                    )
                reply = self._scorecards.command(person, str(body.get("text") or ""), today)
                return _hidden(blocks.message(reply))
            except Exception:  # the command must be answered, whatever happened
                log.exception("command failed", action="command")
                return _hidden({"text": say(self._house.lang, "press.failed")})

        return answer

    def _complaints(self, body: Body) -> dict[str, str]:
        today = self._house.desk.today(self._house.now())
        person = self._members.bound(str(body["user"]["id"]), today)
        lang = person.lang if person else self._house.lang
        deed, values = str(body["view"]["callback_id"]), form_values(body["view"])
        if deed in self._rooms:
            return self._rooms[deed].complaints(values, lang)
        return complaints(deed, values, today, lang)


def _hidden(message: dict[str, Any]) -> dict[str, Any]:
    return {"response_type": "ephemeral", **message}
