"""The audit log, or a stretch of it, as a file that can be checked without the database.

JSON lines: a heading, the rows, and an end that is sealed over all of them.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import delete, func, select

from bank.audit import Deed
from bank.chain import SEGMENT, Link, allow_removal, append, keys_of, links, select_links
from bank.chain_check import Fault, Tick, Walk, accounted
from bank.database import Database, Transaction
from bank.errors import AuditBrokenError, AuditFileError, AuditKeyError
from bank.models import Audit
from bank.models.base import EPOCH
from bank.seals import AuditKeys, canonical, same, seal

FORMAT = 1
OWNER_ONLY = 0o600
EVERY = 5000


@dataclass(frozen=True, slots=True)
class Exported:
    """What a file holds: how many rows, which, the last one's seal, and a digest of them all."""

    rows: int
    first: int
    last: int
    seal: str
    digest: str


def export_log(
    tx: Transaction, path: Path, since: datetime | None, until: datetime | None, tick: Tick
) -> Exported:
    """Write the rows from the first at or after `since` to the last before `until` to a new file.

    Rows between them come along whatever their moment, and rows from before the chain all or none,
    so that the stretch can be checked. Raises AuditFileError, AuditKeyError; nothing half-written
    is left.
    """
    keys = keys_of(tx)
    if keys is None:
        raise AuditKeyError("there is no audit key to seal the file with")
    first, last = _stretch(tx, since, until)
    query = select_links().where(Audit.id.between(first, last)).order_by(Audit.id)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except OSError as error:
        raise AuditFileError(path, f"cannot be made ({error.strerror})") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            done = _write(file, keys, _before(tx, first), links(tx, query), tick)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink()
        raise
    return done


def check_file(path: Path, keys: AuditKeys, tick: Tick) -> Walk:
    """Walk an exported file. Raises AuditFileError where it is no such file."""
    try:
        with path.open(encoding="utf-8") as file:
            lines = _Lines(path, file)
            walk = Walk(keys, before=lines.heading()["before"])
            walk.run(lines.rows(), tick)
            if walk.fault is None:
                walk.fault = _wrong_end(walk, lines.end)
    except (OSError, UnicodeDecodeError) as error:
        raise AuditFileError(path, f"cannot be read ({type(error).__name__})") from None
    return walk


def remove_old(
    db: Database, path: Path, until: datetime, deed: Deed, tick: Tick
) -> Exported | None:
    """Export the rows from before a moment, check the file, account for the rows and remove them.

    None when there are none. Raises AuditFileError, AuditKeyError, AuditBrokenError, and then
    leaves no file. It stays where the rows are gone, or may be: the commit's answer was lost.
    """
    with db.read() as tx:
        if not _sealed_row(tx, _stretch(tx, None, until)[1]):
            return None
        done = export_log(tx, path, None, until, tick)
        keys = keys_of(tx)
    try:
        _check_sound(path, keys, tick)
        with db.write() as tx:
            _remove(tx, done, deed)
    except (AuditBrokenError, AuditFileError, AuditKeyError):
        path.unlink()
        raise
    return done


def _check_sound(path: Path, keys: AuditKeys | None, tick: Tick) -> None:
    fault = check_file(path, keys, tick).fault if keys else None
    if fault:
        raise AuditBrokenError(f"nothing was removed, for {fault}")


def _remove(tx: Transaction, done: Exported, deed: Deed) -> None:
    named = (deed.actor_id, SEGMENT, f"audit:{done.last}")
    append(tx, deed.at, named, done.digest, asdict(done))
    if tx.scalar(select(func.min(Audit.id))) != done.first:
        raise AuditBrokenError("nothing was removed, for somebody else removed rows meanwhile")
    allow_removal(tx, done.last)
    tx.execute(delete(Audit).where(Audit.id <= done.last))


def _stretch(tx: Transaction, since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """The first and last row; the last is before the first when there are none."""
    first = tx.scalar(select(func.min(Audit.id))) or 1
    if since is not None:
        later = tx.scalar(select(func.min(Audit.id)).where(Audit.at >= since))
        if later is None:
            return 1, 0
        first = later if _sealed_row(tx, later) else first
    last = tx.scalar(select(func.max(Audit.id))) or 0
    if until is not None:
        after = tx.scalar(select(func.min(Audit.id)).where(Audit.at >= until, Audit.id >= first))
        last = last if after is None else after - 1
    return first, last


def _sealed_row(tx: Transaction, row: int) -> bool:
    return bool(tx.scalar(select(Audit.seal).where(Audit.id == row)))


def _before(tx: Transaction, first: int) -> str | None:
    """The seal that a row follows; None where the log begins with it."""
    earlier = select(Audit.seal).where(Audit.id < first).order_by(Audit.id.desc()).limit(1)
    found: str | None = tx.scalar(earlier)
    return accounted(tx, first) if found is None else found


def _write(
    file: TextIO, keys: AuditKeys, before: str | None, rows: Iterable[Link], tick: Tick
) -> Exported:
    count, first, last, digest = 0, 0, None, sha256()
    print(canonical({"daybook_audit": FORMAT, "before": before}), file=file)
    for link in rows:
        first = first or link.id
        digest.update(f"{link.content()}\n".encode())
        print(canonical(_told(link)), file=file)
        count, last = count + 1, link
        if count % EVERY == 0:
            tick(count)
    done = Exported(
        count, first, last.id if last else 0, last.seal if last else "", digest.hexdigest()
    )
    end = asdict(done) | {"key": keys.current_name}
    print(canonical({"end": end, "sealed": seal(keys.current, "", canonical(end))}), file=file)
    tick(count)
    return done


def _told(link: Link) -> dict[str, object]:
    return asdict(link) | {"at": (EPOCH + timedelta(microseconds=link.at)).isoformat()}


class _Lines:
    """An exported file's lines, read in order; `end` is there once the rows are through."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path = path
        self._lines = enumerate(file, start=1)
        self.end: dict[str, Any] = {}

    def heading(self) -> dict[str, Any]:
        number, found = self._next()
        if found.get("daybook_audit") != FORMAT or "before" not in found:
            raise self._error(number, "is not the beginning of an exported audit log")
        return found

    def rows(self) -> Iterator[Link]:
        while True:
            number, found = self._next()
            if "end" in found:
                self.end = found
                if next(self._lines, None):
                    raise self._error(number, "is not the last")
                return
            try:
                moment = datetime.fromisoformat(found["at"]) - EPOCH
                yield Link(**found | {"at": moment // timedelta(microseconds=1)})
            except (TypeError, ValueError, KeyError):
                raise self._error(number, "is not a row of an audit log") from None

    def _next(self) -> tuple[int, dict[str, Any]]:
        number, line = next(self._lines, (0, ""))
        if not number:
            raise AuditFileError(self._path, "is not whole: its end is missing")
        try:
            found = json.loads(line)
        except ValueError:
            raise self._error(number, "is not JSON") from None
        return number, found if isinstance(found, dict) else {}

    def _error(self, number: int, reason: str) -> AuditFileError:
        return AuditFileError(self._path, f"line {number} {reason}")


def _wrong_end(walk: Walk, found: dict[str, Any]) -> Fault | None:
    end, told = found["end"], found.get("sealed")
    key = walk.keys.by_name.get(str(end.get("key"))) if isinstance(end, dict) else None
    if key is None or not same(seal(key, "", canonical(end)), str(told)):
        return Fault(0, "file_end")
    whole = Exported(walk.rows, walk.first, walk.last, walk.seal, walk.digest())
    if end != asdict(whole) | {"key": end["key"]}:
        return Fault(0, "file_rows")
    return None
