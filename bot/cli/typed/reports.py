"""What is told of the bot's own work."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.typed.options import Actor, Json, run

report = typer.Typer(help="Reports for compliance.", no_args_is_help=True)


@report.callback()
def report_group() -> None:
    """A group, though it has one command."""


@report.command("answers")
def report_answers(
    *,
    as_: Actor,
    week: Annotated[
        str | None, typer.Option(metavar="WEEK", help="Such as 2026-W47; last week without.")
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also as a new workbook.")
    ] = None,
    golden: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Questions with bad answers, to judge, one a line."),
    ] = None,
    json: Json = False,
) -> None:
    """A week's answers: asked in vain, found no good, gone stale, shown to nobody."""
    run("reporting", "report_answers", json, staff=as_, week=week, xlsx=xlsx, golden=golden)
