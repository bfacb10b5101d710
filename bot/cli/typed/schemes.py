"""The appraisal schemes."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.typed.options import Json, On, run

scheme = typer.Typer(help="The appraisal schemes.", no_args_is_help=True)


@scheme.command("list")
def scheme_list(*, on: On = None, json: Json = False) -> None:
    """Every scheme, and which one is in force."""
    run("schemes", "list_all", json, on=on)


@scheme.command("show")
def scheme_show(
    scheme_id: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="As daybook scheme list gives; else in force."),
    ] = None,
    *,
    on: On = None,
    json: Json = False,
) -> None:
    """A scheme's weights, targets, curves, items and grades."""
    run("schemes", "show", json, scheme_id=scheme_id, on=on)


@scheme.command("check")
def scheme_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scheme's TOML file.")],
    *,
    json: Json = False,
) -> None:
    """Look a scheme's file over; a mistake is named with its line and the remedy."""
    run("schemes", "check", json, file=file)
