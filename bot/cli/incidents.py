"""incident: what two people of the risk department decide on, from the command line."""

from collections.abc import Callable
from datetime import datetime

from bot import assemble
from bot.cli.acting import Sitting, sitting
from bot.cli.output import Output
from bot.incidents import Incidents, IncidentView, Report
from bot.replies import incidents
from bot.terminal import console, table
from bot.terminal import show as draw
from bot.text import cut, visible
from bot.wording import say

NOT_THEIRS = "incident.none"
WIDE = 48
"""Characters of a summary that the table shows."""
HEADS = ("id", "state", "known", "manager", "veto", "what")


def report(
    output: Output,
    *,
    manager: str,
    staff: str,
    code: str,
    day: datetime,
    text: str,
    evidence: str,
    clause: str,
) -> None:
    """`daybook incident report`."""
    told = Report(manager, code, day.date(), text, evidence, clause)
    with sitting(staff, NOT_THEIRS) as at:
        found, second = _desk(at).report(at.actor, told, at.now)
    output.data(_facts(found) | {"asked": second or None})
    output.line(incidents.thanks(second, at.actor.lang))


def confirm(output: Output, incident: str, staff: str) -> None:
    """`daybook incident confirm`."""
    _decide(output, staff, lambda at: _desk(at).confirm(at.actor, incident, at.now))


def dismiss(output: Output, incident: str, staff: str, reason: str) -> None:
    """`daybook incident dismiss`."""
    _decide(output, staff, lambda at: _desk(at).dismiss(at.actor, incident, reason, at.now))


def appeal(output: Output, incident: str, staff: str, text: str) -> None:
    """`daybook incident appeal`."""
    _decide(output, staff, lambda at: _desk(at).appeal(at.actor, incident, text, at.now))


def decide(output: Output, incident: str, staff: str, reason: str, *, uphold: bool) -> None:
    """`daybook incident decide`."""
    _decide(
        output,
        staff,
        lambda at: _desk(at).decide(at.actor, incident, reason, at.now, uphold=uphold),
    )


def show(output: Output, incident: str, staff: str) -> None:
    """`daybook incident show`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).show(at.actor, incident, at.on)
    output.data(_facts(found))
    if not output.json:
        draw(incidents.whole(found, at.seen), console())


def list_incidents(output: Output, staff: str, *, everything: bool) -> None:
    """`daybook incident list`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).list(at.actor, at.on, everything=everything)
    output.data({"incidents": [_facts(one) for one in found]})
    if output.json:
        return
    lang = at.actor.lang
    if not found:
        output.line(say(lang, "incident.empty"))
        return
    heads = [say(lang, f"incident.head.{head}") for head in HEADS]
    console().print(table(heads, [_row(one, lang) for one in found]))


def _decide(output: Output, staff: str, deed: Callable[[Sitting], IncidentView]) -> None:
    with sitting(staff, NOT_THEIRS) as at:
        found = deed(at)
    output.data(_facts(found))
    output.line(incidents.settled(found, at.actor.lang).summary)


def _desk(at: Sitting) -> Incidents:
    return assemble.open_incidents(at.settings, at.database)


def _row(view: IncidentView, lang: str) -> tuple[str, ...]:
    record = view.record
    return (
        record.id,
        say(lang, f"incident.state_{view.state}"),
        record.known_on.isoformat(),
        view.manager,
        record.veto,
        cut(visible(" ".join(record.summary.split())), WIDE),
    )


def _facts(view: IncidentView) -> dict[str, object]:
    record, appeal = view.record, view.appeal
    return {
        "id": record.id,
        "manager": record.manager_id,
        "state": view.state,
        "veto": record.veto,
        "code": record.code,
        "event": record.event_on.isoformat(),
        "known": record.known_on.isoformat(),
        "summary": record.summary,
        "evidence": record.evidence,
        "clause": record.policy,
        "reported_by": None if view.own else record.reported_by,
        "decided_by": None if view.own else record.confirmed_by,
        "decided_on": record.decided_on.isoformat() if record.decided_on else None,
        "reason": record.reason,
        "appeal": appeal
        and {
            "claim": appeal.claim,
            "state": appeal.state,
            "due": appeal.due_on.isoformat(),
            "handler": appeal.handler_id,
            "reason": appeal.reason,
        },
    }
