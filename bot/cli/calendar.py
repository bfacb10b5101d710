"""calendar: the bank's working days, shown, taken in, and as published again."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from bank.audit import Deed
from bank.calendar import SATURDAY, KnownDay, known_year, reset_year
from bank.importing.calendar import CalendarReport, import_calendar
from bot import assemble
from bot.cli import clock
from bot.cli.output import Output, Rejected
from bot.settings import Settings, read_settings
from bot.terminal import console, table

OPERATOR = "operator"
"""Whoever runs the commands that need no name: in the log, no person in particular."""
SHOWN = 20
"""Problems printed for people; JSON has all that were kept."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def take_in(output: Output, file: Path) -> None:
    """`daybook calendar import`."""
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        report = import_calendar(database, file, _deed("import_calendar", settings))
    output.data(
        {
            "days": len(report.days),
            "changed": [_data(day) for day in report.changed],
            "problems": [asdict(problem) for problem in report.problems],
            "problem_count": report.problem_count,
            "committed": not report.problem_count,
        }
    )
    _tell_import(output, report)
    if report.problem_count:
        raise Rejected


def show(output: Output, year: int) -> None:
    """`daybook calendar show`."""
    with assemble.open_bank(read_settings()) as database, database.read() as tx:
        days = known_year(tx, year)
    _print(output, year, days)


def reset(output: Output, year: int) -> None:
    """`daybook calendar reset`."""
    settings = read_settings()
    with assemble.open_bank(settings) as database, database.write() as tx:
        days = reset_year(tx, year, _deed("reset_calendar", settings))
    _print(output, year, days)


def _deed(name: str, settings: Settings) -> Deed:
    now = clock.now()
    return Deed(OPERATOR, name, now.astimezone(settings.zone).date(), now)


def _tell_import(output: Output, report: CalendarReport) -> None:
    for problem in report.problems[:SHOWN]:
        output.line(str(problem))
    if report.problem_count:
        output.line(f"{report.problem_count} problems; nothing was taken in")
        return
    if report.changed:
        console().print(_table(report.changed))
    days = [day.day for day in report.days]
    output.line(
        f"{len(days)} days of {min(days)} to {max(days)} are the bank's own now; "
        f"{len(report.changed)} of them were otherwise before"
    )


def _print(output: Output, year: int, days: Sequence[KnownDay]) -> None:
    business = sum(day.is_business for day in days)
    provisional = any(day.provisional for day in days)
    output.data(
        {
            "year": year,
            "business_days": business,
            "market_days": sum(day.market_open for day in days),
            "provisional": provisional,
            "days": [_data(day) for day in days],
        }
    )
    if output.json:
        return
    special = [day for day in days if _is_special(day)]
    console().print(_table(special))
    output.line(f"{year}: {business} business days; any other day is as its weekday says")
    if provisional:
        output.line(
            "provisional: the make-up days are not published yet. A newer version brings them with "
            "daybook migrate; until then give the bank's own with daybook calendar import FILE"
        )


def _is_special(day: KnownDay) -> bool:
    """Whether a day is not as its weekday says."""
    usual = day.day.weekday() < SATURDAY
    return day.is_business != usual or day.market_open != usual


def _table(days: Sequence[KnownDay]) -> Table:
    rows = [
        (
            day.day.isoformat(),
            WEEKDAYS[day.day.weekday()],
            "works" if day.is_business else "closed",
            "open" if day.market_open else "closed",
            day.name,
            day.source,
        )
        for day in days
    ]
    return table(("day", "", "bank", "markets", "name", "by"), rows)


def _data(day: KnownDay) -> dict[str, object]:
    return asdict(day) | {"day": day.day.isoformat()}
