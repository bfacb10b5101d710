"""An import to run as a process of its own, for the tests that kill one."""

from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import event

from bank.database import Database
from bank.importing import import_drop

NOW = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)


def import_until(place: str, url: str, drop: Path, line: Connection) -> None:
    """Import a drop; at `place`, a statement's beginning or a step's name, say so and wait."""
    database = Database(url)

    def pause(here: str) -> None:
        if here == place:
            line.send("here")
            line.recv()

    @event.listens_for(database.engine, "before_cursor_execute")
    def statement(connection, cursor, sql, *rest):
        pause(" ".join(sql.split()[:3]))

    import_drop(database, drop, now=NOW, report=lambda name, *_: pause(name))
    pause("after")
