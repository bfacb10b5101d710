"""Importing a drop: read it, check it whole, then commit all of it or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table, insert, select

from bank.database import Database, Transaction, take_turns
from bank.days import day_of, number
from bank.importing.changes import end_closed_accounts, load_changes
from bank.importing.checks import check_rows
from bank.importing.contract import FILES
from bank.importing.folder import Folder
from bank.importing.manifest import Listed, Manifest
from bank.importing.problems import Problem, Problems
from bank.importing.quoting import quote_rows
from bank.importing.sources import Reader, Source
from bank.importing.staging import Stages, stage
from bank.models import ImportBatch
from bank.upsert import insert_new_from, upsert_from

Report = Callable[[str, int, int], None]
"""Told a file's name, its rows read so far, and its rows announced."""


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
    drop; `repeated` that it already had it, so that nothing was done.
    """

    files: tuple[FileReport, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    committed: bool
    manifest: Manifest | None = None
    quoted: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    """The cells of the rows those problems are in, by file and line."""
    repeated: bool = False


class _RejectedError(Exception):
    """Leaves the transaction without a trace."""

    def __init__(self, files: tuple[FileReport, ...]) -> None:
        super().__init__()
        self.files = files


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
        return _summary(None, (), problems)
    files: tuple[FileReport, ...] = ()
    try:
        with db.read() if check_only else db.write() as tx:
            take_turns(tx, "import")
            if _is_repeated(tx, manifest):
                return _repeated(manifest)
            _refuse_out_of_turn(tx, manifest, problems)
            stages, files = _read(tx, source, manifest, problems, report)
            if not check_only:
                _load(tx, manifest, stages, now)
    except _RejectedError as rejected:
        files = rejected.files
    return _summary(manifest, files, problems, committed=not check_only and not problems.count)


def _read(
    tx: Transaction,
    source: Source,
    manifest: Manifest,
    problems: Problems,
    report: Report | None,
) -> tuple[Stages, tuple[FileReport, ...]]:
    """Stage every file and check it; raises _RejectedError when anything is wrong."""
    listed = {file.file: file for file in manifest.files}
    stages: dict[str, Table] = {}
    readers: list[Reader] = []
    for file in FILES:
        announced = listed.get(file.name)
        if announced is not None:
            reader = source.reader(file, announced, manifest.business_date, problems)
            readers.append(reader)
            stages[file.name] = stage(tx, file, reader.read(), _progress(report, announced))
    # Rows left out for their own faults would make every row that refers to them look wrong.
    if not problems.count:
        check_rows(tx, stages, problems)
        quote_rows(tx, stages, manifest, problems)
    files = tuple(_count(reader, problems) for reader in readers)
    if problems.count:
        raise _RejectedError(files)
    return stages, files


def _load(tx: Transaction, manifest: Manifest, stages: Stages, now: datetime) -> None:
    """Write the staged rows, each file after those it refers to, and that the drop is in."""
    for file in FILES:
        staged = stages.get(file.name)
        if staged is None:
            continue
        fields = {column.name: column.field for column in file.columns}
        rows = select(*(staged.c[field] for field in fields.values()))
        if file.known == "changes":
            load_changes(tx, file, staged, number(manifest.business_date))
        elif file.known == "update":
            upsert_from(tx, file.model, rows, [fields[name] for name in file.key])
        else:
            insert_new_from(tx, file.model, rows)
    end_closed_accounts(tx, stages)
    for staged in stages.values():
        staged.drop(tx)
    tx.execute(
        insert(ImportBatch).values(
            source=manifest.source,
            business_day=number(manifest.business_date),
            batch=manifest.batch,
            digest=manifest.digest,
            rows=sum(file.rows for file in manifest.files),
            imported_at=now,
        )
    )


def _is_repeated(tx: Transaction, manifest: Manifest) -> bool:
    """Whether this very drop is in the bank already."""
    found = select(ImportBatch.digest).where(
        ImportBatch.source == manifest.source,
        ImportBatch.business_day == number(manifest.business_date),
        ImportBatch.batch == manifest.batch,
    )
    return tx.scalar(found) == manifest.digest


def _refuse_out_of_turn(tx: Transaction, manifest: Manifest, problems: Problems) -> None:
    """Drops of a source come in order: an older one would undo what a newer one brought."""
    last = tx.execute(
        select(ImportBatch.business_day, ImportBatch.batch)
        .where(ImportBatch.source == manifest.source)
        .order_by(ImportBatch.business_day.desc(), ImportBatch.batch.desc())
        .limit(1)
    ).first()
    if last is None or (number(manifest.business_date), manifest.batch) > tuple(last):
        return
    day = day_of(last.business_day)
    if manifest.business_date == day:
        reason = f"was imported already with other content: raise batch to {last.batch + 1}"
        problems.add(manifest.name, 0, "batch", str(manifest.batch), reason)
    else:
        reason = (
            f"is before {day}, imported already: send corrections with that date or a later one"
        )
        problems.add(manifest.name, 0, "business_date", str(manifest.business_date), reason)
    raise _RejectedError(())


def _progress(report: Report | None, listed: Listed) -> Callable[[int], None]:
    def tell(rows: int) -> None:
        if report:
            report(listed.name, rows, listed.rows)

    return tell


def _count(reader: Reader, problems: Problems) -> FileReport:
    rejected = problems.rejected(reader.listed.name)
    rows = reader.rows
    return FileReport(reader.listed.name, rows, max(rows - rejected, 0), rejected)


def _summary(
    manifest: Manifest | None,
    files: tuple[FileReport, ...],
    problems: Problems,
    *,
    committed: bool = False,
) -> ImportReport:
    kept = tuple(problems.kept)
    return ImportReport(files, kept, problems.count, committed, manifest, problems.quoted)


def _repeated(manifest: Manifest) -> ImportReport:
    files = tuple(FileReport(file.name, file.rows, file.rows, 0) for file in manifest.files)
    return ImportReport(files, (), 0, committed=True, manifest=manifest, repeated=True)
