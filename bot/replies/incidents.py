"""An incident, as those who report, decide and handle it see it, and as its manager does."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bank.incidents import CODES
from bot import figures
from bot.incidents import LONGEST_TEXT, IncidentView
from bot.replies.tickets import Seen
from bot.replies.tree import (
    Actions,
    Button,
    ChoiceField,
    DateField,
    Dialog,
    Node,
    Note,
    Quote,
    Reply,
    Span,
    TextField,
    paragraph,
    strong,
)
from bot.wording import say

DISCLOSURE: Final = "client"
LONGEST_ID = 64


def asks(view: IncidentView, stage: str, seen: Seen) -> Reply:
    """To whoever is to decide: all of it, and what can be done."""
    lang = seen.lang
    lead = say(lang, f"incident.asks_{stage}", manager=view.manager)
    nodes: list[Node] = [paragraph(strong(lead)), *_told(view, seen)]
    nodes.append(Actions(_controls(view, stage, lang)))
    return Reply(lead, tuple(nodes), DISCLOSURE)


def news(view: IncidentView, told: str, seen: Seen) -> Reply:
    """What became of it: to its manager, with the appeal, or to whoever reported it."""
    lang = seen.lang
    if not view.own:
        reason = view.record.reason or (view.appeal.reason if view.appeal else "")
        line = say(lang, f"incident.outcome_{told}", manager=view.manager)
        nodes: list[Node] = [paragraph(strong(line)), *([Note(reason)] if reason else [])]
        return Reply(line, tuple(nodes), DISCLOSURE)
    line = say(lang, f"incident.own_{told}", veto=view.record.veto)
    nodes = [paragraph(strong(line)), *_told(view, seen)]
    if told == "confirmed" and view.appeal is None:
        label = say(lang, "incident.appeal")
        nodes.append(Actions((Button("incident_appeal", label, view.record.id),)))
    return Reply(line, tuple(nodes), DISCLOSURE)


def whole(view: IncidentView, seen: Seen) -> Reply:
    """An incident with all there is of it, and nothing to press."""
    state = say(seen.lang, f"incident.state_{view.state}")
    nodes: list[Node] = [paragraph(strong(f"{state} · {line(view, seen.lang)}"))]
    nodes += _told(view, seen)
    if view.record.reason:
        nodes.append(Note(view.record.reason))
    return Reply(state, tuple(nodes), DISCLOSURE)


def dialog(view: IncidentView, stage: str, seen: Seen) -> Dialog:
    """An incident in a window, from the Home tab."""
    title, close = say(seen.lang, "incident.title"), say(seen.lang, "dialog.close")
    return Dialog(title, close, asks(view, stage, seen).nodes)


def settled(view: IncidentView, lang: str) -> Reply:
    """The one line that stands where an incident asked for a decision, or for an appeal."""
    told = view.state
    if view.appeal is not None and told == "confirmed":
        told = "appealed" if view.appeal.state == "open" else "kept"
    text = say(lang, f"incident.done_{told}", manager=view.manager)
    return Reply(text, (paragraph(text),), DISCLOSURE)


def thanks(second: str, lang: str) -> str:
    """To whoever reported one: who is asked to confirm it."""
    return (
        say(lang, "incident.reported", second=second)
        if second
        else say(lang, "incident.reported_alone")
    )


def stage_of(view: IncidentView) -> str:
    """What is to be decided of it next."""
    return "confirm" if view.record.state == "reported" else "appeal"


def report_form(on: date, keeps: Mapping[str, str], lang: str) -> Dialog:
    """Report an incident."""
    codes = tuple((code, _code(code, lang)) for code in CODES)
    return Dialog(
        title=say(lang, "incident.report"),
        close=say(lang, "dialog.cancel"),
        nodes=(paragraph(say(lang, "incident.intro")),),
        fields=(
            TextField(
                "manager",
                say(lang, "incident.manager"),
                say(lang, "incident.manager_hint"),
                LONGEST_ID,
            ),
            ChoiceField("code", say(lang, "incident.what"), codes),
            DateField("day", say(lang, "incident.day"), on.isoformat()),
            _long("summary", lang),
            _long("evidence", lang),
            TextField(
                "clause",
                say(lang, "incident.clause"),
                say(lang, "ticket.others_hint"),
                LONGEST_ID * 2,
            ),
        ),
        deed="incident_report",
        submit=say(lang, "incident.send"),
        keeps=dict(keeps),
    )


def words_form(view: IncidentView, deed: str, keeps: Mapping[str, str], lang: str) -> Dialog:
    """Dismiss, appeal, uphold or reject: in words."""
    return Dialog(
        title=say(lang, f"incident.{deed}_title"),
        close=say(lang, "dialog.cancel"),
        nodes=(Quote((Span(view.record.summary),)),),
        fields=(
            TextField(
                "text",
                say(lang, f"incident.{deed}_label"),
                say(lang, f"incident.{deed}_hint"),
                LONGEST_TEXT,
            ),
        ),
        deed=f"incident_{deed}",
        submit=say(lang, f"incident.{deed}"),
        keeps={"incident": view.record.id, **keeps},
    )


def line(view: IncidentView, lang: str) -> str:
    """An incident in one line."""
    record = view.record
    return say(
        lang,
        "incident.row",
        manager=view.manager,
        what=_code(record.code, lang) if record.code else record.veto,
        day=figures.day(record.event_on, lang),
    )


def _controls(view: IncidentView, stage: str, lang: str) -> tuple[Button, ...]:
    deeds = ("confirm", "dismiss") if stage == "confirm" else ("uphold", "reject")
    return tuple(
        Button(f"incident_{deed}", say(lang, f"incident.{deed}"), view.record.id) for deed in deeds
    )


def _told(view: IncidentView, seen: Seen) -> list[Node]:
    """What happened, what proves it and which clause it breaks; and the appeal, if there is one."""
    record, appeal, lang = view.record, view.appeal, seen.lang
    nodes: list[Node] = [Note(line(view, lang)), Quote((Span(record.summary),))]
    if record.evidence:
        nodes.append(paragraph(say(lang, "incident.proof", evidence=record.evidence)))
    nodes.append(paragraph(say(lang, "incident.breaks", clause=record.policy)))
    known = figures.day(record.known_on, lang)
    if view.own:
        nodes.append(Note(say(lang, "incident.by_two", day=known)))
    elif view.decider:
        told = {"reporter": view.reporter, "decider": view.decider, "day": known}
        nodes.append(Note(say(lang, "incident.by_both", **told)))
    else:
        nodes.append(Note(say(lang, "incident.by_one", reporter=view.reporter, day=known)))
    if appeal is None:
        return nodes
    due = figures.day(appeal.due_on, lang)
    nodes.append(paragraph(strong(say(lang, "incident.objects", manager=view.manager, due=due))))
    nodes.append(Quote((Span(appeal.claim),)))
    if appeal.reason:
        told = {"handler": view.handler, "reason": appeal.reason}
        nodes.append(paragraph(say(lang, f"incident.appeal_{appeal.state}", **told)))
    return nodes


def _code(code: str, lang: str) -> str:
    return say(lang, f"incident.code_{code}")


def _long(name: str, lang: str) -> TextField:
    label, hint = say(lang, f"incident.{name}"), say(lang, f"incident.{name}_hint")
    return TextField(name, label, hint, LONGEST_TEXT)
