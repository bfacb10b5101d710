"""Buttons, menus and forms: each deed goes to the desk, and what was pressed is drawn anew."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Protocol

import structlog
from slack_sdk.errors import SlackApiError

from bank.database import Database
from bank.inbox import InboxItem, fail, finish
from bank.outbox import OutboxRow, put
from bank.people import Person
from bank.visits import VisitEntry
from bot.access import NotYoursError
from bot.desk import Desk
from bot.errors import Refusal
from bot.replies import answers, duties
from bot.replies.explanation import explanation
from bot.replies.notices import to_stranger
from bot.replies.tree import Dialog, Reply, paragraph
from bot.slack import blocks
from bot.slack.connection import SlackRefusedError
from bot.slack.home import Homes
from bot.slack.members import Members
from bot.slack.scorecards import Scorecards
from bot.slack.surface import Surface
from bot.slack.worker import LeaseLostError
from bot.wording import say
from jobs.digest import item_facts
from jobs.messenger import Message
from scoring.periods import Period

Pressed = Mapping[str, Any]
"""What bot/slack/guard kept of a press or a form."""
OUT_OF_REACH = (SlackApiError, SlackRefusedError, OSError)
"""Slack says no (the trigger expired, the message is gone), or says nothing."""

log = structlog.get_logger("daybook.slack.presses")


class Room(Protocol):
    """A deed with a module of its own: what its button opens, and what its form does."""

    def pressed(self, person: Person, pressed: Pressed, now: datetime) -> Dialog | str:
        """What to open, or to say to the person alone. Raises Refusal, NotYoursError."""
        ...

    def filled_in(self, person: Person, form: Pressed, now: datetime) -> str:
        """What to say to the person alone. Raises as `pressed` does."""
        ...

    def complaints(self, values: Mapping[str, str], lang: str) -> dict[str, str]:
        """What is wrong with the form's fields, by field."""
        ...


@dataclass(frozen=True, slots=True)
class Presses:
    """Does what was pressed or filled in, for the person who did.

    A form whose `keeps` hold a response_url is answered there.
    """

    database: Database
    desk: Desk
    members: Members
    surface: Surface
    homes: Homes
    scorecards: Scorecards
    rooms: Mapping[str, Room]
    """By the deed of their buttons and forms."""
    now: Callable[[], datetime]
    lang: str

    def do(self, item: InboxItem) -> None:
        """Act; a refusal is said to the person alone."""
        pressed: Pressed = item.payload
        now = self.now()
        account = self.members.account(pressed["user"], now)
        person = self.members.bound(pressed["user"], self._today())
        if person is None or not account.member or account.silent:
            self._tell(item, None, to_stranger("unbound" if account.member else "guest").summary)
        else:
            self._act(item, person, pressed)
        with self.database.write() as tx:
            if not finish(tx, item):
                raise LeaseLostError(item.key)

    def apologise(self, item: InboxItem) -> None:
        """Say that it did not work."""
        person = self.members.bound(str(item.payload["user"]), self._today())
        with self.database.write() as tx:
            if not fail(tx, item):
                raise LeaseLostError(item.key)
        self._tell(item, person, say(person.lang if person else self.lang, "press.failed"))

    def _act(self, item: InboxItem, person: Person, pressed: Pressed) -> None:
        try:
            if pressed["deed"] in self.rooms:
                self._in_its_room(item, person, pressed)
            elif item.kind == "form":
                self._filled_in(item, person, pressed)
            elif pressed["deed"] == "snooze":
                self._put_off(item, person, pressed)
            else:
                self._windows()[pressed["deed"]](person, pressed)
        except Refusal as refusal:
            self._tell(item, person, say(person.lang, refusal.key, **refusal.values))
        except NotYoursError:
            self._tell(item, person, say(person.lang, "press.not_open"))

    def _in_its_room(self, item: InboxItem, person: Person, pressed: Pressed) -> None:
        room = self.rooms[pressed["deed"]]
        act = room.filled_in if item.kind == "form" else room.pressed
        outcome = act(person, pressed, self.now())
        if isinstance(outcome, str):
            self._tell(item, person, outcome)
            return
        try:
            self._open(pressed, outcome)
        except OUT_OF_REACH:
            log.exception("window not opened", action="open", key=item.key)
            self._tell(item, person, say(person.lang, "press.not_opened"))

    def _windows(self) -> Mapping[str, Callable[[Person, Pressed], None]]:
        """The deeds that only show something."""
        return {
            "done": self._ask_about_visit,
            "answer": self._ask_for_answer,
            "sources": self._show_sources,
            "kpi": self._open_scorecard,
            "period": self._switch_period,
            "explain": self._explain,
        }

    def _ask_about_visit(self, person: Person, pressed: Pressed) -> None:
        on = self._today()
        facts = item_facts(self.desk.item(person, pressed["value"], on))
        self._open(pressed, duties.visit_form(facts, on, _keeps(pressed), person.lang))

    def _ask_for_answer(self, person: Person, pressed: Pressed) -> None:
        on = self._today()
        facts = item_facts(self.desk.item(person, pressed["value"], on))
        self._open(pressed, duties.warning_form(facts, on, _keeps(pressed), person.lang))

    def _put_off(self, item: InboxItem, person: Person, pressed: Pressed) -> None:
        days, _, name = pressed["value"].partition("|")
        self.desk.snooze(person, name, int(days), self._today(), self.now())
        self._redraw(item, person, _keeps(pressed) | {"item": name})

    def _show_sources(self, person: Person, pressed: Pressed) -> None:
        today = self._today()
        lang, citations = self.desk.sources(person, pressed["value"], today)
        self._open(pressed, answers.sources(citations, lang, today))

    def _open_scorecard(self, person: Person, pressed: Pressed) -> None:
        self._open(pressed, self._scorecard_dialog(person, pressed["value"]))

    def _switch_period(self, person: Person, pressed: Pressed) -> None:
        if pressed["surface"] == "modal":
            self.surface.redraw(pressed["view"], self._scorecard_dialog(person, pressed["value"]))
        else:
            reply = self.scorecards.named(person, pressed["value"], self._today())
            self.surface.replace(pressed["response_url"], reply)

    def _explain(self, person: Person, pressed: Pressed) -> None:
        about, _, indicator = pressed["value"].rpartition("|")
        subject, _, period = about.partition("|")
        found = self.desk.explain(person, subject, Period.parse(period), indicator, self._today())
        self._open(pressed, explanation(found, person.lang))

    def _scorecard_dialog(self, person: Person, about: str) -> Dialog:
        reply = self.scorecards.named(person, about, self._today())
        lang = person.lang
        return Dialog(say(lang, "kpi.dialog"), say(lang, "dialog.close"), reply.nodes)

    def _filled_in(self, item: InboxItem, person: Person, form: Pressed) -> None:
        keeps = json.loads(form["keeps"])
        kind, _, subject = keeps["item"].partition(":")
        on = self._today()
        if kind == "visit":
            visit = _visit(item.key, person, subject, form["values"])
            self.desk.done_visit(person, visit, on, self.now())
        else:
            self.desk.answer_warning(person, subject, form["values"]["text"], on, self.now())
        self._redraw(item, person, keeps)
        if kind == "visit" and self._still_due(person, keeps["item"], on):
            self._tell(item, person, say(person.lang, "visit.not_counted"))

    def _still_due(self, person: Person, name: str, on: date) -> bool:
        try:
            self.desk.item(person, name, on)
        except Refusal:
            return False
        return True

    def _redraw(self, item: InboxItem, person: Person, keeps: Mapping[str, str]) -> None:
        """Draw what was pressed as it stands now; a deed done stays done when that fails."""
        try:
            self._draw_anew(person, keeps)
        except OUT_OF_REACH:
            log.exception("not drawn anew", action="redraw", key=item.key)
            self._tell(item, person, say(person.lang, "press.recorded"))

    def _draw_anew(self, person: Person, keeps: Mapping[str, str]) -> None:
        """The message or the Home tab that was pressed."""
        if not keeps["channel"]:
            self.homes.show(person)
            return
        reply = self._digest(person, keeps) or self._alone(person, keeps["item"])
        self.surface.update(keeps["channel"], keeps["ts"], reply, keeps["marker"])

    def _digest(self, person: Person, keeps: Mapping[str, str]) -> Reply | None:
        """The digest the message is, by its marker; None when it is a warning of its own."""
        day = self.desk.today(datetime.fromtimestamp(float(keeps["ts"]), UTC))
        key = f"digest:{person.id}:{day.isoformat()}"
        if Message(key, person.id, "digest", "client", {}).marker != keeps["marker"]:
            return None
        on = self._today()
        items, more = self.desk.digest(person, key, on)
        return duties.digest(duties.Morning(person.name, day, items, more), on, person.lang)

    def _alone(self, person: Person, name: str) -> Reply:
        """A warning's own message: as it was while it is open, then one line."""
        on = self._today()
        try:
            return duties.warning(item_facts(self.desk.item(person, name, on)), on, person.lang)
        except Refusal:
            line = duties.settled(self.desk.settled(person, name, on), person.lang)
            return Reply(line, (paragraph(line),), "client")

    def _open(self, pressed: Pressed, dialog: Dialog) -> None:
        self.surface.open(pressed["trigger"], dialog, over=pressed["surface"] == "modal")

    def _tell(self, item: InboxItem, person: Person | None, text: str) -> None:
        """Say something to the person alone: where they pressed, or else as a message owed."""
        try:
            said = self._said_there(item.payload, text)
        except OUT_OF_REACH:
            log.exception("not said where it was pressed", action="tell", key=item.key)
            said = False
        if not said and person is not None:
            self._owe(item, person, text)

    def _said_there(self, pressed: Pressed, text: str) -> bool:
        """False where there is no such place: a form is closed when it has been sent."""
        url = pressed.get("response_url") or _kept(pressed).get("response_url")
        if url:
            self.surface.answer(url, text)
            return True
        if pressed.get("trigger"):
            self._open(
                pressed, Dialog("Daybook", say(self.lang, "dialog.close"), (paragraph(text),))
            )
            return True
        return False

    def _owe(self, item: InboxItem, person: Person, text: str) -> None:
        key = f"told:{item.key}"
        marker = Message(key, person.id, "notice", "staff", {}).marker
        payload = blocks.message(Reply(text, (paragraph(text),), "staff"), marker)
        with self.database.write() as tx:
            put(tx, [OutboxRow(key, person.id, "notice", "staff", "blue", payload, self.now())])

    def _today(self) -> date:
        return self.desk.today(self.now())


def _keeps(pressed: Pressed) -> dict[str, str]:
    """What a form must bring back to draw its message anew: ids only."""
    names = ("channel", "ts", "marker")
    return {"item": pressed["value"]} | {name: pressed.get(name) or "" for name in names}


def _kept(form: Pressed) -> Mapping[str, str]:
    """What a form brought back; nothing for a button."""
    kept: Mapping[str, str] = json.loads(form.get("keeps") or "{}")
    return kept


def _visit(key: str, person: Person, client_id: str, values: Mapping[str, str]) -> VisitEntry:
    return VisitEntry(
        sha256(key.encode()).hexdigest()[:32],
        client_id,
        person.id,
        date.fromisoformat(values["day"]),
        values["kind"],
        values["note"],
    )


def complaints(deed: str, values: Mapping[str, str], today: date, lang: str) -> dict[str, str]:
    """What is wrong with a form's fields, by field."""
    if deed == "answer":
        return {} if values["text"].strip() else {"text": say(lang, "warning.text_missing")}
    wrong = {}
    if not values["note"].strip():
        wrong["note"] = say(lang, "visit.note_missing")
    try:
        if date.fromisoformat(values["day"]) > today:
            wrong["day"] = say(lang, "visit.day_ahead")
    except ValueError:
        wrong["day"] = say(lang, "visit.day_wrong")
    return wrong
