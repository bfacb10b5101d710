"""An answer from the policies: the deciding words first, then the clause they stand in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from bank.policies import PolicyRecord
from bot import figures
from bot.replies.leads import foreign, lead, reading
from bot.replies.tree import (
    Actions,
    Button,
    Dialog,
    Line,
    Node,
    Note,
    Paragraph,
    Quote,
    Reply,
    Span,
    paragraph,
    plain_text,
    strong,
)
from bot.wording import say
from knowledge.answer import Answer, Approval, Citation, Clash, SeeAlso

LEAD_SHARE = 0.45
"""Deciding words that are more of their clause than this are seen in it, and not said twice."""


def answer(found: Answer, officer: str | None, question_id: str, today: date) -> Reply:
    """The reply to a question. `officer` names whom to ask next, None where nobody is named.

    Clauses that are not in force `today`, of a question as of another day, say so.
    """
    reply = _reply(found, officer, question_id, today)
    return replace(reply, nodes=(*reading(found), *reply.nodes)) if found.reading else reply


def _reply(found: Answer, officer: str | None, question_id: str, today: date) -> Reply:
    if found.approval is not None:
        return _verified(found, found.approval, today)
    if found.clash is not None:
        return _disputed(found, found.clash, officer, question_id, today)
    if found.claims:
        return _drafted(found, question_id, today)
    if found.status == "answered":
        return _answered(found, question_id, today)
    return _refused(found, officer, question_id, today)


def text(found: Answer, officer: str | None, today: date) -> str:
    """The answer in plain words, as `daybook ask --json` gives it."""
    if found.clash is not None:
        told = (
            f"{deciding(one)} ({_owned(one, found.lang, today)})" for one in found.citations[:2]
        )
        return " ".join((_disagree(found), *told, next_step(found.lang, officer)))
    if found.status != "answered":
        return " ".join((*_reasons(found), next_step(found.lang, officer)))
    if found.claims:
        return " ".join(_claimed(found, today))
    first = found.citations[0]
    if found.approval is not None:
        approved = f"{found.approval.text} ({vouched(found.approval, found.lang)})"
        return f"{approved} ({source(first, found.lang, today)})"
    if begins := lead_text(found, today):
        return f"{begins} {deciding(first)}"
    return f"{deciding(first)} ({source(first, found.lang, today)})"


def lead_text(found: Answer, today: date) -> str:
    """The first line of an answer whose words answer outright; "" where there is none."""
    where = source(found.citations[0], found.lang, today) if found.citations else ""
    return plain_text(lead(found, where) or ())


def vouched(approval: Approval, lang: str) -> str:
    """Who verified an expert's answer, and when; compliance, where nobody is named."""
    on = figures.day(approval.approved_on, lang)
    if approval.by:
        return say(lang, "verified.by", name=approval.by, day=on)
    return say(lang, "verified.by_compliance", day=on)


def deciding(citation: Citation) -> str:
    """The words of a clause that decide the question; the whole clause when none are marked."""
    said = [citation.quote[start:end].strip() for start, end in citation.marks]
    return " ".join(said) if said else citation.quote


def source(citation: Citation, lang: str, today: date) -> str:
    """Which clause it is: title, clause, page, and whether it is not in force today."""
    key = "source.on_page" if citation.page else "source.plain"
    values = {"page": citation.page} if citation.page else {}
    where = say(lang, key, title=citation.title, clause=named(citation.clause, lang), **values)
    if citation.in_force_to and citation.in_force_to <= today:
        return say(lang, "source.ended", where=where)
    if today < citation.in_force_from:
        return say(lang, "source.to_come", where=where)
    return where


def named(label: str, lang: str) -> str:
    """A clause by its label: clause 3.2, but Article 5, Fees!12 and a heading as they are."""
    return say(lang, "source.clause", clause=label) if label[:1].isdigit() else label


def in_force(held: Citation | PolicyRecord, lang: str) -> str:
    """Since when it is in force, on which day last, and what it replaced."""
    values = {"version": held.version, "since": figures.day(held.in_force_from, lang)}
    if held.in_force_to:
        last = held.in_force_to - timedelta(1)
        told = say(lang, "source.until", **values, until=figures.day(last, lang))
    else:
        told = say(lang, "source.since", **values)
    if held.replaces:
        return say(lang, "source.replaces", held=told, replaced=held.replaces)
    return told


def beside(found: Answer) -> str:
    """One line of what to read beside the cited clauses; "" when there is nothing."""
    if not found.see_also:
        return ""
    items = [_item(one, found) for one in found.see_also]
    return say(found.lang, "answer.beside", items=say(found.lang, "answer.comma").join(items))


def _item(one: SeeAlso, found: Answer) -> str:
    where = _where(one, found)
    if one.term:
        return say(found.lang, "answer.term", term=one.term, where=where)
    return where


def _where(one: SeeAlso, found: Answer) -> str:
    """The clause alone inside the policy that was quoted first, else with its policy's title."""
    first = found.citations[0]
    if not one.clause:
        return say(found.lang, "answer.policy", title=one.title)
    if (one.policy, one.version) == (first.policy, first.version):
        return named(one.clause, found.lang)
    return say(found.lang, "source.plain", title=one.title, clause=named(one.clause, found.lang))


def sources(citations: Sequence[Citation], lang: str, today: date) -> Dialog:
    """Every clause in full, in a window."""
    nodes: list[Node] = []
    for citation in citations:
        nodes += _cited(citation, lang, today)
    return Dialog(say(lang, "source.dialog"), say(lang, "dialog.close"), tuple(nodes))


def next_step(lang: str, officer: str | None) -> str:
    """Whom to ask when the policies do not say."""
    if officer is None:
        return say(lang, "refused.ask_department")
    return say(lang, "refused.ask_officer", officer=officer)


def _answered(found: Answer, question_id: str, today: date) -> Reply:
    first, *others = found.citations
    words = deciding(first)
    whole = len(words) > LEAD_SHARE * len(first.quote)
    begins = lead(found, source(first, found.lang, today))
    nodes: list[Node] = []
    if begins:
        nodes.append(Paragraph((begins,)))
    elif not whole:
        nodes.append(paragraph(strong(words)))
    nodes += [*foreign(first.quote, found.lang), *_cited(first, found.lang, today)]
    if found.see_also:
        nodes.append(Note(beside(found)))
    if others:
        nodes.append(paragraph(say(found.lang, "answer.also")))
        for other in others:
            nodes += _told(other, found.lang, today)
        nodes.append(_sources_button(found, question_id))
    return Reply(plain_text(begins) if begins else words, tuple(nodes), "staff")


def _disputed(
    found: Answer, clash: Clash, officer: str | None, question_id: str, today: date
) -> Reply:
    """Two clauses that contradict each other, each with its own words and who answers for it."""
    says = _disagree(found)
    nodes: list[Node] = [paragraph(strong(says), say(found.lang, "conflict.not_mine"))]
    for citation, differs in zip(found.citations, clash.spans, strict=False):
        shown = marked(replace(citation, marks=(differs,)))
        where = f"{_owned(citation, found.lang, today)} · {in_force(citation, found.lang)}"
        nodes += [*foreign(citation.quote, found.lang), Quote(shown), Note(where)]
    nodes.append(paragraph(next_step(found.lang, officer)))
    buttons = (
        expert_button(found.lang, question_id),
        *_sources_button(found, question_id).controls,
    )
    nodes.append(Actions(buttons))
    return Reply(says, tuple(nodes), "staff")


def _disagree(found: Answer) -> str:
    kind = found.clash.kind if found.clash else "number"
    return say(found.lang, f"conflict.{kind}")


def _owned(citation: Citation, lang: str, today: date) -> str:
    """Which clause it is and who answers for its policy."""
    return say(lang, "conflict.owner", where=source(citation, lang, today), owner=citation.owner)


def _verified(found: Answer, approval: Approval, today: date) -> Reply:
    """An expert's words and who vouches for them, then every clause they rest on."""
    nodes: list[Node] = [paragraph(*approval.text.splitlines())]
    nodes.append(Note(f"✓ {vouched(approval, found.lang)}"))
    nodes.append(paragraph(say(found.lang, "verified.rests")))
    for citation in found.citations:
        nodes += _cited(citation, found.lang, today)
    return Reply(approval.text, tuple(nodes), "staff")


def _claimed(found: Answer, today: date) -> list[str]:
    """A model's sentences, each with the clause it rests on."""
    return [
        f"{claim.text} ({source(found.citations[claim.citation], found.lang, today)})"
        for claim in found.claims
    ]


def _drafted(found: Answer, question_id: str, today: date) -> Reply:
    """A model's sentences with the words they rest on, clause by clause, and who drafted them."""
    nodes: list[Node] = []
    for place, claims in groupby(found.claims, key=lambda claim: claim.citation):
        citation = found.citations[place]
        nodes += foreign(citation.quote, found.lang)
        for claim in claims:
            nodes.append(paragraph(strong(claim.text)))
            nodes.append(Quote((Span(citation.quote[claim.start : claim.end]),)))
        where = f"{source(citation, found.lang, today)} · {in_force(citation, found.lang)}"
        nodes.append(Note(where))
    if found.see_also:
        nodes.append(Note(beside(found)))
    model = found.model.partition(":")[2]
    nodes.append(Note(say(found.lang, "answer.drafted", model=model)))
    nodes.append(_sources_button(found, question_id))
    return Reply(" ".join(claim.text for claim in found.claims), tuple(nodes), "staff")


def _refused(found: Answer, officer: str | None, question_id: str, today: date) -> Reply:
    reasons = _reasons(found)
    nodes: list[Node] = [paragraph(strong(reasons[0]), *reasons[1:])]
    nodes.append(paragraph(next_step(found.lang, officer)))
    if found.nearest:
        nodes.append(paragraph(say(found.lang, "refused.closest")))
        for near in found.nearest:
            nodes += _told(near, found.lang, today)
    buttons = _sources_button(found, question_id).controls if found.nearest else ()
    nodes.append(Actions((expert_button(found.lang, question_id), *buttons)))
    return Reply(reasons[0], tuple(nodes), "staff")


def _reasons(found: Answer) -> tuple[str, ...]:
    key = f"refused.{found.reason or 'off_topic'}"
    return (say(found.lang, key),)


def expert_button(lang: str, question_id: str) -> Button:
    """Put the question to an expert: whoever asked it may."""
    return Button("expert", say(lang, "expert.button"), question_id, primary=True)


def _sources_button(found: Answer, question_id: str) -> Actions:
    return Actions((Button("sources", say(found.lang, "source.button"), question_id),))


def _told(citation: Citation, lang: str, today: date) -> tuple[Node, ...]:
    """A clause in short: its deciding words and where they stand."""
    return (Quote((Span(deciding(citation)),)), Note(source(citation, lang, today)))


def _cited(citation: Citation, lang: str, today: date) -> tuple[Node, ...]:
    where = f"{source(citation, lang, today)} · {in_force(citation, lang)}"
    return (Quote(marked(citation)), Note(where))


def marked(citation: Citation) -> Line:
    """The clause's words with the deciding ones strong."""
    spans: list[Span] = []
    at = 0
    for start, end in citation.marks:
        spans += [Span(citation.quote[at:start]), Span(citation.quote[start:end], strong=True)]
        at = end
    spans.append(Span(citation.quote[at:]))
    return tuple(span for span in spans if span.text)
