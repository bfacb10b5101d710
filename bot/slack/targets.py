"""Targets in Slack: what their buttons open, what their forms do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bank.people import Person
from bot.errors import Refusal
from bot.replies import targets as replies
from bot.replies.tickets import Seen
from bot.replies.tree import Dialog
from bot.slack.experts import Deed
from bot.slack.presses import OUT_OF_REACH, Room
from bot.slack.surface import Surface
from bot.target_terms import read_amount
from bot.target_views import TargetView
from bot.targets import Targets, Wanted
from bot.wording import say

Pressed = Mapping[str, Any]
Values = Mapping[str, str]

log = structlog.get_logger("daybook.slack.targets")


@dataclass(frozen=True, slots=True)
class TargetRooms:
    """The deeds of targets."""

    targets: Targets
    surface: Surface
    zone: ZoneInfo

    def rooms(self) -> Mapping[str, Room]:
        """By the deed of their buttons and forms."""
        return {
            "target": Deed(self._open),
            "target_sign": Deed(self._sign),
            "target_allow": Deed(self._allow),
            "target_change": Deed(self._change, self._changed, _check_change),
            "target_decline": Deed(self._decline, self._declined, _check_reason),
        }

    def _open(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        view = self._waiting(person, pressed["value"], now)
        return replies.dialog(view, self._seen(person, now))

    def _sign(self, person: Person, pressed: Pressed, now: datetime) -> str:
        view = self.targets.sign(person, pressed["value"], now)
        return self._settled(person, view, "signed", pressed)

    def _allow(self, person: Person, pressed: Pressed, now: datetime) -> str:
        view = self.targets.allow(person, pressed["value"], now)
        return self._settled(person, view, "allowed", pressed)

    def _change(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        view = self._waiting(person, pressed["value"], now)
        return replies.change_form(view, _keeps(pressed), person.lang)

    def _changed(self, person: Person, form: Pressed, now: datetime) -> str:
        keeps, values = json.loads(form["keeps"]), form["values"]
        view = self._waiting(person, keeps["proposal"], now)
        wanted = Wanted(
            view.holder.id, view.indicator.id, values["amount"], view.year, values["reason"]
        )
        changed = self.targets.propose(person, wanted, now, amend=view.signed is not None)
        return self._settled(person, changed, "changed", keeps)

    def _decline(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        view = self._waiting(person, pressed["value"], now)
        return replies.decline_form(view, _keeps(pressed), person.lang)

    def _declined(self, person: Person, form: Pressed, now: datetime) -> str:
        keeps = json.loads(form["keeps"])
        view = self.targets.decline(person, keeps["proposal"], form["values"]["reason"], now)
        return self._settled(person, view, "declined", keeps)

    def _waiting(self, person: Person, proposal: str, now: datetime) -> TargetView:
        return self.targets.waiting(person, proposal, self._seen(person, now).on)

    def _settled(
        self, person: Person, view: TargetView | None, deed: str, keeps: Mapping[str, Any]
    ) -> str:
        """Put a line in place of the message that was pressed; done stays done when that fails."""
        line = replies.settled(view, deed, person.lang)
        if keeps.get("channel"):
            try:
                self.surface.update(keeps["channel"], keeps["ts"], line, keeps["marker"])
            except OUT_OF_REACH:
                log.exception("not drawn anew", action="redraw")
        return line.summary

    def _seen(self, person: Person, now: datetime) -> Seen:
        return Seen(person.lang, now.astimezone(self.zone).date(), self.zone)


def _keeps(pressed: Pressed) -> dict[str, str]:
    """What a form brings back: which proposal, and where to draw its message anew."""
    names = ("channel", "ts", "marker", "response_url")
    return {"proposal": pressed["value"]} | {name: pressed.get(name) or "" for name in names}


def _check_reason(values: Values, lang: str) -> dict[str, str]:
    missing = not values.get("reason", "").strip()
    return {"reason": say(lang, "target.reason_missing")} if missing else {}


def _check_change(values: Values, lang: str) -> dict[str, str]:
    wrong = _check_reason(values, lang)
    try:
        read_amount(values.get("amount", ""), "cny")
    except Refusal as refusal:
        wrong["amount"] = say(lang, refusal.key, **refusal.values)
    return wrong
