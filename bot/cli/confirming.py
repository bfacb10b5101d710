"""policy confirm: which clauses answer which questions, as a compliance officer confirms."""

from collections.abc import Sequence
from pathlib import Path

from bank.audit import Deed, record_deed
from bank.database import Database
from bank.people import Person
from bank.rankings import ConfirmedRecord, confirmed_answers, forget, standing
from bank.rankings import confirm as store
from bot import assemble
from bot.access import NotYoursError, permit
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.cli.output import Output, UsageError
from bot.errors import BotError
from bot.settings import Settings, read_settings
from bot.terminal import console, table
from bot.text import cut, visible
from bot.wording import say
from knowledge.posed import confirmations, read_posed

HEADS = ("id", "question", "policy", "clause", "by", "on", "counts")
WIDE = 60
"""Characters of a question that the table shows."""


def confirm(
    output: Output, file: Path | None, staff: str | None, remove: Sequence[str], *, listed: bool
) -> None:
    """`daybook policy confirm`."""
    if sum((file is not None, listed, bool(remove))) != 1:
        raise UsageError("give one of FILE, --list and --remove ID")
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        if listed:
            _list(output, database, settings.lang)
            return
        if staff is None:
            raise UsageError("say who confirms: --as STAFF")
        officer = _officer(settings, database, staff)
        if file:
            _store(output, settings, database, officer, file)
        else:
            _remove(output, settings, database, officer, remove)


def _officer(settings: Settings, database: Database, staff: str) -> Person:
    actor = actor_of(database, staff, settings.lang)
    try:
        permit(actor, "confirm", clock.day(None, settings.zone))
    except NotYoursError:
        raise BotError(say(actor.lang, "access.not_allowed")) from None
    return actor


def _store(
    output: Output, settings: Settings, database: Database, officer: Person, file: Path
) -> None:
    now = clock.now()
    posed = read_posed(file, now.astimezone(settings.zone).date())
    with database.write() as tx:
        held = {record.id for record in confirmed_answers(tx)}
        records = confirmations(tx, posed, officer.id, now)
        store(tx, records)
        deed = Deed(officer.id, "confirm", now.astimezone(settings.zone).date(), now)
        for record in records:
            record_deed(tx, deed, f"confirmed_answer:{record.id}", _content(record))
    added = len({record.id for record in records} - held)
    again = len({record.id for record in records}) - added
    output.data({"added": added, "again": again})
    output.line(say(settings.lang, "confirm.stored", added=added, again=again))


def _remove(
    output: Output, settings: Settings, database: Database, officer: Person, ids: Sequence[str]
) -> None:
    now = clock.now()
    deed = Deed(officer.id, "unconfirm", now.astimezone(settings.zone).date(), now)
    with database.write() as tx:
        held = {record.id: record for record in confirmed_answers(tx)}
        lost = [each for each in ids if each not in held]
        if lost:
            raise BotError(visible(say(settings.lang, "confirm.gone", answers=", ".join(lost))))
        forget(tx, ids)
        for each in dict.fromkeys(ids):
            record_deed(tx, deed, f"confirmed_answer:{each}", _content(held[each]))
    output.data({"removed": list(ids)})
    output.line(say(settings.lang, "confirm.removed", n=len(ids)))


def _list(output: Output, database: Database, lang: str) -> None:
    with database.read() as tx:
        records = confirmed_answers(tx)
        counts = standing(tx, records)
    output.data({"confirmed": [_told(record, record.id in counts) for record in records]})
    if not records:
        output.line(say(lang, "confirm.nothing"))
    elif not output.json:
        heads = [say(lang, f"confirm.head.{name}") for name in HEADS]
        rows = [
            (
                record.id,
                cut(visible(record.question), WIDE),
                record.policy,
                record.number,
                record.confirmed_by,
                f"{record.confirmed_at:%Y-%m-%d}",
                say(lang, "confirm.counts" if record.id in counts else "confirm.lapsed"),
            )
            for record in records
        ]
        console().print(table(heads, rows))


def _content(record: ConfirmedRecord) -> dict[str, str]:
    return {
        "question": record.question,
        "policy": record.policy,
        "clause": record.number,
        "words": record.digest,
    }


def _told(record: ConfirmedRecord, counts: bool) -> dict[str, object]:  # noqa: FBT001
    return {
        "id": record.id,
        "question": record.question,
        "lang": record.lang,
        "policy": record.policy,
        "clause": record.number,
        "confirmed_by": record.confirmed_by,
        "confirmed_at": record.confirmed_at.isoformat(),
        "counts": counts,
    }
