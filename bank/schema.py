"""Bringing a database to this version's schema, and refusing to work with any other."""

from contextlib import suppress
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from bank.calendar import seed_calendar
from bank.database import Database, Transaction, take_turns
from bank.errors import SchemaError


def migrate(db: Database) -> tuple[str | None, str]:
    """Bring the schema and the calendar up to date, all or nothing.

    Returns the revision before (None for an empty database) and after. Any number of processes
    may call it at once: they take turns, and the later ones find nothing to do.
    """
    with db.write() as tx:
        take_turns(tx, "migrate")
        before, head = _revision(tx), _head()
        _refuse_unknown(before)
        config = _config()
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
        seed_calendar(tx)
    return before, head


def check(db: Database) -> None:
    """Raise SchemaError, naming the remedy, unless the database is at this version's schema."""
    with db.read() as tx:
        found = _revision(tx)
    if found == _head():
        return
    _refuse_unknown(found)
    state = "is empty" if found is None else f"is at revision {found}"
    raise SchemaError(f"the database {state}; this version needs {_head()}: run daybook migrate")


def _refuse_unknown(revision: str | None) -> None:
    if revision is None:
        return
    with suppress(CommandError):
        if _scripts().get_revision(revision):
            return
    raise SchemaError(
        f"the database is at revision {revision!r}, made by a newer version:"
        " install that version, or restore a backup made by this one"
    )


def _revision(tx: Transaction) -> str | None:
    return MigrationContext.configure(tx).get_current_revision()


def _head() -> str:
    head = _scripts().get_current_head()
    if head is None:  # pragma: no cover - the package always ships its migrations
        raise SchemaError("this installation has no migrations: install Daybook again")
    return head


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    location = str(files("bank") / "migrations").replace("%", "%%")
    config.set_main_option("script_location", location)
    return config
