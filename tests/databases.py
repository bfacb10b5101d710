"""Databases for tests on both engines: filled once, and every test's own all the same."""

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from bank.database import Database
from bank.models import Base
from bank.schema import migrate

Fill = Callable[[Database], object]
Rows = dict[str, bytes]

CALENDAR = "calendar_day"
# What others refer to comes first. The calendar is not among them: migrating fills it.
TABLES = tuple(t.name for t in Base.metadata.sorted_tables if t.name != CALENDAR)
NUMBERED = tuple(
    (table.name, table.autoincrement_column.name)
    for table in Base.metadata.sorted_tables
    if table.autoincrement_column is not None
)

# Whoever is idle holds nothing: a test's own connections stay, for the next one to use.
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
NOT_EMPTY = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM {t})" for t in TABLES)
# Any row written to it is newer than all that stood there before.
CALENDAR_STATE = f"SELECT count(*), max(xmin::text::bigint) FROM {CALENDAR}"
COUNT_ON = "; ".join(
    f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"
    f" (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
    for table, column in NUMBERED
)


class SqliteDatabases:
    """Databases as files, each in a `folder` of this worker's.

    Each template is filled once, in a folder that all workers share, and then copied.
    """

    def __init__(self, folder: Path, shared: Path) -> None:
        self.folder = folder
        self.shared = shared
        self.numbers = count(1)
        self.free: list[str] = []
        self.opened: dict[str, Database] = {}

    def copy(self, template: str, fill: Fill) -> str:
        """The URL of a copy of what `fill` makes of an empty database. `drop` it in the end."""
        return self._copy(self._made(template, fill))

    def filled(self, template: str, fill: Fill) -> str:
        """The same for a `fill` that only writes rows, into a migrated database."""
        migrated = self._made("migrated", migrate)
        return self._copy(self._made(f"rows {template}", fill, migrated))

    def _made(self, template: str, fill: Fill, start: Path | None = None) -> Path:
        def make(draft: Path) -> None:
            if start:
                shutil.copyfile(start, draft)
            _fill(f"sqlite:///{draft}", fill)

        return _made_once(self.shared / f"{template}.db", make)

    def open(self, url: str) -> Database:
        """The database at a URL, which knows its statements from the tests before."""
        return self.opened.setdefault(url, Database(url))

    def drop(self, url: str) -> None:
        if url in self.opened:
            self.opened[url].close()
        for path in self.folder.glob(Path(url).name + "*"):
            path.unlink()
        self.free.append(url)

    def _copy(self, original: Path) -> str:
        url = self.free.pop() if self.free else self._new_url()
        shutil.copyfile(original, self.folder / Path(url).name)
        return url

    def _new_url(self) -> str:
        return f"sqlite:///{self.folder / f'test{next(self.numbers)}.db'}"


class PostgresDatabases:
    """Databases of one server.

    Making one takes a third of a second. Migrated ones are therefore used again: emptied, and
    given the rows of the template that is asked for next. Those rows all workers share.
    """

    def __init__(self, server: str, shared: Path) -> None:
        self.server = make_url(server)
        self.shared = shared
        self.numbers = count(1)
        self.templates: dict[str, str] = {}
        self.rows: dict[str, Rows] = {"migrated": {}}
        self.lines: dict[str, psycopg.Connection] = {}
        self.calendars: dict[str, tuple] = {}
        self.published = b""
        self.free: list[str] = []
        self.opened: dict[str, Database] = {}

    def copy(self, template: str, fill: Fill) -> str:
        """The URL of a copy of what `fill` makes of an empty database. `drop` it in the end."""
        if template == "migrated":
            return self.filled(template, fill)
        return self._made(template, fill)

    def filled(self, template: str, fill: Fill) -> str:
        """The same for a `fill` that only writes rows, into a migrated database."""
        url = self.free.pop() if self.free else self._migrated()
        if template not in self.rows:

            def make(draft: Path) -> None:
                _fill(url, fill)
                draft.write_bytes(pickle.dumps(self._read(url)))
                self._empty(url)

            made = _made_once(self.shared / f"{template}.rows", make)
            self.rows[template] = pickle.loads(made.read_bytes())  # noqa: S301 - our own
        self._write(url, self.rows[template])
        return url

    def open(self, url: str) -> Database:
        """The database at a URL, which knows its statements from the tests before."""
        return self.opened.setdefault(url, Database(url))

    def drop(self, url: str) -> None:
        if url in self.lines:
            self._empty(url)
            self.free.append(url)
        else:
            self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        for database in self.opened.values():
            database.close()
        for line in self.lines.values():
            line.close()
        for name in [*self.templates.values(), *(make_url(url).database for url in self.lines)]:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self, template: str, fill: Fill) -> str:
        if template not in self.templates:
            name = self._name()
            self._run(f"CREATE DATABASE {name}")
            _fill(self._url(name), fill)
            self.templates[template] = name
        name = self._name()
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.templates[template]}")
        return self._url(name)

    def _migrated(self) -> str:
        url = self._made("migrated", migrate)
        self.lines[url] = psycopg.connect(_plain(url), autocommit=True)
        self.calendars[url] = self._calendar(url)
        if not self.published:
            self.published = self._read_table(url, CALENDAR)
        return url

    def _calendar(self, url: str) -> tuple:
        return self.lines[url].execute(CALENDAR_STATE).fetchone()

    def _not_empty(self, url: str) -> set[str]:
        return {name for (name,) in self.lines[url].execute(NOT_EMPTY, prepare=True)}

    def _empty(self, url: str) -> None:
        line = self.lines[url]
        line.execute(END_OTHERS)
        written = self._not_empty(url)
        for table in reversed(TABLES):
            if table in written:
                # Deleting is many times quicker than truncating, but the audit log refuses it.
                line.execute("TRUNCATE audit" if table == "audit" else f"DELETE FROM {table}")
        if self._calendar(url) != self.calendars[url]:
            line.execute(f"DELETE FROM {CALENDAR}")
            self._write_table(url, CALENDAR, self.published)
            self.calendars[url] = self._calendar(url)
        line.execute(COUNT_ON)

    def _read(self, url: str) -> Rows:
        written = self._not_empty(url)
        return {table: self._read_table(url, table) for table in TABLES if table in written}

    def _write(self, url: str, rows: Rows) -> None:
        for table, data in rows.items():
            self._write_table(url, table, data)
        if rows:
            self.lines[url].execute(COUNT_ON)

    def _read_table(self, url: str, table: str) -> bytes:
        with self.lines[url].cursor().copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as rows:
            return b"".join(rows)

    def _write_table(self, url: str, table: str, data: bytes) -> None:
        with self.lines[url].cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as rows:
            rows.write(data)

    def _name(self) -> str:
        return f"daybook_{os.getpid()}_{next(self.numbers)}"

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        server = self.server.render_as_string(hide_password=False)
        with psycopg.connect(_plain(server), autocommit=True) as connection:
            connection.execute(statement)


Databases = SqliteDatabases | PostgresDatabases


def _plain(url: str) -> str:
    plain = make_url(url).set(drivername="postgresql")
    return plain.render_as_string(hide_password=False)


def _made_once(path: Path, make: Callable[[Path], None]) -> Path:
    """The file at `path`, made by the first worker to need it, while the others wait."""
    with path.with_name(f"{path.name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not path.exists():
            draft = path.with_name(f"{path.name}.draft")
            make(draft)
            draft.rename(path)
    return path


def _fill(url: str, fill: Fill) -> None:
    database = Database(url)
    fill(database)
    database.close()
