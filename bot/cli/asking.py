"""ask: the policies, from the command line."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import NoReturn
from uuid import uuid4

from bank.database import Database
from bank.errors import UnknownStaffError
from bank.people import Person, find_staff
from bot import assemble
from bot.access import NotYoursError
from bot.cli import clock
from bot.cli.output import Output, Rejected
from bot.desk import Asked
from bot.errors import BotError, Refusal
from bot.replies import answers
from bot.replies.leads import fact_words
from bot.settings import read_settings
from bot.terminal import console, show
from bot.text import cut, visible
from bot.trail import TERMINAL
from bot.wording import say
from knowledge.answer import Answer, Citation, Claim, SeeAlso
from knowledge.errors import ModelError


def ask(
    output: Output,
    text: str,
    staff: str,
    on: datetime | None,
    *,
    lang: str | None,
    conversation: str,
) -> None:
    """`daybook ask`."""
    settings = read_settings()
    now = clock.now()
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, lang or settings.lang)
        try:
            drafter = assemble.open_drafter(settings, database, clock.now)
            if drafter:
                # Before the question's time runs; what cannot be opened is told by the answer.
                with suppress(ModelError):
                    drafter.open()
            asked = assemble.open_desk(settings, database, drafter).ask(
                actor,
                text,
                clock.day(on, settings.zone),
                question_id=uuid4().hex,
                now=now,
                conversation=f"{TERMINAL}/{conversation}/0" if conversation else "",
                lang=lang,
            )
        except Refusal as refusal:
            _refuse(output, refusal.key, refusal.values, lang or actor.lang)
        except NotYoursError:
            _refuse(output, "access.not_allowed", {}, lang or actor.lang)
    _print(output, asked, actor.id, now.astimezone(settings.zone).date())


def actor_of(database: Database, staff: str, lang: str) -> Person:
    """The person of `--as`; `lang` is the language to say in that there is none."""
    try:
        with database.read() as tx:
            return find_staff(tx, staff)
    except UnknownStaffError:
        raise BotError(say(lang, "access.no_staff", staff=cut(visible(staff), 64))) from None


def _refuse(output: Output, key: str, values: Mapping[str, object], lang: str) -> NoReturn:
    line = say(lang, key, **values)
    output.data(
        {
            "status": "error",
            "answer": line,
            "mode": "extractive",
            "lang": lang,
            "citations": [],
            "took_ms": 0,
        }
    )
    raise BotError(line)


def _print(output: Output, asked: Asked, staff: str, today: date) -> None:
    found = asked.answer
    output.data(
        {
            "status": found.status,
            "answer": answers.text(found, asked.officer, today),
            "mode": found.mode,
            "lang": found.lang,
            "citations": [citation_facts(citation) for citation in found.citations],
            "nearest": [citation_facts(citation) for citation in found.nearest],
            "see_also": [_see_also(one) for one in found.see_also],
            "reason": found.reason,
            "reading": found.reading,
            "lead": answers.lead_text(found, today),
            "fact": _fact(found),
            "clash": _clash(found),
            "approval": _approval(found),
            "claims": [_claim(one, found) for one in found.claims],
            "model": found.model,
            "fallback": found.fallback,
            "took_ms": found.took_ms,
            "question": asked.question_id,
        }
    )
    if not output.json:
        show(answers.answer(found, asked.officer, asked.question_id, today), console())
        output.line(say(found.lang, "feedback.how", question=asked.question_id, staff=staff))
    if found.status != "answered":
        if not output.json:
            output.line(say(found.lang, "expert.how", question=asked.question_id, staff=staff))
        raise Rejected


def _fact(found: Answer) -> Mapping[str, object] | None:
    """The words of the first citation that answer outright, and what they say."""
    if found.fact is None:
        return None
    return {"kind": found.fact.kind, "words": fact_words(found, found.fact)}


def _clash(found: Answer) -> Mapping[str, object] | None:
    """How the first two citations contradict each other, and the words of each that do."""
    if found.clash is None:
        return None
    pairs = zip(found.citations, found.clash.spans, strict=False)
    words = [citation.quote[start:end] for citation, (start, end) in pairs]
    owners = [citation.owner for citation in found.citations[:2]]
    return {"kind": found.clash.kind, "words": words, "owners": owners}


def _approval(found: Answer) -> Mapping[str, object] | None:
    """Who wrote a verified answer and who approved it, as staff ids, and when."""
    approval = found.approval
    if approval is None:
        return None
    return {
        "id": approval.id,
        "expert": approval.expert,
        "approver": approval.approver,
        "approved_on": approval.approved_on.isoformat(),
    }


def _claim(one: Claim, found: Answer) -> Mapping[str, object]:
    """A sentence of a model's, the place of its citation in `citations`, and the words there."""
    quote = found.citations[one.citation].quote[one.start : one.end]
    return {"text": one.text, "citation": one.citation, "quote": quote}


def _see_also(one: SeeAlso) -> Mapping[str, object]:
    return {
        "policy": one.policy,
        "version": one.version,
        "title": one.title,
        "clause": one.clause or None,
        "term": one.term or None,
    }


def citation_facts(citation: Citation) -> Mapping[str, object]:
    """A clause as --json gives it."""
    until = citation.in_force_to
    return {
        "policy": citation.policy,
        "version": citation.version,
        "title": citation.title,
        "clause": citation.clause,
        "page": citation.page,
        "place": citation.place,
        "quote": citation.quote,
        "in_force_from": citation.in_force_from.isoformat(),
        "in_force_to": until.isoformat() if until else None,
    }
