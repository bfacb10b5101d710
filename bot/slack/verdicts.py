"""The two buttons beneath an answer, and the form behind the second."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bank.people import Person
from bot.replies.tree import Dialog
from bot.replies.verdicts import complaint_form
from bot.verdicts import LONGEST_NOTE, Verdicts
from bot.wording import say


@dataclass(frozen=True, slots=True)
class VerdictRoom:
    """bot.slack.presses.Room for verdicts."""

    verdicts: Verdicts

    def pressed(self, person: Person, pressed: Mapping[str, Any], now: datetime) -> Dialog | str:
        """Take the verdict at once; a bad one opens the form that asks why."""
        verdict, _, question_id = pressed["value"].partition("|")
        question = self.verdicts.give(person, question_id, verdict, now)
        if verdict == "up":
            return say(person.lang, "feedback.thanks")
        keeps = {"question": question.id, "response_url": pressed.get("response_url") or ""}
        mine = question.staff_id == person.id
        return complaint_form(keeps, person.lang, LONGEST_NOTE, may_ask=mine)

    def filled_in(self, person: Person, form: Mapping[str, Any], now: datetime) -> str:
        """Take the reason."""
        values: Mapping[str, str] = form["values"]
        question_id = json.loads(form["keeps"])["question"]
        self.verdicts.give(
            person, question_id, "down", now, reason=values["reason"], note=values["note"]
        )
        return say(person.lang, "feedback.thanks_why")

    def complaints(self, values: Mapping[str, str], lang: str) -> dict[str, str]:
        """A reason of one's own needs words."""
        if values["reason"] == "other" and not values["note"].strip():
            return {"note": say(lang, "feedback.note_missing")}
        return {}
