"""A verified answer, as whoever approves it, wrote it or asked for it sees it."""

from collections.abc import Mapping

from bank.people import Person
from bot.approvals import VerifiedView
from bot.experts import LONGEST_NOTE, LONGEST_REPLY
from bot.replies import answers
from bot.replies.tickets import LONGEST_QUESTION, SHORT, Seen
from bot.replies.tree import (
    Actions,
    Button,
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
from bot.text import cut
from bot.wording import say


def proposal(view: VerifiedView, seen: Seen, stage: str = "propose") -> Reply:
    """To whoever is to approve it, or again once it lapsed: all of it, and what can be done.

    `stage` is propose, waits or waits_late (jobs/tickets).
    """
    lang = seen.lang
    lapsed = view.record.state == "lapsed"
    lead = say(lang, f"verified.{'again' if lapsed else stage}", author=view.author)
    nodes: list[Node] = [paragraph(strong(lead)), *_told(view, seen)]
    key = view.record.id
    approve = Button("approve", say(lang, "verified.approve"), key, primary=True)
    edit = Button("edit", say(lang, "verified.edit"), key)
    withdraw = Button("withdraw", say(lang, "verified.withdraw"), key)
    decline = Button("decline", say(lang, "verified.decline"), key)
    nodes.append(Actions((approve, edit, withdraw if lapsed else decline)))
    summary = say(lang, "verified.propose_summary", question=_short(view))
    return Reply(summary, tuple(nodes), "staff")


def stale(view: VerifiedView, seen: Seen) -> Reply:
    """To its owner: it is served no more."""
    lang = seen.lang
    nodes: list[Node] = [paragraph(strong(say(lang, "verified.stale"))), *_told(view, seen)]
    nodes.append(Actions((Button("withdraw", say(lang, "verified.withdraw"), view.record.id),)))
    return Reply(say(lang, "verified.stale_summary", question=_short(view)), tuple(nodes), "staff")


def whole(view: VerifiedView, seen: Seen) -> Reply:
    """An answer with all there is of it, and nothing to press."""
    lang = seen.lang
    state = say(lang, f"verified.state_{view.record.state}")
    nodes: list[Node] = [paragraph(strong(f"{state} · {line(view, lang)}")), *_told(view, seen)]
    if view.record.reason:
        nodes.append(Note(view.record.reason))
    return Reply(state, tuple(nodes), "staff")


def settled(view: VerifiedView, lang: str) -> Reply:
    """The one line that stands where a proposal stood."""
    line = say(lang, f"verified.done_{view.record.state}", question=_short(view))
    return Reply(line, (paragraph(line),), "staff")


def news(view: VerifiedView, told: str, person: Person, lang: str) -> Reply:
    """What became of an answer, to its author or to whoever asked."""
    author = person.id == view.record.author_id
    key = f"verified.{'news' if author else 'asker'}_{told}"
    reason = {"reason": view.record.reason} if told in ("declined", "withdrawn") else {}
    line = say(lang, key, **reason)
    nodes: list[Node] = [paragraph(strong(line))]
    if told == "changed":
        nodes.append(Quote((Span(view.record.text),)))
    about = "verified.question" if author else "verified.about"
    nodes.append(Note(say(lang, about, question=view.record.question)))
    return Reply(line, tuple(nodes), "staff")


def edit_form(view: VerifiedView, keeps: Mapping[str, str], seen: Seen) -> Dialog:
    """Put it right, and propose that for a second person to approve."""
    lang = seen.lang
    return Dialog(
        title=say(lang, "verified.edit_title"),
        close=say(lang, "dialog.cancel"),
        nodes=tuple(_clauses(view, seen)),
        fields=(
            TextField(
                "text",
                say(lang, "verified.text"),
                say(lang, "verified.text_hint"),
                LONGEST_REPLY,
                initial=view.record.text,
            ),
            TextField(
                "question",
                say(lang, "ticket.question"),
                say(lang, "ticket.question_hint"),
                LONGEST_QUESTION,
                initial=view.record.question,
            ),
        ),
        deed="edit",
        submit=say(lang, "verified.propose_edit"),
        keeps={"verified": view.record.id, **keeps},
    )


def reason_form(view: VerifiedView, deed: str, keeps: Mapping[str, str], lang: str) -> Dialog:
    """Decline, or withdraw: why."""
    return Dialog(
        title=say(lang, f"verified.{deed}_title"),
        close=say(lang, "dialog.cancel"),
        nodes=(Quote((Span(view.record.text),)),),
        fields=(
            TextField(
                "reason",
                say(lang, "verified.reason"),
                say(lang, "verified.reason_hint"),
                LONGEST_NOTE,
            ),
        ),
        deed=deed,
        submit=say(lang, f"verified.{deed}"),
        keeps={"verified": view.record.id, **keeps},
    )


def dialog(view: VerifiedView, seen: Seen) -> Dialog:
    """A proposal in a window, from the Home tab."""
    waits = view.record.state in ("proposed", "lapsed")
    reply = proposal(view, seen) if waits else settled(view, seen.lang)
    title = say(seen.lang, "verified.approve")
    return Dialog(title, say(seen.lang, "dialog.close"), reply.nodes)


def line(view: VerifiedView, lang: str) -> str:
    """An answer in one line."""
    return say(lang, "verified.row", question=_short(view), author=view.author)


def _told(view: VerifiedView, seen: Seen) -> list[Node]:
    return [
        Note(view.record.question),
        Quote((Span(view.record.text),)),
        *_clauses(view, seen),
    ]


def _clauses(view: VerifiedView, seen: Seen) -> list[Node]:
    """Its clauses as they are in force now, and which of them changed."""
    lang = seen.lang
    nodes: list[Node] = [paragraph(say(lang, "ticket.rests"))]
    for one in view.clauses:
        nodes += (Quote((Span(one.quote),)), Note(answers.source(one, lang, seen.on)))
    if view.changed:
        named = say(lang, "answer.comma").join(" ".join(one) for one in view.changed)
        nodes.append(paragraph(strong(say(lang, "verified.changed_since", clauses=named))))
    return nodes


def _short(view: VerifiedView) -> str:
    return cut(" ".join(view.record.question.split()), SHORT)
