"""migrate, import and demo: getting the bank's records in."""

from dataclasses import asdict
from pathlib import Path

from bank.demo import write_drop
from bank.importing import ImportReport, import_drop
from bank.schema import migrate as migrate_schema
from bot import assemble
from bot.cli import clock
from bot.cli.output import Output, Rejected
from bot.errors import BotError
from bot.settings import read_settings
from bot.terminal import console, table

SHOWN = 20
"""Problems printed for people; JSON has all that were kept."""


def migrate(output: Output) -> None:
    """`daybook migrate`."""
    with assemble.open_any(read_settings()) as database:
        before, after = migrate_schema(database)
    output.data({"from": before, "to": after})
    output.line(
        f"the database is at {after} already"
        if before == after
        else f"the database went from {before or 'empty'} to {after}"
    )


def take_in(output: Output, directory: Path, *, check: bool) -> None:
    """`daybook import`."""
    with assemble.open_bank(read_settings()) as database:
        report = import_drop(database, directory, check_only=check, now=clock.now())
    output.data(_import_data(report))
    _show_import(output, report, check=check)
    if report.problem_count:
        raise Rejected


def demo(
    output: Output, directory: Path, *, managers: int, clients: int, seed: int, nightly: int
) -> None:
    """`daybook demo`."""
    try:
        drops = write_drop(
            directory, managers=managers, clients=clients, seed=seed, nightly=nightly
        )
    except OSError as error:
        raise BotError(f"{directory} cannot be written ({error.strerror})") from None
    made: dict[str, object] = {"managers": managers, "clients": clients}
    made["drops"] = [str(drop) for drop in drops]
    output.data({"directory": str(directory), **made})
    output.line(f"a demo bank stands in {directory}: take it in with daybook import {drops[0]}")
    for drop in drops[1:]:
        output.line(f"and then its next night: daybook import {drop}")


def _import_data(report: ImportReport) -> dict[str, object]:
    return {
        "files": [asdict(file) for file in report.files],
        "problems": [asdict(problem) for problem in report.problems],
        "problem_count": report.problem_count,
        "committed": report.committed,
        "repeated": report.repeated,
    }


def _show_import(output: Output, report: ImportReport, *, check: bool) -> None:
    for problem in report.problems[:SHOWN]:
        place = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part)
        output.line(f"{place}: {problem.reason}")
    if report.problem_count:
        output.line(f"{report.problem_count} problems; nothing was taken in")
        return
    rows = [(file.name, f"{file.rows:,}") for file in report.files]
    if rows:
        console().print(table(("file", "rows"), rows))
    if report.repeated:
        output.line("this drop was taken in before; nothing changed")
    else:
        output.line("the drop is sound; nothing was taken in" if check else "the drop is taken in")
