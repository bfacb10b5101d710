"""What waits for somebody in the appraisals' course, and the forms by which they act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from bank.cycle.waiting import Waiting
from bank.people import Person
from bot import figures
from bot.appraisal_views import AppraisalView
from bot.replies import course
from bot.replies.tickets import Seen
from bot.replies.tree import (
    Actions,
    Button,
    ChoiceField,
    Dialog,
    ListField,
    Node,
    Note,
    Reply,
    Row,
    TextField,
    paragraph,
    strong,
)
from bot.wording import say
from scoring.scheme import Scheme

ALL = "*"
"""Chosen for everybody of a list."""
MOST = 20
"""Results a form shows: the others can be seen one by one."""


@dataclass(frozen=True, slots=True)
class Todo:
    """What waits for one person at one stage of a period: so many, the soonest due on a day."""

    stage: str
    period: str
    count: int
    due_on: date | None


def todos(found: Sequence[tuple[Waiting, Person]]) -> tuple[Todo, ...]:
    """What waits, by period and stage."""
    key = lambda one: (one[0].record.period, one[0].stage)  # noqa: E731 - used twice
    grouped = groupby(sorted(found, key=key), key)
    return tuple(
        Todo(
            stage, period, len(theirs), min((o.due_on for o, _ in theirs if o.due_on), default=None)
        )
        for (period, stage), held in grouped
        if (theirs := list(held))
    )


def todo(one: Todo, role: str, seen: Seen) -> Reply:
    """To whoever is to act: how many wait, until when, and the form for it."""
    text = todo_line(one, seen)
    nodes: list[Node] = [paragraph(strong(text)), Actions(_buttons(one, role, seen.lang))]
    return Reply(text, tuple(nodes), "personal")


def todo_line(one: Todo, seen: Seen) -> str:
    """What waits, in one line."""
    text = say(seen.lang, f"appraisal.todo_{one.stage}", n=one.count, period=one.period)
    if one.due_on is None:
        return text
    gap = " " if seen.lang == "en" else ""
    day = figures.near(one.due_on, seen.on, seen.lang)
    return f"{text}{gap}{say(seen.lang, 'appraisal.by_day', day=day)}"


def home_rows(found: Sequence[Todo], seen: Seen) -> list[Node]:
    """The same on the Home tab."""
    return [
        Row(
            todo_line(one, seen),
            (),
            Button("course_todo", say(seen.lang, "appraisal.open"), f"{one.stage}|{one.period}"),
        )
        for one in found
    ]


def dialog(view: AppraisalView, scheme: Scheme, seen: Seen) -> Dialog:
    """An appraisal in a window."""
    reply = course.whole(view, scheme, seen)
    return _reading(reply.nodes, seen.lang)


def reading(one: Todo, role: str, seen: Seen) -> Dialog:
    """What waits, for who acts from the command line or with a button."""
    nodes: list[Node] = [*todo(one, role, seen).nodes]
    if one.stage == "calibrate":
        how = say(seen.lang, "appraisal.calibrate_how", period=one.period)
        nodes = [nodes[0], Note(how)]
    return _reading(tuple(nodes), seen.lang)


def confirm_form(period: str, views: Sequence[AppraisalView], scheme: Scheme, seen: Seen) -> Dialog:
    """Confirm one preliminary result or all of them, with a comment."""
    lang = seen.lang
    shown = tuple(
        Row(one.manager.name, (course.heading(one.result, scheme, lang),)) for one in views[:MOST]
    )
    everybody = ((ALL, say(lang, "appraisal.confirm_all")),)
    people = (*everybody, *_people([one.manager for one in views]))
    fields = (
        _list("who", "appraisal.confirm_who", people, lang),
        _text("note", "appraisal.confirm_note", lang, optional=True),
    )
    return _form("confirm", fields, {"period": period}, lang, shown)


def report_form(
    period: str, people: Sequence[Person], limits: tuple[Decimal, Decimal], lang: str
) -> Dialog:
    """Points that a report adds to or takes from a result, and why."""
    label = say(lang, "appraisal.report_points", least=limits[0], most=limits[1])
    fields = (
        _list("who", "appraisal.confirm_who", _people(people), lang),
        TextField("points", label, say(lang, "appraisal.report_points_hint"), 10),
        _text("reason", "appraisal.report_why", lang),
    )
    return _form("report", fields, {"period": period}, lang)


def rate_form(period: str, people: Sequence[Person], lang: str) -> Dialog:
    """Rate a manager, or stand aside."""
    options = tuple((one, say(lang, f"appraisal.rate_{one}")) for one in ("yes", "no"))
    fields = (
        _list("who", "appraisal.confirm_who", _people(people), lang),
        ChoiceField("how", say(lang, "appraisal.rate_how"), options),
        TextField(
            "score",
            say(lang, "appraisal.rate_score"),
            say(lang, "appraisal.rate_score_hint"),
            3,
            optional=True,
        ),
        _text("reason", "appraisal.rate_why", lang),
    )
    return _form("rate", fields, {"period": period}, lang)


def query_form(view: AppraisalView, items: Sequence[str], scheme: Scheme, lang: str) -> Dialog:
    """The manager asks about a figure."""
    fields = (
        _list("item", "appraisal.appeal_item", _items(items, scheme, lang), lang),
        _text("text", "appraisal.query", lang, label="appraisal.query_text"),
    )
    keeps = {"period": view.record.period}
    return _form("query", fields, keeps, lang)


def answer_form(
    period: str, asked: Sequence[tuple[AppraisalView, int]], scheme: Scheme, lang: str
) -> Dialog:
    """Answer one of the managers' questions."""
    options = []
    for view, turn in asked:
        query = next(one for one in view.entries if one.turn == turn)
        item = course.item_name(query.after, scheme, lang)
        label = f"{view.manager.name} · {item}"
        options.append((f"{view.manager.id}|{turn}", label))
    shown = tuple(
        Row(view.manager.name, (next(e.text for e in view.entries if e.turn == turn),))
        for view, turn in asked[:MOST]
    )
    fields = (
        _list("which", "appraisal.answer_which", tuple(options), lang),
        _text("text", "appraisal.answer", lang, label="appraisal.answer_text"),
    )
    return _form("answer", fields, {"period": period}, lang, shown)


def appeal_form(view: AppraisalView, items: Sequence[str], scheme: Scheme, lang: str) -> Dialog:
    """The manager appeals: item, claim and evidence."""
    fields = (
        _list("item", "appraisal.appeal_item", _items(items, scheme, lang), lang),
        _text("claim", "appraisal.appeal_claim", lang),
        _text("evidence", "appraisal.appeal_evidence", lang, optional=True),
    )
    keeps = {"period": view.record.period}
    return _form("appeal", fields, keeps, lang)


def decide_form(period: str, views: Sequence[AppraisalView], scheme: Scheme, seen: Seen) -> Dialog:
    """Decide one of the appeals that are one's own to decide."""
    lang = seen.lang
    found = [(view, one) for view in views for one in view.appeals if one.state == "open"]
    options = tuple(
        (one.id, f"{view.manager.name} · {course.item_name(one.item, scheme, lang)}")
        for view, one in found
    )
    shown = tuple(
        Row(view.manager.name, (one.claim, *([one.evidence] if one.evidence else [])))
        for view, one in found[:MOST]
    )
    ways = tuple((one, say(lang, f"appraisal.decide_{one}")) for one in ("upheld", "rejected"))
    fields = (
        _list("which", "appraisal.decide_which", options, lang),
        ChoiceField("how", say(lang, "appraisal.decide_how"), ways),
        _text("points", "appraisal.decide_points", lang, optional=True),
        _text("reason", "appraisal.decide_why", lang),
    )
    return _form("decide", fields, {"period": period}, lang, shown)


def _buttons(one: Todo, role: str, lang: str) -> tuple[Button, ...]:
    about = f"{one.stage}|{one.period}"
    if one.stage == "publish":
        label = say(lang, "appraisal.publish")
        return (Button("course_publish", label, one.period, primary=True),)
    if one.stage == "calibrate":
        return (Button("course_todo", say(lang, "appraisal.open"), about),)
    first = Button("course_todo", say(lang, f"appraisal.{one.stage}"), about, primary=True)
    if one.stage == "confirm" and role == "risk":
        return (first, Button("course_report", say(lang, "appraisal.report"), one.period))
    return (first,)


def _reading(nodes: tuple[Node, ...], lang: str) -> Dialog:
    return Dialog(say(lang, "appraisal.title"), say(lang, "dialog.close"), nodes)


def _form(
    action: str,
    fields: tuple[ListField | TextField | ChoiceField, ...],
    keeps: Mapping[str, str],
    lang: str,
    shown: tuple[Node, ...] = (),
) -> Dialog:
    return Dialog(
        title=say(lang, f"appraisal.{action}"),
        close=say(lang, "dialog.cancel"),
        nodes=shown,
        fields=fields,
        deed=f"course_{action}",
        submit=say(lang, "appraisal.send"),
        keeps=dict(keeps),
    )


def _list(name: str, key: str, options: tuple[tuple[str, str], ...], lang: str) -> ListField:
    label = say(lang, key)
    return ListField(name, label, label, options)


def _text(name: str, key: str, lang: str, *, label: str = "", optional: bool = False) -> TextField:
    return TextField(name, say(lang, label or key), say(lang, f"{key}_hint"), optional=optional)


def _people(people: Sequence[Person]) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, f"{one.name} ({one.id})") for one in people)


def _items(items: Sequence[str], scheme: Scheme, lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, course.item_name(one, scheme, lang)) for one in items)
