"""import: taking in a drop from a folder or a warehouse."""

from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

from bank.importing import ImportReport, import_drop
from bank.importing.folder import Folder
from bank.importing.warehouse import open_warehouse
from bank.importing.workbook import write_refused
from bot import assemble
from bot.cli import clock
from bot.cli.output import Output, Rejected, UsageError
from bot.cli.progress import progress
from bot.settings import read_settings
from bot.terminal import console, table
from bot.text import visible

SHOWN = 20
"""Problems printed for people; JSON has all that were kept."""
REFUSED = "refused"
"""The folder in DAYBOOK_HOME for the rows of refused drops."""


def take_in(output: Output, directory: Path | None, *, url: str | None, check: bool) -> None:
    """`daybook import`."""
    if (directory is None) == (url is None):
        raise UsageError("give either a drop's folder or --from URL")
    settings = read_settings()
    with (
        assemble.open_bank(settings) as database,
        nullcontext(Folder(directory)) if directory else open_warehouse(str(url)) as source,
        progress() as report,
    ):
        found = import_drop(database, source, check_only=check, now=clock.now(), report=report)
    workbook = _write_workbook(output, found, settings.home_path / REFUSED)
    output.data({**_data(found), "refused_rows": str(workbook) if workbook else None})
    _show(output, found, workbook, check=check)
    if found.problem_count:
        raise Rejected


def _write_workbook(output: Output, report: ImportReport, folder: Path) -> Path | None:
    """Where the refused rows are; that they could not be written does not hide why they were."""
    try:
        return write_refused(report, folder)
    except OSError as error:
        output.line(f"the refused rows could not be written to {folder} ({error.strerror})")
        return None


def _data(report: ImportReport) -> dict[str, object]:
    return {
        "files": [asdict(file) for file in report.files],
        "problems": [asdict(problem) for problem in report.problems],
        "problem_count": report.problem_count,
        "committed": report.committed,
        "repeated": report.repeated,
        "corrected": report.corrected,
        "since": str(report.since) if report.since else None,
    }


def _show(output: Output, report: ImportReport, workbook: Path | None, *, check: bool) -> None:
    for problem in report.problems[:SHOWN]:
        place = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part)
        value = f" {problem.value!r}" if problem.value else ""
        output.line(visible(f"{place}{value}: {problem.reason}").replace("\n", " "))
    if report.problem_count:
        many = "" if report.problem_count == 1 else "s"
        output.line(f"{report.problem_count} problem{many}; nothing was taken in")
        if workbook:
            output.line(f"the refused rows are in {workbook}")
        return
    rows = [(file.name, f"{file.rows:,}") for file in report.files]
    if rows:
        console().print(table(("file", "rows"), rows))
    if report.repeated:
        output.line("this drop was taken in before; nothing changed")
    else:
        output.line("the drop is sound; nothing was taken in" if check else "the drop is taken in")
    if report.since:
        many = "" if report.corrected == 1 else "s"
        output.line(
            f"it corrects what the results of {report.corrected} manager{many} rest on since"
            f" {report.since}: run daybook score again for the periods it reaches into"
        )
