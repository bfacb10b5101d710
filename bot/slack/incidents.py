"""Incidents in Slack: what their buttons open, what their forms do."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bank.people import Person
from bot.incidents import Incidents, IncidentView, Report
from bot.replies import incidents as replies
from bot.replies.tickets import Seen
from bot.replies.tree import Dialog
from bot.slack.experts import Deed
from bot.slack.presses import OUT_OF_REACH, Room
from bot.slack.surface import Surface
from bot.wording import say

Pressed = Mapping[str, Any]
Values = Mapping[str, str]
REPORTED = ("summary", "evidence")
WRITTEN = ("text",)

log = structlog.get_logger("daybook.slack.incidents")


@dataclass(frozen=True, slots=True)
class IncidentRooms:
    """The deeds of incidents."""

    incidents: Incidents
    surface: Surface
    zone: ZoneInfo

    def rooms(self) -> Mapping[str, Room]:
        """By the deed of their buttons and forms."""
        return {
            "incident": Deed(self._open),
            "incident_report": Deed(self._form, self._reported, self._check_report),
            "incident_confirm": Deed(self._confirm),
            **{
                f"incident_{deed}": Deed(self._why(deed), self._done(deed), self._check)
                for deed in ("dismiss", "appeal", "uphold", "reject")
            },
        }

    def _open(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        seen = self._seen(person, now)
        view = self.incidents.show(person, pressed["value"], seen.on)
        return replies.dialog(view, replies.stage_of(view), seen)

    def _form(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        del pressed
        seen = self._seen(person, now)
        self.incidents.check_reporter(person, seen.on)
        return replies.report_form(seen.on, {}, person.lang)

    def _reported(self, person: Person, form: Pressed, now: datetime) -> str:
        values = form["values"]
        report = Report(
            values["manager"].strip(),
            values["code"],
            date.fromisoformat(values["day"]),
            values["summary"],
            values["evidence"],
            values["clause"],
        )
        _, second = self.incidents.report(person, report, now)
        return replies.thanks(second, person.lang)

    def _confirm(self, person: Person, pressed: Pressed, now: datetime) -> str:
        view = self.incidents.confirm(person, pressed["value"], now)
        return self._decided(person, view, _keeps(pressed))

    def _why(self, deed: str) -> Callable[[Person, Pressed, datetime], Dialog]:
        def ask(person: Person, pressed: Pressed, now: datetime) -> Dialog:
            view = self.incidents.show(person, pressed["value"], self._seen(person, now).on)
            return replies.words_form(view, deed, _keeps(pressed), person.lang)

        return ask

    def _done(self, deed: str) -> Callable[[Person, Pressed, datetime], str]:
        def do(person: Person, form: Pressed, now: datetime) -> str:
            keeps, text, desk = json.loads(form["keeps"]), form["values"]["text"], self.incidents
            about = keeps["incident"]
            if deed == "dismiss":
                view = desk.dismiss(person, about, text, now)
            elif deed == "appeal":
                view = desk.appeal(person, about, text, now)
            else:
                view = desk.decide(person, about, text, now, uphold=deed == "uphold")
            return self._decided(person, view, keeps)

        return do

    def _decided(self, person: Person, view: IncidentView, keeps: Values) -> str:
        """Put a line in place of the message that was pressed; done stays done when that fails."""
        line = replies.settled(view, person.lang)
        if keeps.get("channel"):
            try:
                self.surface.update(keeps["channel"], keeps["ts"], line, keeps["marker"])
            except OUT_OF_REACH:
                log.exception("not drawn anew", action="redraw")
        return line.summary

    def _check_report(self, values: Values, lang: str) -> dict[str, str]:
        wrong = {
            name: say(lang, f"incident.{name}_missing")
            for name in REPORTED
            if not values.get(name, "").strip()
        }
        if not values.get("day"):
            wrong["day"] = say(lang, "visit.day_wrong")
        return wrong

    def _check(self, values: Values, lang: str) -> dict[str, str]:
        empty = [name for name in WRITTEN if not values.get(name, "").strip()]
        return {name: say(lang, "incident.reason_missing") for name in empty}

    def _seen(self, person: Person, now: datetime) -> Seen:
        return Seen(person.lang, now.astimezone(self.zone).date(), self.zone)


def _keeps(pressed: Pressed) -> dict[str, str]:
    """What a form brings back to draw its message anew and to answer where it was pressed."""
    return {name: pressed.get(name) or "" for name in ("channel", "ts", "marker", "response_url")}
