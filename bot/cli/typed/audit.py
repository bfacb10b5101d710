"""The audit log: checked, exported, and cut where it has been kept long enough."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.typed.options import Actor, Json, run

audit = typer.Typer(help="The audit log.", no_args_is_help=True)

Target = Annotated[Path, typer.Argument(metavar="FILE", help="A new file, as JSON lines.")]


@audit.command("verify")
def audit_verify(
    *,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An exported file, not the database.")
    ] = None,
    json: Json = False,
) -> None:
    """Check every row's seal, and that nothing is missing."""
    run("auditing", "verify", json, file=file)


@audit.command("export")
def audit_export(
    file: Target,
    *,
    as_: Actor,
    from_: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="From this day on, not all."),
    ] = None,
    to: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Up to this day, which is included."),
    ] = None,
    json: Json = False,
) -> None:
    """Write rows to a file that audit verify --file can check without the database."""
    run("auditing", "export", json, file=file, staff=as_, since=from_, until=to)


@audit.command("seal")
def audit_seal(
    file: Target,
    *,
    as_: Actor,
    before: Annotated[
        datetime | None,
        typer.Option("--before", formats=["%Y-%m-%d"], help="Older than this day; see the docs."),
    ] = None,
    json: Json = False,
) -> None:
    """Move rows that were kept long enough into a file, and account for them in the log."""
    run("auditing", "seal", json, file=file, staff=as_, before=before)


@audit.command("restart")
def audit_restart(*, as_: Actor, json: Json = False) -> None:
    """Go on although the log's key or its end is lost; the log will always say so."""
    run("auditing", "restart", json, staff=as_)


@audit.command("restored")
def audit_restored(*, as_: Actor, json: Json = False) -> None:
    """Go on with a database that was restored from a backup; the log will always say so."""
    run("auditing", "restored", json, staff=as_)
