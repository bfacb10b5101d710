"""The cells of rows that only a look at the other rows showed to be wrong."""

from sqlalchemy import select

from bank.database import Transaction
from bank.days import OPEN, day_of
from bank.importing.kinds import Day, Kind
from bank.importing.manifest import Manifest
from bank.importing.problems import Problems
from bank.importing.staging import Stages


def quote_rows(tx: Transaction, stages: Stages, manifest: Manifest, problems: Problems) -> None:
    """Add the staged cells of every row with a kept problem that is not quoted yet."""
    for listed in manifest.files:
        stage = stages.get(listed.file)
        lines = {
            problem.line
            for problem in problems.kept
            if problem.file == listed.name and problem.line > 1
        }
        missing = sorted(lines - {line for file, line in problems.quoted if file == listed.name})
        if stage is None or not missing:
            continue
        staged, columns = stage.rows, stage.file.columns
        kinds = [column.kind for column in columns]
        cells_of = select(staged.c.line, *(staged.c[column.field] for column in columns))
        for line, *values in tx.execute(cells_of.where(staged.c.line.in_(missing))):
            cells = [written(kind, value) for kind, value in zip(kinds, values, strict=True)]
            problems.quote(listed.name, line, cells)


def written(kind: Kind | None, value: object) -> str:
    """A value as a drop writes it."""
    if value is None or (isinstance(kind, Day) and value == OPEN):
        return ""
    if isinstance(kind, Day) and isinstance(value, int):
        return str(day_of(value))
    return str(value).lower() if isinstance(value, bool) else str(value)
