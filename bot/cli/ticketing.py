"""ticket: questions put to experts, from the command line."""

from collections.abc import Sequence

from bot import assemble
from bot.cli.acting import Sitting, sitting
from bot.cli.asking import citation_facts
from bot.cli.output import Output
from bot.experts import Experts, Reply, TicketView
from bot.replies import tickets
from bot.terminal import console, table
from bot.terminal import show as draw
from bot.text import cut, visible
from bot.wording import say

NOT_THEIRS = "ticket.none"
WIDE = 48
"""Characters of a question that the table shows."""
HEADS = ("id", "state", "due", "owner", "asker", "question")


def list_tickets(output: Output, staff: str, *, everything: bool) -> None:
    """`daybook ticket list`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).list(at.actor, at.on, everything=everything)
    output.data({"tickets": [_facts(one) for one in found]})
    if output.json:
        return
    lang = at.actor.lang
    if not found:
        output.line(say(lang, "ticket.empty"))
        return
    rows = [_row(one, at) for one in found]
    console().print(table([say(lang, f"ticket.head.{head}") for head in HEADS], rows))


def show(output: Output, ticket_id: str, staff: str) -> None:
    """`daybook ticket show`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).show(at.actor, ticket_id, at.on)
    output.data(_facts(found))
    if not output.json:
        draw(tickets.whole(found, at.seen), console())


def open_ticket(output: Output, question: str, staff: str, note: str) -> None:
    """`daybook ticket open`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).open(at.actor, question, note, at.now)
    output.data(_facts(found))
    output.line(tickets.standing(found, at.seen))


def answer(
    output: Output,
    ticket_id: str,
    *,
    staff: str,
    text: str,
    clauses: Sequence[str],
    uncovered: bool,
    question: str,
) -> None:
    """`daybook ticket answer`."""
    reply = Reply(text, tuple(clauses), uncovered, question)
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).answer(at.actor, ticket_id, reply, at.now)
        proposed = assemble.open_approvals(at.settings, at.database).proposed_of(
            at.actor, found.ticket.id, at.on
        )
    facts = _facts(found)
    output.data(facts | {"proposed": proposed.record.id if proposed else None})
    output.line(tickets.thanks(found, proposed, at.actor.lang))


def assign(output: Output, ticket_id: str, staff: str, to: str | None) -> None:
    """`daybook ticket assign`."""
    with sitting(staff, NOT_THEIRS) as at:
        desk = _desk(at)
        if to is None:
            found = desk.pass_on(at.actor, ticket_id, at.now)
        else:
            found = desk.assign(at.actor, ticket_id, to, at.now)
    output.data(_facts(found))
    output.line(say(at.actor.lang, "ticket.given", name=found.owner))


def _desk(at: Sitting) -> Experts:
    return assemble.open_experts(at.settings, at.database)


def _row(view: TicketView, at: Sitting) -> Sequence[str]:
    ticket, lang = view.ticket, at.actor.lang
    return (
        ticket.id,
        say(lang, f"ticket.state_{ticket.state}"),
        at.seen.moment(ticket.due_at),
        view.owner,
        view.asker,
        cut(visible(" ".join(ticket.question.split())), WIDE),
    )


def _facts(view: TicketView) -> dict[str, object]:
    ticket = view.ticket
    return {
        "id": ticket.id,
        "question_id": ticket.question_id,
        "state": ticket.state,
        "question": ticket.question,
        "note": ticket.note,
        "lang": ticket.lang,
        "asker": ticket.asker_id,
        "owner": ticket.owner_id,
        "opened_at": ticket.opened_at.isoformat(),
        "due_at": ticket.due_at.isoformat(),
        "reply": ticket.reply,
        "answered_by": ticket.answered_by,
        "answered_at": ticket.answered_at.isoformat() if ticket.answered_at else None,
        "shown": [citation_facts(one) for one in view.clauses],
    }
