"""The policies, their glossary, and the answers confirmed."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.typed.options import Folder, Json, On, run

policy = typer.Typer(help="The bank's policies.", no_args_is_help=True)
glossary = typer.Typer(help="The glossary of synonyms.", invoke_without_command=True)
policy.add_typer(glossary, name="glossary")

Reader = Annotated[
    str | None,
    typer.Option("--as", metavar="STAFF", help="Only what this person may read."),
]
PolicyId = Annotated[str, typer.Argument(metavar="ID", help="Such as post-loan.")]


@policy.command("sync")
def policy_sync(
    directory: Folder,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what would change; write nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Even if most of the library would go.")
    ] = False,
    json: Json = False,
) -> None:
    """Take in a folder of policies: what is new, changed and gone."""
    run("syncing", "sync", json, directory=directory, check=check, force=force)


@policy.command("list")
def policy_list(*, on: On = None, as_: Reader = None, json: Json = False) -> None:
    """Every version of every policy, or those in force on a day."""
    run("policies", "list_versions", json, on=on, staff=as_)


@policy.command("show")
def policy_show(
    policy_id: PolicyId, *, on: On = None, as_: Reader = None, json: Json = False
) -> None:
    """A policy's clauses as in force on a day."""
    run("policies", "show", json, policy_id=policy_id, on=on, staff=as_)


@policy.command("diff")
def policy_diff(
    policy_id: PolicyId,
    *,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="VERSION", help="Against this one, not the one before."),
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="VERSION", help="This version, not the newest.")
    ] = None,
    as_: Reader = None,
    json: Json = False,
) -> None:
    """What a version changed, clause by clause."""
    run("policy_changes", "diff", json, policy_id=policy_id, from_=from_, to=to, staff=as_)


@policy.command("changes")
def policy_changes(
    *,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="From this date, not 30 days ago."),
    ] = None,
    on: On = None,
    as_: Reader = None,
    json: Json = False,
) -> None:
    """What came into force or was changed, clause by clause, and what lapses soon."""
    run("policy_changes", "changes", json, since=since, on=on, staff=as_)


@glossary.callback()
def policy_glossary(
    context: typer.Context,
    *,
    own: Annotated[bool, typer.Option("--own", help="Only the bank's own entries.")] = False,
    json: Json = False,
) -> None:
    """What people mean by the same idea, in both languages, and where each entry comes from."""
    if context.invoked_subcommand is None:
        run("glossary", "show", json, own=own)


@glossary.command("import")
def policy_glossary_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Entries, as TOML.")],
    *,
    json: Json = False,
) -> None:
    """Lay a file's entries over the shipped ones, instead of those of the file before."""
    run("glossary", "take_in", json, file=file)


@policy.command("confirm")
def policy_confirm(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help='{"question","policy","clause"}, one a line.'),
    ] = None,
    *,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="STAFF", help="The compliance officer.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Show what is confirmed.")] = False,
    remove: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Forget a confirmed answer.")
    ] = None,
    json: Json = False,
) -> None:
    """Confirm which clauses answer questions, so that alike ones find them."""
    run("confirming", "confirm", json, file=file, staff=as_, listed=list_, remove=remove or [])
