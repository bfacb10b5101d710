"""Importing a drop: lay out what is new beside the bank, then commit all of it or nothing.

Reading, checking and comparing take as long as they take, and nobody waits for them. Only what
differs is written, at the end, and only if no other drop came in between
(docs/decisions/18-prepare-then-commit.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Table, insert

from bank.database import Bulk, Database, Transaction, take_turns
from bank.days import day_of, number
from bank.importing.changes import Splice, lay_out, load_splice
from bank.importing.checks import check_again, check_keys, check_rows
from bank.importing.contract import FILES
from bank.importing.corrections import Corrected, gather_effects, mark_managers
from bank.importing.folder import Folder
from bank.importing.ledger import check_ledger
from bank.importing.loading import Deltas, find_deltas, load_delta, yield_to_own
from bank.importing.manifest import Listed, Manifest
from bank.importing.news import find_news
from bank.importing.pool import share_pool
from bank.importing.problems import Problem, Problems
from bank.importing.quoting import quote_rows
from bank.importing.rolling import Rolling, keep_rollup, prepare_rollup
from bank.importing.sources import Reader, Source
from bank.importing.staging import Stage, Stages, stage, without_collector
from bank.importing.turns import Turn, check_turn, is_repeated, take_turn
from bank.models import ImportBatch

Report = Callable[[str, int, int], None]
"""Told a file's name, its rows read so far, and its rows announced; then what else is being done,
which has no rows to count."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file of the drop: rows read, and how many of them are without and with a problem."""

    name: str
    rows: int
    accepted: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a drop.

    `problems` are the first thousand of `problem_count`. `committed` says that the bank has the
    drop; `repeated` that it already had it, so that nothing was done. Where the drop changed
    days loaded before, `corrected` counts the managers whose results rest on them, and `since`
    is the first such day.
    """

    files: tuple[FileReport, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    committed: bool
    manifest: Manifest | None = None
    quoted: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    """The cells of the rows those problems are in, by file and line."""
    repeated: bool = False
    corrected: int = 0
    since: date | None = None


@dataclass(slots=True)
class _Drop:
    """A drop on its way in, and what is known of it so far."""

    source: Source
    manifest: Manifest
    problems: Problems
    readers: list[Reader] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a drop changes in the bank as it stood at a turn, ready to be written."""

    turn: Turn
    deltas: Deltas
    splices: Mapping[str, Splice]
    effects: Table | None
    rolling: Rolling | None


def import_drop(
    db: Database,
    source: Path | Source,
    *,
    now: datetime,
    check_only: bool = False,
    report: Report | None = None,
) -> ImportReport:
    """Import a drop, or only check it; either way every problem is reported.

    Nothing is written unless nothing is wrong. A drop that was imported before is left alone.
    """
    problems = Problems()
    if isinstance(source, Path):
        source = Folder(source)
    manifest = source.manifest(problems)
    if manifest is None:
        return ImportReport((), tuple(problems.kept), problems.count, committed=False)
    drop = _Drop(source, manifest, problems)
    with db.bulk() as bulk:
        if _is_done(bulk, drop):
            return _repeated(manifest)
        if problems.count:
            return _summary(drop)
        with bulk.prepare() as tx, without_collector():
            stages = _read(tx, drop, report)
        # Rows left out for their own faults would make every row that refers to them look wrong.
        while not problems.count:
            _tell(report, "checking")
            with bulk.prepare() as tx:
                plan = _plan(tx, drop, stages, report)
            if check_only or problems.count:
                break
            _tell(report, "writing")
            corrected = _commit(bulk, drop, plan, now, report)
            if corrected:
                return _summary(drop, corrected)
            if _is_done(bulk, drop):
                return _repeated(manifest)
        with bulk.prepare() as tx:
            quote_rows(tx, stages, manifest, problems)
    return _summary(drop)


def _is_done(bulk: Bulk, drop: _Drop) -> bool:
    """Whether the bank has the drop already; that it comes too late is noted."""
    with bulk.prepare() as tx:
        if is_repeated(tx, drop.manifest):
            return True
        check_turn(tx, drop.manifest, drop.problems)
    return False


def _read(tx: Transaction, drop: _Drop, report: Report | None) -> Stages:
    """Stage every file, each after those it refers to."""
    listed = {file.file: file for file in drop.manifest.files}
    stages: dict[str, Stage] = {}
    for file in FILES:
        announced = listed.get(file.name)
        if announced is not None:
            on = drop.manifest.business_date
            reader = drop.source.reader(file, announced, on, drop.problems)
            drop.readers.append(reader)
            stages[file.name] = stage(tx, file, reader.read(), _progress(report, announced))
    return stages


def _plan(tx: Transaction, drop: _Drop, stages: Stages, report: Report | None) -> _Plan:
    """Compare the drop with the bank as it stands; all that is wrong with it is noted."""
    manifest, problems = drop.manifest, drop.problems
    turn = take_turn(tx, manifest)
    check_keys(tx, stages, manifest, problems)
    deltas = find_deltas(tx, stages, turn)
    yield_to_own(tx, deltas)
    check_rows(tx, stages, deltas, manifest, problems)
    splices: dict[str, Splice] = {}
    effects = rolling = None
    if not problems.count:
        complete = {listed.file for listed in manifest.files if listed.complete}
        for news in find_news(tx, stages, deltas, turn, complete):
            splices[news.spans.table.name] = lay_out(tx, news, turn)
        check_ledger(tx, deltas, splices, manifest, problems)
        effects = gather_effects(tx, deltas, splices.values(), turn)
        _tell(report, "adding up")
        rolling = prepare_rollup(tx, deltas, splices)
    return _Plan(turn, deltas, splices, effects, rolling)


def _commit(
    bulk: Bulk, drop: _Drop, plan: _Plan, now: datetime, report: Report | None
) -> Corrected | None:
    """Write what is new, and that the drop is in; None when the plan is out of date.

    What Daybook's own people entered since may be at odds with the plan: then it is noted.
    """
    with bulk.commit() as tx:
        take_turns(tx, "import")
        if take_turn(tx, drop.manifest) != plan.turn:
            return None
        yield_to_own(tx, plan.deltas)
        check_again(tx, plan.deltas, drop.manifest, drop.problems)
        if drop.problems.count:
            return None
        batch_id = _record(tx, drop.manifest, now)
        corrected = _load(tx, plan, batch_id)
        _tell(report, "adding up")
        keep_rollup(tx, plan.rolling, batch_id)
        return corrected


def _record(tx: Transaction, manifest: Manifest, now: datetime) -> int:
    batch = insert(ImportBatch).values(
        source=manifest.source,
        business_day=number(manifest.business_date),
        batch=manifest.batch,
        digest=manifest.digest,
        rows=sum(file.rows for file in manifest.files),
        imported_at=now,
    )
    return tx.execute(batch.returning(ImportBatch.id)).scalar_one()


def _load(tx: Transaction, plan: _Plan, batch_id: int) -> Corrected:
    """Write the plan, each file after those it refers to."""
    for file in FILES:
        if file.name in plan.deltas:
            load_delta(tx, plan.deltas[file.name], batch_id)
    for splice in plan.splices.values():
        load_splice(tx, splice, plan.turn, batch_id)
    share_pool(tx, plan.deltas)
    return mark_managers(tx, plan.effects, batch_id)


def _progress(report: Report | None, listed: Listed) -> Callable[[int], None]:
    def tell(rows: int) -> None:
        if report:
            report(listed.name, rows, listed.rows)

    return tell


def _tell(report: Report | None, step: str) -> None:
    if report:
        report(step, 0, 0)


def _summary(drop: _Drop, corrected: Corrected | None = None) -> ImportReport:
    """What became of a drop; `corrected` says that it is in."""
    problems = drop.problems
    return ImportReport(
        tuple(_count(reader, problems) for reader in drop.readers),
        tuple(problems.kept),
        problems.count,
        corrected is not None,
        drop.manifest,
        problems.quoted,
        corrected=corrected.managers if corrected else 0,
        since=day_of(corrected.since) if corrected and corrected.since else None,
    )


def _count(reader: Reader, problems: Problems) -> FileReport:
    rejected = problems.rejected(reader.listed.name)
    return FileReport(reader.listed.name, reader.rows, max(reader.rows - rejected, 0), rejected)


def _repeated(manifest: Manifest) -> ImportReport:
    files = tuple(FileReport(file.name, file.rows, file.rows, 0) for file in manifest.files)
    return ImportReport(files, (), 0, committed=True, manifest=manifest, repeated=True)
