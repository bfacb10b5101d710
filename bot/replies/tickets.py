"""A question put to an expert, as its owner, its asker and the experts' list see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bank.people import Person
from bot import figures
from bot.approvals import VerifiedView
from bot.experts import LONGEST_NOTE, LONGEST_REPLY, TicketView
from bot.replies import answers
from bot.replies.tree import (
    Actions,
    Button,
    ChecksField,
    ChoiceField,
    Dialog,
    ListField,
    Node,
    Note,
    Quote,
    Reply,
    Span,
    TextField,
    paragraph,
    strong,
)
from bot.text import cut
from bot.wording import say
from knowledge.answer import Citation

LONGEST_QUESTION = 2000
SHORT = 80
"""Characters of a question that one line has room for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """For whom something is drawn: their language, and the local day and zone they see it in."""

    lang: str
    on: date
    zone: ZoneInfo

    def moment(self, at: datetime) -> str:
        """A moment as they say it."""
        return figures.moment(at.astimezone(self.zone), self.on, self.lang)


def ask_form(question_id: str, keeps: Mapping[str, str], lang: str) -> Dialog:
    """Ask an expert: what happens then, and a sentence one may add."""
    return Dialog(
        title=say(lang, "expert.title"),
        close=say(lang, "dialog.cancel"),
        nodes=(paragraph(say(lang, "expert.intro")),),
        fields=(
            TextField(
                "note",
                say(lang, "expert.note"),
                say(lang, "expert.note_hint"),
                LONGEST_NOTE,
                optional=True,
            ),
        ),
        deed="expert",
        submit=say(lang, "expert.send"),
        keeps={"question": question_id, **keeps},
    )


def standing(view: TicketView, seen: Seen) -> str:
    """To whoever asked: who has it and by when, or who answered."""
    lang = seen.lang
    if view.answered_by:
        return say(lang, "expert.answered", name=view.answered_by)
    return say(lang, "expert.already", **_where_it_is(view, seen))


def question(view: TicketView, stage: str, seen: Seen) -> Reply:
    """A ticket for whoever is to act: how pressing it is, what is asked, what can be done."""
    lang, ticket = seen.lang, view.ticket
    above = stage in ("late", "left")
    nodes: list[Node] = [paragraph(strong(_lead(view, stage, seen, above=above)))]
    nodes += _asked(view, lang)
    nodes += _shown(view.clauses, seen)
    nodes.append(_actions(ticket.id, lang, pass_on=not above))
    return Reply(
        say(lang, "ticket.summary", question=_short(ticket.question)), tuple(nodes), "staff"
    )


def settled(view: TicketView, lang: str) -> Reply:
    """The one line that stands where a ticket stood, once it is answered or somebody else's."""
    name, key = view.owner, "ticket.moved"
    if view.answered_by:
        name, key = view.answered_by, "ticket.gone"
    line = say(lang, key, name=name, question=_short(view.ticket.question))
    return Reply(line, (paragraph(line),), "staff")


def answer_form(view: TicketView, keeps: Mapping[str, str], seen: Seen) -> Dialog:
    """Answer: the reply, what it rests on, and the question as others may ask it."""
    lang = seen.lang
    options = tuple(_option(one, seen) for one in _once(view.clauses))
    chosen = (ChecksField("clauses", say(lang, "ticket.clauses"), options),) if options else ()
    covered = tuple((one, say(lang, f"ticket.covered_{one}")) for one in ("yes", "no"))
    return Dialog(
        title=say(lang, "ticket.answer_title"),
        close=say(lang, "dialog.cancel"),
        nodes=tuple(_asked(view, lang)),
        fields=(
            TextField(
                "reply", say(lang, "ticket.reply"), say(lang, "ticket.reply_hint"), LONGEST_REPLY
            ),
            *chosen,
            TextField(
                "others",
                say(lang, "ticket.others" if chosen else "ticket.clauses"),
                say(lang, "ticket.others_hint"),
                optional=True,
            ),
            ChoiceField("covered", say(lang, "ticket.covered"), covered),
            TextField(
                "question",
                say(lang, "ticket.question"),
                say(lang, "ticket.question_hint"),
                LONGEST_QUESTION,
                initial=view.ticket.question,
            ),
        ),
        deed="ticket_answer",
        submit=say(lang, "ticket.send"),
        keeps={"ticket": view.ticket.id, **keeps},
    )


def assign_form(
    view: TicketView, others: Sequence[Person], keeps: Mapping[str, str], lang: str
) -> Dialog:
    """Reassign: to whom."""
    people = tuple((one.id, f"{one.name} ({one.id})") for one in others)
    return Dialog(
        title=say(lang, "ticket.assign_title"),
        close=say(lang, "dialog.cancel"),
        nodes=tuple(_asked(view, lang)),
        fields=(ListField("to", say(lang, "ticket.to"), say(lang, "ticket.to"), people),),
        deed="ticket_assign",
        submit=say(lang, "ticket.send"),
        keeps={"ticket": view.ticket.id, **keeps},
    )


def dialog(view: TicketView, seen: Seen) -> Dialog:
    """A ticket in a window, from the Home tab."""
    reply = settled(view, seen.lang) if view.answered_by else question(view, "asked", seen)
    return Dialog(say(seen.lang, "expert.title"), say(seen.lang, "dialog.close"), reply.nodes)


def reply(
    view: TicketView, rests: Sequence[Citation], seen: Seen, *, shared: bool, again: bool
) -> Reply:
    """The expert's reply, for whoever asked; nobody is named where others read along.

    `again` quotes the question: it is not said where it was asked.
    """
    lang, ticket = seen.lang, view.ticket
    who = say(lang, "ticket.replied_nobody")
    if view.answered_by and not shared:
        who = say(lang, "ticket.replied", name=view.answered_by)
    nodes: list[Node] = [paragraph(strong(who))]
    if again:
        nodes.append(Note(say(lang, "verified.about", question=ticket.question)))
    nodes.append(paragraph(*ticket.reply.splitlines()))
    if rests:
        nodes.append(paragraph(say(lang, "ticket.rests")))
        for one in rests:
            nodes += (Quote((Span(one.quote),)), Note(_where(one, seen)))
    else:
        nodes.append(paragraph(say(lang, "ticket.uncovered")))
    nodes.append(Note(say(lang, "ticket.unproven")))
    summary = say(lang, "ticket.reply_summary", text=cut(ticket.reply, 200))
    return Reply(summary, tuple(nodes), "public" if shared else "staff")


def thanks(view: TicketView, proposed: VerifiedView | None, lang: str) -> str:
    """To whoever answered: where it goes, and who is to approve it for others."""
    if proposed is None:
        return say(lang, "ticket.sent_alone", asker=view.asker)
    if proposed.approver is None:
        return say(lang, "ticket.sent_waiting", asker=view.asker)
    return say(lang, "ticket.sent", asker=view.asker, second=proposed.approver)


def whole(view: TicketView, seen: Seen) -> Reply:
    """A ticket with all there is of it, and nothing to press."""
    lang, ticket = seen.lang, view.ticket
    state = settled(view, lang) if view.answered_by else None
    lead = state.summary if state else say(lang, "expert.already", **_where_it_is(view, seen))
    nodes: list[Node] = [paragraph(strong(lead)), *_asked(view, lang)]
    nodes += _shown(view.clauses, seen)
    if ticket.reply:
        nodes += (
            paragraph(say(lang, "ticket.replied", name=view.answered_by)),
            Quote((Span(ticket.reply),)),
        )
    return Reply(lead, tuple(nodes), "staff")


def line(view: TicketView, seen: Seen) -> str:
    """A ticket in one line."""
    due = seen.moment(view.ticket.due_at)
    short = _short(view.ticket.question)
    return say(seen.lang, "ticket.row", question=short, owner=view.owner, due=due)


def _where_it_is(view: TicketView, seen: Seen) -> dict[str, str]:
    return {"name": view.owner, "due": seen.moment(view.ticket.due_at)}


def _lead(view: TicketView, stage: str, seen: Seen, *, above: bool) -> str:
    due = seen.moment(view.ticket.due_at)
    owner = {"owner": view.owner} if above else {}
    return say(seen.lang, f"ticket.{stage}", asker=view.asker, due=due, **owner)


def _asked(view: TicketView, lang: str) -> list[Node]:
    nodes: list[Node] = [Quote((Span(view.ticket.question),))]
    if view.ticket.note:
        nodes.append(paragraph(say(lang, "ticket.added", asker=view.asker, note=view.ticket.note)))
    return nodes


def _shown(clauses: Sequence[Citation], seen: Seen) -> list[Node]:
    """The clauses the asker was shown; a long one's pieces are one after the other."""
    if not clauses:
        return [Note(say(seen.lang, "ticket.nothing_shown"))]
    nodes: list[Node] = [paragraph(say(seen.lang, "ticket.shown"))]
    for one in clauses:
        nodes += (Quote((Span(one.quote),)), Note(_where(one, seen)))
    return nodes


def _actions(ticket: str, lang: str, *, pass_on: bool) -> Actions:
    first = Button("ticket_answer", say(lang, "ticket.answer"), ticket, primary=True)
    assign = Button("ticket_assign", say(lang, "ticket.assign"), ticket)
    passing = Button("ticket_pass", say(lang, "ticket.pass"), ticket)
    return Actions((first, assign, passing) if pass_on else (first, assign))


def _option(one: Citation, seen: Seen) -> tuple[str, str]:
    return one.clause_id, _where(one, seen)


def _where(one: Citation, seen: Seen) -> str:
    return answers.source(one, seen.lang, seen.on)


def _once(clauses: Sequence[Citation]) -> list[Citation]:
    """One of each clause's pieces."""
    return [*{(one.policy, one.clause): one for one in clauses}.values()]


def _short(text: str) -> str:
    return cut(" ".join(text.split()), SHORT)
