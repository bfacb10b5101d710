"""Experts' questions in Slack: what their buttons open, what their forms do."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bank.people import Person
from bot.approvals import Approvals, Edits, VerifiedView
from bot.clients import ClientGuard
from bot.errors import Refusal
from bot.experts import Experts, Reply, TicketView
from bot.replies import approvals as approval_replies
from bot.replies import tickets as ticket_replies
from bot.replies import tree
from bot.replies.tickets import Seen
from bot.replies.tree import Dialog
from bot.slack.presses import OUT_OF_REACH, Room
from bot.slack.surface import Surface
from bot.wording import say

Pressed = Mapping[str, Any]
Values = Mapping[str, str]

UNCOVERED = "no"

log = structlog.get_logger("daybook.slack.experts")


def _nothing(values: Values, lang: str) -> dict[str, str]:
    del values, lang
    return {}


@dataclass(frozen=True, slots=True)
class Deed:
    """bot.slack.presses.Room for one deed, made of its parts."""

    press: Callable[[Person, Pressed, datetime], Dialog | str]
    form: Callable[[Person, Pressed, datetime], str] | None = None
    check: Callable[[Values, str], dict[str, str]] = _nothing

    def pressed(self, person: Person, pressed: Pressed, now: datetime) -> Dialog | str:
        """What its button opens, or says."""
        return self.press(person, pressed, now)

    def filled_in(self, person: Person, form: Pressed, now: datetime) -> str:
        """What its form did."""
        if self.form is None:
            raise LookupError(form["deed"])
        return self.form(person, form, now)

    def complaints(self, values: Values, lang: str) -> dict[str, str]:
        """What is wrong with its form."""
        return self.check(values, lang)


@dataclass(frozen=True, slots=True)
class ExpertRooms:
    """The deeds of tickets and verified answers."""

    experts: Experts
    approvals: Approvals
    clients: ClientGuard
    surface: Surface
    zone: ZoneInfo

    def rooms(self) -> Mapping[str, Room]:
        """By the deed of their buttons and forms."""
        return {
            "expert": Deed(self._ask, self._asked, self._check("note")),
            "ticket": Deed(self._open_ticket),
            "ticket_answer": Deed(self._answer, self._answered, self._check_answer),
            "ticket_assign": Deed(self._assign, self._assigned),
            "ticket_pass": Deed(self._pass_on),
            "verified": Deed(self._open_answer),
            "approve": Deed(self._approve),
            "edit": Deed(self._edit, self._edited, self._check("text", "question")),
            "decline": Deed(self._why("decline"), self._declined, self._check("reason")),
            "withdraw": Deed(self._why("withdraw"), self._withdrawn, self._check("reason")),
        }

    def _ask(self, person: Person, pressed: Pressed, now: datetime) -> Dialog | str:
        seen = self._seen(person, now)
        view = self.experts.find(person, pressed["value"], seen.on)
        if view is not None:
            return ticket_replies.standing(view, seen)
        keeps = {"response_url": pressed.get("response_url") or ""}
        return ticket_replies.ask_form(pressed["value"], keeps, person.lang)

    def _asked(self, person: Person, form: Pressed, now: datetime) -> str:
        question = json.loads(form["keeps"])["question"]
        view = self.experts.open(person, question, form["values"]["note"], now)
        return ticket_replies.standing(view, self._seen(person, now))

    def _open_ticket(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        seen = self._seen(person, now)
        view = self.experts.show(person, pressed["value"], seen.on)
        return ticket_replies.dialog(view, seen)

    def _answer(self, person: Person, pressed: Pressed, now: datetime) -> Dialog | str:
        seen = self._seen(person, now)
        view = self.experts.to_act(person, pressed["value"], seen.on)
        if view.answered_by:
            self._redraw(_keeps(pressed), ticket_replies.settled(view, person.lang))
            return say(person.lang, "expert.answered_first", name=view.answered_by)
        return ticket_replies.answer_form(view, _keeps(pressed), seen)

    def _answered(self, person: Person, form: Pressed, now: datetime) -> str:
        keeps, values = json.loads(form["keeps"]), form["values"]
        reply = Reply(values["reply"], *_rests(values), values["question"])
        try:
            view = self.experts.answer(person, keeps["ticket"], reply, now)
        except Refusal as refusal:
            if refusal.key in ("expert.client_data", "expert.unchecked"):
                raise
            # Its form is closed by now: what they wrote is not to be lost.
            line = say(person.lang, refusal.key, **refusal.values)
            return say(person.lang, "ticket.given_back", line=line, reply=reply.text)
        self._redraw(keeps, ticket_replies.settled(view, person.lang))
        on = self._seen(person, now).on
        proposed = self.approvals.proposed_of(person, view.ticket.id, on)
        return ticket_replies.thanks(view, proposed, person.lang)

    def _assign(self, person: Person, pressed: Pressed, now: datetime) -> Dialog | str:
        seen = self._seen(person, now)
        others = self.experts.others(person, pressed["value"], seen.on)
        view = self.experts.to_act(person, pressed["value"], seen.on)
        if view.answered_by:
            return say(person.lang, "expert.answered_first", name=view.answered_by)
        if not others:
            return say(person.lang, "expert.nobody_else")
        return ticket_replies.assign_form(view, others, _keeps(pressed), person.lang)

    def _assigned(self, person: Person, form: Pressed, now: datetime) -> str:
        keeps = json.loads(form["keeps"])
        view = self.experts.assign(person, keeps["ticket"], form["values"]["to"], now)
        return self._given(person, view, keeps)

    def _pass_on(self, person: Person, pressed: Pressed, now: datetime) -> str:
        view = self.experts.pass_on(person, pressed["value"], now)
        return self._given(person, view, _keeps(pressed))

    def _given(self, person: Person, view: TicketView, keeps: Values) -> str:
        self._redraw(keeps, ticket_replies.settled(view, person.lang))
        return say(person.lang, "ticket.given", name=view.owner)

    def _open_answer(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        seen = self._seen(person, now)
        view = self.approvals.show(person, pressed["value"], seen.on)
        return approval_replies.dialog(view, seen)

    def _approve(self, person: Person, pressed: Pressed, now: datetime) -> str:
        view = self.approvals.approve(person, pressed["value"], now)
        return self._decided(person, view, _keeps(pressed))

    def _edit(self, person: Person, pressed: Pressed, now: datetime) -> Dialog:
        seen = self._seen(person, now)
        view = self.approvals.show(person, pressed["value"], seen.on)
        return approval_replies.edit_form(view, _keeps(pressed), seen)

    def _edited(self, person: Person, form: Pressed, now: datetime) -> str:
        keeps, values = json.loads(form["keeps"]), form["values"]
        edits = Edits(values["text"], values["question"])
        view = self.approvals.approve(person, keeps["verified"], now, edits)
        return self._decided(person, view, keeps)

    def _why(self, deed: str) -> Callable[[Person, Pressed, datetime], Dialog]:
        def ask(person: Person, pressed: Pressed, now: datetime) -> Dialog:
            seen = self._seen(person, now)
            view = self.approvals.show(person, pressed["value"], seen.on)
            return approval_replies.reason_form(view, deed, _keeps(pressed), person.lang)

        return ask

    def _declined(self, person: Person, form: Pressed, now: datetime) -> str:
        keeps = json.loads(form["keeps"])
        view = self.approvals.decline(person, keeps["verified"], form["values"]["reason"], now)
        return self._decided(person, view, keeps)

    def _withdrawn(self, person: Person, form: Pressed, now: datetime) -> str:
        keeps = json.loads(form["keeps"])
        view = self.approvals.withdraw(person, keeps["verified"], form["values"]["reason"], now)
        return self._decided(person, view, keeps)

    def _decided(self, person: Person, view: VerifiedView, keeps: Values) -> str:
        line = approval_replies.settled(view, person.lang)
        self._redraw(keeps, line)
        return line.summary

    def _check_answer(self, values: Values, lang: str) -> dict[str, str]:
        """The complaint about clients named, or about clauses missing, or too much."""
        typed, uncovered = _rests(values)
        wrong = {}
        if uncovered == any(one.strip() for one in typed):
            wrong["others"] = say(lang, "expert.both" if uncovered else "expert.clauses_missing")
        return wrong | self._check("reply", "question")(values, lang)

    def _check(self, *names: str) -> Callable[[Values, str], dict[str, str]]:
        """The complaint about fields in which a client is named."""

        def complain(values: Values, lang: str) -> dict[str, str]:
            named = [name for name in names if self.clients.seems_named(values.get(name, ""))]
            return {name: say(lang, "expert.client_data") for name in named}

        return complain

    def _redraw(self, keeps: Values, reply: tree.Reply) -> None:
        """Put a line in place of the message that was pressed; done stays done when that fails."""
        if not keeps.get("channel"):
            return
        try:
            self.surface.update(keeps["channel"], keeps["ts"], reply, keeps["marker"])
        except OUT_OF_REACH:
            log.exception("not drawn anew", action="redraw")

    def _seen(self, person: Person, now: datetime) -> Seen:
        return Seen(person.lang, now.astimezone(self.zone).date(), self.zone)


def _rests(values: Values) -> tuple[tuple[str, ...], bool]:
    """What a reply is said to rest on, and whether no rule covers it."""
    uncovered = values["covered"] == UNCOVERED
    # What was ticked to begin with counts for nothing once no rule covers it.
    ticked = "" if uncovered else values.get("clauses", "")
    return tuple(f"{ticked}\n{values['others']}".splitlines()), uncovered


def _keeps(pressed: Pressed) -> dict[str, str]:
    """What a form brings back to draw its message anew and to answer where it was pressed."""
    return {name: pressed.get(name) or "" for name in ("channel", "ts", "marker", "response_url")}
