"""A message that jobs planned, from its facts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bank.people import Person
from bot.replies import duties
from bot.replies.report import monday
from bot.replies.tree import Reply
from jobs.weekly import KIND as WEEKLY


def owed(kind: str, facts: Mapping[str, Any], person: Person, on: date) -> Reply:
    """A digest, a warning or a week's answers for a person, as it stands on a day."""
    if kind == "warning":
        return duties.warning(facts, on, person.lang)
    if kind == WEEKLY:
        return monday(facts, person.lang)
    day = date.fromisoformat(facts["date"])
    morning = duties.Morning(person.name, day, facts["items"], facts["more"])
    return duties.digest(morning, on, person.lang)


def text(kind: str, facts: Mapping[str, Any], lang: str) -> str:
    """The same in plain lines, one a thing to do."""
    if kind == "warning":
        return duties.text(facts, date.fromisoformat(facts["raised"]), lang)
    if kind == WEEKLY:
        return monday(facts, lang).summary
    day = date.fromisoformat(facts["date"])
    return "\n".join(duties.text(item, day, lang) for item in facts["items"])
