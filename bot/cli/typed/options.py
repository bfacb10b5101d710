"""What several commands take, and how each is run."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.output import Output, guarded

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")]
On = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="As of this date, not today."),
]
Actor = Annotated[str, typer.Option("--as", metavar="STAFF", help="Who is asking, such as M001.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder.")]
Lang = Literal["en", "zh"]


def run(module: str, name: str, json: bool, **given: object) -> None:  # noqa: FBT001
    """Run a function of a module of bot.cli, which is loaded only now."""
    with guarded(Output(json=json)) as output:
        getattr(import_module(f"bot.cli.{module}"), name)(output, **given)
