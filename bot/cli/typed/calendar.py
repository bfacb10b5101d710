"""The bank's working days."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.typed.options import Json, run

calendar = typer.Typer(help="The bank's working days.", no_args_is_help=True)

Year = Annotated[int, typer.Argument(min=1950, max=2199, help="Such as 2026.")]


@calendar.command("import")
def calendar_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="date,is_business,name as CSV.")],
    *,
    json: Json = False,
) -> None:
    """Take in the bank's own working days: all of the file or nothing."""
    run("calendar", "take_in", json, file=file)


@calendar.command("show")
def calendar_show(year: Year, *, json: Json = False) -> None:
    """A year's holidays and make-up days, and who says so."""
    run("calendar", "show", json, year=year)


@calendar.command("reset")
def calendar_reset(year: Year, *, json: Json = False) -> None:
    """Forget the bank's own days of a year: as published again."""
    run("calendar", "reset", json, year=year)
