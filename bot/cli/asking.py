"""ask: the policies, from the command line."""

from collections.abc import Mapping
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
from bot.settings import read_settings
from bot.terminal import console, show
from bot.text import cut, visible
from bot.wording import say
from knowledge.answer import Answer, Citation, Claim, SeeAlso


def ask(output: Output, text: str, staff: str, on: datetime | None, lang: str | None) -> None:
    """`daybook ask`."""
    settings = read_settings()
    now = clock.now()
    with assemble.open_bank(settings) as database:
        actor = actor_of(database, staff, lang or settings.lang)
        try:
            drafter = assemble.open_drafter(settings, database, clock.now)
            asked = assemble.open_desk(settings, database, drafter).ask(
                actor,
                text,
                clock.day(on, settings.zone),
                question_id=uuid4().hex,
                now=now,
                lang=lang,
            )
        except Refusal as refusal:
            _refuse(output, refusal.key, refusal.values, lang or actor.lang)
        except NotYoursError:
            _refuse(output, "access.not_allowed", {}, lang or actor.lang)
    _print(output, asked, now.astimezone(settings.zone).date())


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


def _print(output: Output, asked: Asked, today: date) -> None:
    found = asked.answer
    output.data(
        {
            "status": found.status,
            "answer": answers.text(found, asked.officer, today),
            "mode": found.mode,
            "lang": found.lang,
            "citations": [_citation(citation) for citation in found.citations],
            "nearest": [_citation(citation) for citation in found.nearest],
            "see_also": [_see_also(one) for one in found.see_also],
            "claims": [_claim(one, found) for one in found.claims],
            "model": found.model,
            "fallback": found.fallback,
            "took_ms": found.took_ms,
            "question": asked.question_id,
        }
    )
    if not output.json:
        show(answers.answer(found, asked.officer, asked.question_id, today), console())
        output.line(say(found.lang, "feedback.how", question=asked.question_id))
    if found.status != "answered":
        raise Rejected


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


def _citation(citation: Citation) -> Mapping[str, object]:
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
