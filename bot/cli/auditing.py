"""audit: the log checked, exported, and cut."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bank.audit import Deed, record_deed
from bank.chain import find_head, keys_of, restart_chain
from bank.chain_check import Fault, Tick, Walk, check_log
from bank.chain_export import Exported, check_file, export_log, remove_old
from bank.database import Database
from bank.people import Person
from bot import assemble
from bot.access import NotYoursError, permit
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.cli.output import Output, Rejected
from bot.cli.progress import progress
from bot.errors import BotError
from bot.heads import note_head, note_restored, noted_heads
from bot.settings import Settings, read_settings
from bot.vault import audit_keys
from bot.wording import say


def verify(output: Output, file: Path | None) -> None:
    """`daybook audit verify`."""
    settings = read_settings()
    noted = {} if file else noted_heads(settings.heads_path)
    walk = _walk_file(settings, file) if file else _walk_log(settings, noted)
    fault = walk.fault
    output.data(
        {
            "ok": fault is None,
            "rows": walk.rows,
            "first": walk.first,
            "last": walk.last,
            "seal": walk.seal,
            "unsealed": walk.early,
            "unchecked": walk.unchecked,
            "restarts": walk.restarts,
            "fault": fault and {"row": fault.row, "kind": fault.kind, "what": told(fault, "en")},
        }
    )
    lang = settings.lang
    if fault:
        output.line(told(fault, lang))
        raise Rejected
    output.line(say(lang, "audit.holds", n=walk.rows, first=walk.first, last=walk.last))
    if walk.early:
        output.line(say(lang, "audit.early_rows", n=walk.early))
    if walk.unchecked:
        output.line(say(lang, "audit.unchecked", n=walk.unchecked))
    for row in walk.restarts:
        output.line(say(lang, "audit.restarted", row=row))


def export(
    output: Output, file: Path, staff: str, since: datetime | None, until: datetime | None
) -> None:
    """`daybook audit export`."""
    settings = read_settings()
    start = since and _midnight(since.date(), settings)
    end = until and _midnight(until.date() + timedelta(1), settings)
    with assemble.open_bank(settings) as database:
        officer = _officer(settings, database, staff, "export_audit")
        with _ticking() as tick, database.read() as tx:
            done = export_log(tx, file, start or None, end or None, tick)
        now = clock.now()
        deed = Deed(officer.id, "export_audit", now.astimezone(settings.zone).date(), now)
        with database.write() as tx:
            record_deed(tx, deed, f"audit:{done.first}-{done.last}", asdict(done))
    _tell(output, settings, "audit.exported", done, file)


def seal(output: Output, file: Path, staff: str, before: datetime | None) -> None:
    """`daybook audit seal`."""
    settings = read_settings()
    now = clock.now()
    today = now.astimezone(settings.zone).date()
    youngest = today - timedelta(settings.keep_audit)
    day = before.date() if before else youngest
    if day > youngest:
        raise BotError(say(settings.lang, "audit.too_young", days=settings.keep_audit))
    with assemble.open_bank(settings) as database:
        officer = _officer(settings, database, staff, "remove_audit")
        deed = Deed(officer.id, "remove_audit", today, now)
        with _ticking() as tick:
            done = remove_old(database, file, _midnight(day, settings), deed, tick)
        if done is None:
            raise BotError(say(settings.lang, "audit.nothing_old", day=day.isoformat()))
        _note(settings, database, now)
    _tell(output, settings, "audit.removed", done, file)


def restart(output: Output, staff: str) -> None:
    """`daybook audit restart`."""
    settings = read_settings()
    now = clock.now()
    with assemble.open_bank(settings) as database:
        officer = _officer(settings, database, staff, "restart_audit")
        with database.write() as tx:
            row = restart_chain(tx, now, officer.id)
        _note(settings, database, now)
    output.data({"row": row})
    output.line(say(settings.lang, "audit.restarted", row=row))


def restored(output: Output, staff: str) -> None:
    """`daybook audit restored`."""
    settings = read_settings()
    now = clock.now()
    last, gone = _backups_end(settings)
    with assemble.open_bank(settings) as database:
        officer = _officer(settings, database, staff, "restart_audit")
        deed = Deed(officer.id, "restore_audit", now.astimezone(settings.zone).date(), now)
        # The note first: it alone makes good again what is checked, and stands outside.
        note_restored(settings.heads_path, last, now)
        with database.write() as tx:
            record_deed(tx, deed, f"audit:{last}", {"noted": gone})
        _note(settings, database, now)
    output.data({"row": last, "noted": gone})
    output.line(say(settings.lang, "audit.went_back", row=last, other=gone))


def told(fault: Fault, lang: str) -> str:
    """What is wrong, and where."""
    row: dict[str, object] = {"row": fault.row} if fault.row else {}
    other: dict[str, object] = {"other": fault.other} if fault.other else {}
    name: dict[str, object] = {"name": fault.name} if fault.name else {}
    return say(lang, f"audit.fault.{fault.kind}", **row, **other, **name)


@contextmanager
def _ticking() -> Iterator[Tick]:
    """Draws how many rows are done, where somebody looks on."""
    with progress() as report:
        yield lambda done: report("rows", done, 0) if report else None


def _backups_end(settings: Settings) -> tuple[int, int]:
    """Up to which row the log is what was noted outside, and the last that was noted beyond.

    Rows that were written after a backup was restored, before anybody said so, are not what was
    noted of those they took the place of. Raises BotError unless all but such notes hold.
    """
    noted = noted_heads(settings.heads_path)
    walk = _walk_log(settings, noted)
    if walk.fault is None:
        raise BotError(say(settings.lang, "audit.nothing_noted_beyond"))
    kept = {row: seal for row, seal in noted.items() if row <= walk.last}
    if fault := _walk_log(settings, kept).fault:
        raise BotError(told(fault, settings.lang))
    return walk.last, max(noted)


def _walk_log(settings: Settings, noted: Mapping[int, str]) -> Walk:
    with assemble.open_bank(settings) as database, _ticking() as tick, database.read() as tx:
        keys = keys_of(tx)
        if keys is None:
            raise BotError(say(settings.lang, "audit.fault.no_head"))
        return check_log(tx, keys, noted, tick)


def _walk_file(settings: Settings, file: Path) -> Walk:
    home = assemble.make_home(settings)
    with _ticking() as tick:
        return check_file(file, audit_keys(settings.audit_key.get_secret_value(), home), tick)


def _officer(settings: Settings, database: Database, staff: str, deed: str) -> Person:
    actor = actor_of(database, staff, settings.lang)
    try:
        permit(actor, deed, clock.day(None, settings.zone))
    except NotYoursError:
        raise BotError(say(actor.lang, "access.not_allowed")) from None
    return actor


def _note(settings: Settings, database: Database, now: datetime) -> None:
    with database.read() as tx:
        head = find_head(tx)
    if head:
        note_head(settings.heads_path, head, now)


def _midnight(day: date, settings: Settings) -> datetime:
    return datetime.combine(day, time(), settings.zone).astimezone(UTC)


def _tell(output: Output, settings: Settings, key: str, done: Exported, file: Path) -> None:
    output.data(
        {
            "file": str(file),
            "rows": done.rows,
            "first": done.first,
            "last": done.last,
            "seal": done.seal,
        }
    )
    output.line(say(settings.lang, key, n=done.rows, file=file))
