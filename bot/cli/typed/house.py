"""The house: its database, its data, its nightly work, and the bot itself."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.typed.options import Folder, Json, On, run

commands = typer.Typer()


@commands.command()
def migrate(*, json: Json = False) -> None:
    """Bring the database to this version's schema."""
    run("records", "migrate", json)


@commands.command("import")
def import_(
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder of a drop.")
    ] = None,
    *,
    url: Annotated[
        str | None, typer.Option("--from", metavar="URL", help="Read a warehouse's views instead.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only check; commit nothing.")] = False,
    json: Json = False,
) -> None:
    """Take in a nightly drop: all of it or nothing."""
    run("importing", "take_in", json, directory=directory, url=url, check=check)


@commands.command()
def demo(
    directory: Folder,
    *,
    managers: Annotated[int, typer.Option(min=1, help="Account managers.")] = 12,
    clients: Annotated[int, typer.Option(min=1, help="Clients.")] = 1200,
    seed: Annotated[int, typer.Option(help="The same seed writes the same bank.")] = 7,
    nightly: Annotated[
        int, typer.Option(min=0, max=20, help="Write a history, and so many nights after it.")
    ] = 0,
    json: Json = False,
) -> None:
    """Write a synthetic bank as drop files."""
    run(
        "records",
        "demo",
        json,
        directory=directory,
        managers=managers,
        clients=clients,
        seed=seed,
        nightly=nightly,
    )


@commands.command()
def score(
    *,
    period: Annotated[str, typer.Option(help="A quarter like 2026Q4 or a year like 2026.")],
    on: On = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build the running totals anew first.")
    ] = False,
    from_intervals: Annotated[
        bool,
        typer.Option("--from-intervals", help="Leave the totals aside: the same run must come."),
    ] = False,
    json: Json = False,
) -> None:
    """Compute and store every manager's result of a period."""
    run(
        "standing",
        "score",
        json,
        period=period,
        on=on,
        rebuild=rebuild,
        from_intervals=from_intervals,
    )


@commands.command()
def remind(
    *,
    now: Annotated[str, typer.Option(metavar="ISO", help="The moment to decide for.")],
    send: Annotated[bool, typer.Option("--send", help="Write down and send what is due.")] = False,
    json: Json = False,
) -> None:
    """What would go out at a moment; sent only with --send."""
    run("reminding", "remind", json, now=now, send=send)


@commands.command("try")
def try_(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the page is.")] = 8765,
) -> None:
    """Talk to Daybook in the browser, with a demo bank."""
    run("serving", "try_out", False, port=port)


@commands.command()
def serve() -> None:
    """Run the bot in Slack, over Socket Mode."""
    run("serving", "serve", False)
