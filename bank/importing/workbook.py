"""The rows of a refused drop as a workbook, for whoever must put them right."""

import os
import re
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from bank.importing.contract import FILES
from bank.importing.drop import ImportReport
from bank.importing.manifest import Listed, Manifest
from bank.importing.problems import Problem

HEADS = ("line", "column", "reason")


def write_refused(report: ImportReport, folder: Path) -> Path | None:
    """Write the rows a report quotes, a sheet a file; the workbook's path, or None without any.

    Only its owner may read the workbook, and a drop that is refused again replaces it. Every cell
    is text, also where a spreadsheet would see a formula. Raises OSError.
    """
    if report.manifest is None or not report.quoted:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / _name(report.manifest)
    # Made beside it, under a name of its own and for its owner only; then it takes its place.
    handle, made = tempfile.mkstemp(dir=folder, suffix=".part")
    os.close(handle)
    try:
        _write(report, report.manifest, Path(made))
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
    return path


def _name(manifest: Manifest) -> str:
    source = re.sub(r"[^\w.-]", "_", manifest.source)
    return f"{source}-{manifest.business_date}-{manifest.batch}.xlsx"


def _write(report: ImportReport, manifest: Manifest, path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - only a refused drop needs it
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    book = xlsxwriter.Workbook(str(path), options)
    bold = book.add_format({"bold": True})
    for listed in manifest.files:
        rows = list(_rows(report, listed))
        if not rows:
            continue
        sheet = book.add_worksheet(listed.name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(2, 2, 60)
        columns = next(file.columns for file in FILES if file.name == listed.file)
        heads = (*HEADS, *(column.name for column in columns))
        for number, cells in enumerate((heads, *rows)):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, cell, bold if number == 0 else None)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(0, str(error)) from error


def _rows(report: ImportReport, listed: Listed) -> Iterator[tuple[str, ...]]:
    """A row of the sheet for each quoted row, with all that is wrong with it."""
    found = [problem for problem in report.problems if problem.file == listed.name]
    for line, problems in groupby(sorted(found, key=_line), key=_line):
        cells = report.quoted.get((listed.name, line))
        if cells is not None:
            reasons = list(problems)
            columns = dict.fromkeys(problem.column for problem in reasons if problem.column)
            yield str(line), ", ".join(columns), _reason(reasons), *cells


def _reason(problems: list[Problem]) -> str:
    if len(problems) == 1:
        return problems[0].reason
    return "; ".join(f"{problem.column} {problem.reason}".strip() for problem in problems)


def _line(problem: Problem) -> int:
    return problem.line
