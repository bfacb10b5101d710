"""Clients, for whoever looks after them."""

from typing import Annotated

import typer

from bot.cli.typed.options import Actor, Json, On, run

client = typer.Typer(help="Clients, for whoever looks after them.", no_args_is_help=True)


@client.callback()
def of_clients() -> None:
    """Clients, for whoever looks after them."""


@client.command()
def health(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT", help="A client's id.")],
    *,
    as_: Actor,
    on: On = None,
    json: Json = False,
) -> None:
    """How well a client stands, part by part, and where in the nine-grid."""
    run("clients", "health", json, client=client_id, staff=as_, on=on)
