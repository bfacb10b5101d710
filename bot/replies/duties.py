"""What a manager owes today: the morning message, a warning of its own, and their forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import figures
from bot.desk import SNOOZE_DAYS, Settled
from bot.replies.tree import (
    Actions,
    Button,
    ChoiceField,
    DateField,
    Dialog,
    Heading,
    Line,
    Menu,
    Node,
    Paragraph,
    Reply,
    TextField,
    paragraph,
    plain,
    strong,
)
from bot.wording import knows, say

Facts = Mapping[str, object]
"""An item as jobs/digest.item_facts gives it."""


@dataclass(frozen=True, slots=True)
class Morning:
    """A morning message: whose, of which day, what it tells, and how many things more there are."""

    name: str
    day: date
    items: Sequence[Facts | Settled]
    more: int


def digest(morning: Morning, on: date, lang: str) -> Reply:
    """The morning message as it stands on a day."""
    name, items, more = morning.name, morning.items, morning.more
    nodes: list[Node] = [
        Heading(say(lang, "digest.heading", name=name, day=figures.morning(morning.day, lang)))
    ]
    nodes += items_nodes(items, on, lang)
    if more:
        nodes.append(paragraph(say(lang, "digest.more", n=more)))
    return Reply(
        say(lang, "digest.summary", name=name, n=len(items) + more), tuple(nodes), "client"
    )


def items_nodes(items: Sequence[Facts | Settled], on: date, lang: str) -> list[Node]:
    """Each item with its reason and its buttons; what is settled in one line."""
    nodes: list[Node] = []
    for item in items:
        if isinstance(item, Settled):
            nodes.append(paragraph(settled(item, lang)))
        else:
            nodes += [Paragraph(item_lines(item, on, lang)), item_actions(item, lang)]
    return nodes


def warning(facts: Facts, on: date, lang: str) -> Reply:
    """A warning that came in during the day, in a message of its own."""
    due = figures.near(_day(facts["due"]), on, lang)
    lead = say(
        lang, "warning.alone", client=facts["client_name"], severity=_severity(facts, lang), due=due
    )
    nodes = (Paragraph(item_lines(facts, on, lang)), item_actions(facts, lang))
    return Reply(lead, nodes, "client")


def settled(item: Settled, lang: str) -> str:
    """The one line that stands where an item stood."""
    return say(lang, f"digest.was_{item.state}", client=item.client_name)


def item_lines(item: Facts, on: date, lang: str) -> tuple[Line, ...]:
    """Who, what until when, and why."""
    lines = [strong(str(item["client_name"]))]
    texts = warning_texts(item, on, lang) if item["kind"] == "warning" else _visit(item, on, lang)
    return (*lines, *(plain(text) for text in texts))


def item_actions(item: Facts, lang: str) -> Actions:
    """Done, or an answer, and putting it off."""
    name = str(item["item"])
    is_warning = item["kind"] == "warning"
    first = Button(
        "answer" if is_warning else "done",
        say(lang, "digest.answer" if is_warning else "digest.done"),
        name,
        primary=True,
    )
    if item.get("severity") == "red":
        return Actions((first,))
    options = tuple((f"{days}|{name}", say(lang, "digest.days", n=days)) for days in SNOOZE_DAYS)
    return Actions((first, Menu("snooze", say(lang, "digest.snooze"), options)))


def visit_form(item: Facts, on: date, keeps: Mapping[str, str], lang: str) -> Dialog:
    """Done: how, when, and what was agreed."""
    kinds = tuple((kind, say(lang, f"visit.{kind}")) for kind in ("onsite", "video", "phone"))
    return Dialog(
        title=say(lang, "visit.title"),
        close=say(lang, "dialog.cancel"),
        nodes=(Paragraph(item_lines(item, on, lang)),),
        fields=(
            ChoiceField("kind", say(lang, "visit.kind"), kinds),
            DateField("day", say(lang, "visit.day"), on.isoformat()),
            TextField("note", say(lang, "visit.note"), say(lang, "visit.note_hint")),
        ),
        deed="done",
        submit=say(lang, "dialog.save"),
        keeps=dict(keeps),
    )


def warning_form(item: Facts, on: date, keeps: Mapping[str, str], lang: str) -> Dialog:
    """Answer: what was found and agreed."""
    return Dialog(
        title=say(lang, "warning.title"),
        close=say(lang, "dialog.cancel"),
        nodes=(Paragraph(item_lines(item, on, lang)),),
        fields=(TextField("text", say(lang, "warning.text"), say(lang, "warning.text_hint")),),
        deed="answer",
        submit=say(lang, "dialog.save"),
        keeps=dict(keeps),
    )


def text(item: Facts, on: date, lang: str) -> str:
    """An item in one line, for the command line."""
    who, *rest = item_lines(item, on, lang)
    return " · ".join("".join(span.text for span in line) for line in (who, *rest))


def _visit(item: Facts, on: date, lang: str) -> list[str]:
    due_by = _day(item["due_by"])
    if item["state"] == "overdue":
        first = say(lang, "visit.overdue", n=(on - due_by).days)
    else:
        first = say(lang, "visit.due", due_by=figures.near(due_by, on, lang))
    if item["last_visit"] is None:
        return [first, say(lang, "visit.never")]
    last = _day(item["last_visit"])
    return [first, say(lang, "visit.last", n=(on - last).days, last=figures.near(last, on, lang))]


def warning_texts(item: Facts, on: date, lang: str) -> list[str]:
    """Until when a warning is to be answered, and what raised it."""
    due = _day(item["due"])
    severity = _severity(item, lang)
    if on > due:
        deadline = say(lang, "warning.late", severity=severity, n=(on - due).days)
    else:
        deadline = say(
            lang, "warning.respond_by", severity=severity, due=figures.near(due, on, lang)
        )
    signal = str(item["signal"])
    named = (
        say(lang, f"warning.{signal}")
        if knows(f"warning.{signal}")
        else say(lang, "warning.other", signal=signal)
    )
    evidence = item["evidence"]
    why = _evidence(evidence, lang) if isinstance(evidence, Mapping) else []
    return [deadline, " · ".join((named, *why))]


def _evidence(evidence: Mapping[str, Any], lang: str) -> list[str]:
    """What raised a warning, as jobs/risks writes it down (amounts in fen).

    Other systems' warnings come with evidence of any form: of theirs only whole numbers are told.
    """
    told = {name: held for name, held in evidence.items() if isinstance(held, int)}
    said = []
    if "days_past_due" in told:
        said.append(say(lang, "warning.days_past_due", n=told["days_past_due"]))
    if "amount" in told:
        said.append(say(lang, "warning.amount_due", amount=figures.money(told["amount"], lang)))
    if {"average_30", "average_180"} <= told.keys():
        recent = figures.money(told["average_30"], lang)
        usual = figures.money(told["average_180"], lang)
        said.append(say(lang, "warning.fall", recent=recent, usual=usual))
    return said


def _severity(item: Facts, lang: str) -> str:
    return say(lang, f"warning.{item['severity']}")


def _day(value: object) -> date:
    return date.fromisoformat(str(value))
