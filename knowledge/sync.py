"""A folder of policies into SQL: only what changed, all or nothing, checked before it is read.

The new generation of the dense index is built and checked beside the old one; one transaction
then changes the policies and points everybody to it. Whatever fails keeps its last good state.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bank.policies import ClauseRecord, PolicyRecord
from knowledge.answer import Failure
from knowledge.errors import ReadingError, SyncError
from knowledge.reading.document import Document
from knowledge.reading.metadata import BESIDE, PolicyMeta, check_meta, parse_meta, read_beside
from knowledge.reading.reader import READABLE, Reader
from knowledge.splitting import Clause, split

READING = "1"
"""Raised when reading or splitting changes, so that every file is read again."""

Report = Callable[[str, int, int], None]
"""Told of each file as it is taken up: its path, how many came before it, of how many."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may be a policy: its path inside the folder and a digest of all it says."""

    path: str
    digest: str
    meta: Mapping[str, Any] | None
    problem: str


@dataclass(slots=True)
class Plan:
    """What a sync is about to change. Clauses have no vectors yet."""

    added: dict[PolicyRecord, tuple[ClauseRecord, ...]] = field(default_factory=dict)
    removed: list[PolicyRecord] = field(default_factory=list)
    kept: list[PolicyRecord] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.added or self.removed)


def make_plan(folder: Path, held: Sequence[PolicyRecord], report: Report | None = None) -> Plan:
    """Read what changed in a folder since it was last synced, when SQL came to hold `held`."""
    sources, failures = _find_sources(folder)
    plan = Plan(failed=failures)
    by_path = {record.path: record for record in held}
    fresh: list[tuple[PolicyRecord, tuple[ClauseRecord, ...]]] = []
    with Reader() as reader:
        for number, source in enumerate(sources):
            if report:
                report(source.path, number, len(sources))
            known = by_path.get(source.path)
            if known and known.content_hash == source.digest:
                plan.unchanged.append(source.path)
                plan.kept.append(known)
                continue
            try:
                fresh.append(_read(reader, folder, source))
            except ReadingError as error:
                plan.failed.append(Failure(source.path, str(error)))
                if known:
                    plan.kept.append(known)
    paths = {source.path for source in sources}
    plan.removed = [record for record in held if record.path not in paths]
    _accept(plan, fresh, by_path)
    plan.failed.sort(key=lambda failure: failure.path)
    return plan


def _find_sources(folder: Path) -> tuple[list[Source], list[Failure]]:
    if not folder.is_dir():
        raise SyncError(f"{folder} is not a folder: give the folder that holds the policies")
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in READABLE and path.is_file() and path.name[0] not in "~."
    )
    if not files:
        raise SyncError(f"no policies ({', '.join(READABLE)}) in {folder}: nothing was changed")
    failures: list[Failure] = []
    sources: list[Source] = []
    for directory in sorted({path.parent for path in files}):
        here = [path for path in files if path.parent == directory]
        sources += _sources_in(folder, directory, here, failures)
    return sources, failures


def _sources_in(
    folder: Path, directory: Path, files: Iterable[Path], failures: list[Failure]
) -> Iterator[Source]:
    problem = ""
    tables: dict[str, Any] = {}
    try:
        tables = read_beside(directory)
    except ReadingError as error:
        problem = str(error)
    beside = (directory / BESIDE).relative_to(folder).as_posix()
    if problem:
        failures.append(Failure(beside, problem))
    for path in files:
        table = tables.pop(path.name, None)
        inside = path.relative_to(folder).as_posix()
        yield Source(inside, _digest(path, table), table, problem)
    failures.extend(
        Failure(beside, f"lists {name!r}, which is not in its folder") for name in sorted(tables)
    )


def _digest(path: Path, table: object) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(f"{READING}\n{content}\n{table!r}".encode()).hexdigest()


def _read(
    reader: Reader, folder: Path, source: Source
) -> tuple[PolicyRecord, tuple[ClauseRecord, ...]]:
    document = reader.read(folder / source.path)
    meta = _meta(document, source)
    record = PolicyRecord(
        policy=meta.id,
        version=meta.version,
        title=meta.title,
        kind=meta.kind,
        lang=meta.lang,
        in_force_from=meta.in_force_from,
        in_force_to=meta.in_force_to,
        replaces=meta.replaces,
        audience=meta.audience,
        owner=meta.owner,
        path=source.path,
        content_hash=source.digest,
    )
    return record, tuple(_records(record, split(document, meta.title)))


def _meta(document: Document, source: Source) -> PolicyMeta:
    if document.front_matter is not None:
        return parse_meta(document.front_matter)
    if source.meta is not None:
        return check_meta(source.meta)
    if source.problem:
        raise ReadingError(source.problem)
    if source.path.lower().endswith(".md"):
        raise ReadingError("no front matter: begin the file with +++, its id, title, …, and +++")
    raise ReadingError(f"no table for it in {BESIDE} beside it: add id, title, version, …")


def _records(policy: PolicyRecord, clauses: Iterable[Clause]) -> Iterator[ClauseRecord]:
    pieces: dict[str, int] = {}
    for position, clause in enumerate(clauses):
        piece = pieces[clause.number] = pieces.get(clause.number, 0) + 1
        yield ClauseRecord(
            id=f"{policy.id}#{clause.number}" + (f"~{piece}" if piece > 1 else ""),
            version_id=policy.id,
            position=position,
            number=clause.number,
            label=clause.label,
            heading=clause.heading,
            text=clause.text,
            page=clause.page,
            vector=b"",
        )


def _accept(
    plan: Plan,
    fresh: Sequence[tuple[PolicyRecord, tuple[ClauseRecord, ...]]],
    by_path: Mapping[str, PolicyRecord],
) -> None:
    """Take fresh versions in order of force, unless one clashes with a version that stands.

    A version that is refused keeps what its file held before, which may make another clash: so
    this goes over the rest again until nothing changes.
    """
    waiting = sorted(fresh, key=lambda item: (item[0].policy, item[0].in_force_from, item[0].path))
    refused = True
    while refused:
        refused = False
        standing = list(plan.kept)
        for record, clauses in list(waiting):
            reason = _clash(record, standing)
            if reason:
                plan.failed.append(Failure(record.path, reason))
                waiting.remove((record, clauses))
                if record.path in by_path:
                    plan.kept.append(by_path[record.path])
                refused = True
                break
            standing.append(record)
    for record, clauses in waiting:
        plan.added[record] = clauses
        if record.path in by_path:
            plan.removed.append(by_path[record.path])


def _clash(record: PolicyRecord, standing: Iterable[PolicyRecord]) -> str:
    for other in standing:
        if other.policy != record.policy:
            continue
        if other.version == record.version:
            return f"version {record.version} of {record.policy!r} is also in {other.path}"
        if _overlap(record, other):
            until = other.in_force_to.isoformat() if other.in_force_to else "further notice"
            return (
                f"in force from {record.in_force_from}, while version {other.version} "
                f"({other.path}) is until {until}: set in_force_to of the earlier one"
            )
    return ""


def _overlap(one: PolicyRecord, other: PolicyRecord) -> bool:
    return _before_end(one, other) and _before_end(other, one)


def _before_end(one: PolicyRecord, other: PolicyRecord) -> bool:
    return other.in_force_to is None or one.in_force_from < other.in_force_to
