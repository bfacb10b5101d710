"""migrate and demo: a database, and records to fill it with."""

from pathlib import Path

from bank.chain import begin_chain
from bank.demo import write_drop
from bank.schema import migrate as migrate_schema
from bot import assemble
from bot.cli import clock
from bot.cli.output import Output
from bot.errors import BotError
from bot.settings import read_settings


def migrate(output: Output) -> None:
    """`daybook migrate`."""
    with assemble.open_any(read_settings()) as database:
        before, after = migrate_schema(database)
        with database.write() as tx:
            begin_chain(tx, clock.now())
    output.data({"from": before, "to": after})
    output.line(
        f"the database is at {after} already"
        if before == after
        else f"the database went from {before or 'empty'} to {after}"
    )


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
