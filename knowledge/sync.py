"""A folder of policies into SQL: only what changed, all or nothing, checked before it is read.

The new generation of the dense index is built and checked beside the old one; one transaction
then changes the policies and points everybody to it. Whatever fails keeps its last good state.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from bank.policies import ClauseRecord, LinkRecord, PolicyRecord
from knowledge.answer import Failure, Notice
from knowledge.errors import ReadingError
from knowledge.folder import Source, find_sources
from knowledge.links import Link, links_of
from knowledge.reading.document import Document
from knowledge.reading.metadata import BESIDE, PolicyMeta, check_meta, parse_meta
from knowledge.reading.reader import Reader
from knowledge.splitting import Clause, split
from knowledge.versions import by_policy, end_of, refusal, replaced_id

Report = Callable[[str, int, int], None]
"""Told of each file as it is taken up: its path, how many came before it, of how many."""

_LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class Taken:
    """A version as it was read from its file. Its clauses have no vectors yet."""

    record: PolicyRecord
    clauses: tuple[ClauseRecord, ...]
    links: tuple[LinkRecord, ...]


@dataclass(slots=True)
class Plan:
    """What a sync is about to change. Clauses have no vectors yet.

    `ends` are by version id: until before which day kept versions are in force from now on.
    """

    added: dict[PolicyRecord, tuple[ClauseRecord, ...]] = field(default_factory=dict)
    links: dict[str, tuple[LinkRecord, ...]] = field(default_factory=dict)
    removed: list[PolicyRecord] = field(default_factory=list)
    kept: list[PolicyRecord] = field(default_factory=list)
    ends: dict[str, date | None] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.added or self.removed or self.ends)

    @property
    def standing(self) -> list[PolicyRecord]:
        """Every version the library holds afterwards."""
        return [*self.kept, *self.added]

    @property
    def gone(self) -> list[PolicyRecord]:
        """The versions it holds no longer."""
        standing = {record.id for record in self.standing}
        return [record for record in self.removed if record.id not in standing]

    @property
    def empties(self) -> bool:
        """Whether most of what the library holds would go, as when a drive is not there."""
        held = len(self.kept) + len(self.removed)
        return len(self.gone) > max(1, held // 2)


def make_plan(
    folder: Path,
    held: Sequence[PolicyRecord],
    report: Report | None = None,
    units: Collection[str] = (),
    begin: Callable[[], None] = lambda: None,
) -> Plan:
    """Read what changed in a folder since it was last synced, when SQL came to hold `held`.

    `units` are the bank's, to tell of policies for others; none of them is checked without any.
    `begin` is called before files are read, if any has to be.
    """
    sources, failures = find_sources(folder)
    plan = Plan(failed=failures)
    by_path = {record.path: record for record in held}
    if not all(_same(source, by_path) for source in sources):
        begin()
    fresh = _read_all(plan, folder, sources, by_path, report)
    unreadable = {failure.path for failure in failures}
    found = {source.path for source in sources}
    for record in held:
        if record.path not in found:
            kept = not unreadable.isdisjoint(_path_and_folders(record.path))
            (plan.kept if kept else plan.removed).append(record)
    _accept(plan, fresh, by_path)
    _end(plan)
    plan.failed.sort(key=lambda failure: failure.path)
    plan.notices = sorted(_notices(plan, units), key=lambda notice: notice.path)
    return plan


def _path_and_folders(path: str) -> Iterator[str]:
    yield path
    yield from (folder.as_posix() for folder in PurePosixPath(path).parents)


def _read_all(
    plan: Plan,
    folder: Path,
    sources: Sequence[Source],
    by_path: Mapping[str, PolicyRecord],
    report: Report | None,
) -> list[Taken]:
    """Everything that is not held as it is; the rest of the plan is told what is."""
    same = {source.path for source in sources if _same(source, by_path)}
    fresh: list[Taken] = []
    changed = (folder / source.path for source in sources if source.path not in same)
    with Reader() as reader, closing(reader.read_many(changed)) as documents:
        for number, source in enumerate(sources):
            if report:
                report(source.path, number, len(sources))
            if source.path in same:
                plan.unchanged.append(source.path)
                plan.kept.append(by_path[source.path])
                continue
            try:
                fresh.append(_take(next(documents), source))
            except ReadingError as error:
                plan.failed.append(Failure(source.path, str(error)))
                if source.path in by_path:
                    plan.kept.append(by_path[source.path])
    return fresh


def _same(source: Source, by_path: Mapping[str, PolicyRecord]) -> bool:
    """Whether a file is held as it is."""
    return source.path in by_path and by_path[source.path].content_hash == source.digest


def _take(document: Document | ReadingError, source: Source) -> Taken:
    if isinstance(document, ReadingError):
        raise document
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
        units=meta.units,
        notices=document.notices,
        stated_to=meta.in_force_to,
    )
    clauses = split(document, meta.title)
    records = tuple(_clause_records(record, clauses))
    return Taken(record, records, tuple(_link_records(records, links_of(clauses))))


def _meta(document: Document, source: Source) -> PolicyMeta:
    if document.front_matter is not None:
        return parse_meta(document.front_matter)
    if source.meta is not None:
        return check_meta(source.meta, BESIDE)
    if source.problem:
        raise ReadingError(source.problem)
    if source.path.lower().endswith(".md"):
        raise ReadingError("no front matter: begin the file with +++, its id, title, …, and +++")
    raise ReadingError(f"no table for it in {BESIDE} beside it: add id, title, version, …")


def _clause_records(policy: PolicyRecord, clauses: Iterable[Clause]) -> Iterator[ClauseRecord]:
    pieces: dict[str, int] = {}
    for position, clause in enumerate(clauses):
        piece = pieces[clause.number] = pieces.get(clause.number, 0) + 1
        yield ClauseRecord(
            id=_clause_id(policy.id, clause.number, piece),
            version_id=policy.id,
            position=position,
            number=clause.number[:_LONGEST_ID],
            label=clause.label,
            heading=clause.heading,
            text=clause.text,
            page=clause.page,
            vector=b"",
            place=clause.place,
            start=clause.start,
            end=clause.end,
        )


def _link_records(clauses: Sequence[ClauseRecord], links: Iterable[Link]) -> Iterator[LinkRecord]:
    counted: Counter[int] = Counter()
    for link in links:
        yield LinkRecord(
            clause_id=clauses[link.clause].id,
            position=counted[link.clause],
            kind=link.kind,
            start=link.start,
            end=link.end,
            target_number=link.number[:_LONGEST_ID],
            target_policy=link.policy,
            term=link.term,
        )
        counted[link.clause] += 1


def _clause_id(version_id: str, number: str, piece: int) -> str:
    suffix = f"~{piece}" if piece > 1 else ""
    room = _LONGEST_ID - len(version_id) - len(suffix) - 1
    if len(number) > room:
        number = blake2b(number.encode(), digest_size=5).hexdigest()
    return f"{version_id}#{number}{suffix}"


def _accept(plan: Plan, fresh: Iterable[Taken], by_path: Mapping[str, PolicyRecord]) -> None:
    """Take fresh versions in order of force, unless one cannot stand beside those that do.

    A version that is refused keeps what its file held before, which may make another clash: so
    this goes over the rest again until nothing changes.
    """
    waiting = sorted(fresh, key=_order_of_force)
    while refused := _first_refused(plan.kept, waiting):
        taken, reason = refused
        waiting.remove(taken)
        path = taken.record.path
        plan.failed.append(Failure(path, reason))
        if path in by_path:
            plan.kept.append(by_path[path])
    for taken in waiting:
        plan.added[taken.record] = taken.clauses
        plan.links[taken.record.id] = taken.links
        if taken.record.path in by_path:
            plan.removed.append(by_path[taken.record.path])


def _order_of_force(taken: Taken) -> tuple[str, date, str]:
    return taken.record.policy, taken.record.in_force_from, taken.record.path


def _first_refused(
    kept: Iterable[PolicyRecord], waiting: Sequence[Taken]
) -> tuple[Taken, str] | None:
    standing = by_policy(kept)
    everything = by_policy([*kept, *(taken.record for taken in waiting)])
    for taken in waiting:
        policy = taken.record.policy
        if reason := refusal(taken.record, standing[policy], everything[policy]):
            return taken, reason
        standing[policy].append(taken.record)
    return None


def _end(plan: Plan) -> None:
    """Let every version end where one that replaces it begins, or where its file says."""
    groups = by_policy(plan.standing)
    ends = {record.id: end_of(record, groups[record.policy]) for record in plan.standing}
    plan.ends = {r.id: ends[r.id] for r in plan.kept if ends[r.id] != r.in_force_to}
    plan.kept = [
        replace(record, in_force_to=ends[record.id]) if record.id in plan.ends else record
        for record in plan.kept
    ]
    plan.added = {
        replace(record, in_force_to=ends[record.id]): clauses
        for record, clauses in plan.added.items()
    }


def _notices(plan: Plan, units: Collection[str]) -> Iterator[Notice]:
    """What the readers left out, and what of what policies say of themselves looks wrong."""
    standing = {record.id for record in plan.standing}
    gone = {record.id for record in plan.gone}
    for record in plan.added:
        yield from (Notice(record.path, notice) for notice in record.notices)
        replaced = replaced_id(record)
        if replaced and replaced not in standing | gone:
            yield Notice(record.path, f"replaces {replaced}, which is not in the library")
        unknown = [unit for unit in record.units if units and unit not in units]
        if unknown:
            yield Notice(record.path, f"is for units the bank does not have: {', '.join(unknown)}")
    groups = by_policy(plan.standing)
    for record in plan.gone:
        yield Notice(record.path, _gone(record, groups[record.policy]))


def _gone(record: PolicyRecord, others: Sequence[PolicyRecord]) -> str:
    """What it means that a version goes, beside the `others` of its policy that stay."""
    goes = f"version {record.version} of {record.policy!r} goes with its file"
    if not others:
        return f"{goes}: no other is held to answer from"
    if all(other.in_force_from < record.in_force_from for other in others):
        return f"{goes}: the one before it stands as its file says"
    return f"{goes}: keep the file beside the new one to answer questions as of days before that"
