"""Fixtures of the whole suite: the bank's database, on both engines."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
import structlog
from sqlalchemy.engine import make_url

from bank.database import Database
from bank.models import Base
from bank.schema import migrate
from tests.postgres import PostgresServer

# Nothing in a test is certified: reading this machine's certificates for every client takes longer
# than most tests. Set before any client is made, and handed on to the processes tests start.
os.environ["SSL_CERT_FILE"] = os.devnull

# Tests that make something fail on purpose would spend half their time on coloured tracebacks.
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
)

Fill = Callable[[Database], object]

# All but the calendar, which migrating fills; what others refer to comes last. Deleting is
# many times quicker than truncating, but the audit log refuses it.
EMPTY_EVERY_TABLE = "TRUNCATE audit;" + "".join(
    f"DELETE FROM {table.name};"
    for table in reversed(Base.metadata.sorted_tables)
    if table.name not in {"calendar_day", "audit"}
)


class SqliteDatabases:
    """Databases as files: each is filled once, then copied for every test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(1)

    def copy(self, template: str, fill: Fill) -> str:
        original = self.folder / f"{template}.db"
        if not original.exists():
            _fill(f"sqlite:///{original}", fill)
        path = self.folder / f"test{next(self.numbers)}.db"
        shutil.copyfile(original, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for path in self.folder.glob(Path(url).name + "*"):
            path.unlink()


class PostgresDatabases:
    """Databases of one server: each is filled once, then used as the template of every test's.

    A migrated one is emptied and used again, which takes a tenth of the time of making another.
    """

    def __init__(self, server: str) -> None:
        self.server = make_url(server)
        self.filled: dict[str, str] = {}
        self.numbers = count(1)
        self.used: set[str] = set()
        self.empty: list[str] = []

    def copy(self, template: str, fill: Fill) -> str:
        if template == "migrated" and self.empty:
            return self.empty.pop()
        url = self._made(template, fill)
        if template == "migrated":
            self.used.add(url)
        return url

    def _made(self, template: str, fill: Fill) -> str:
        if template not in self.filled:
            name = self._name()
            self._run(f"CREATE DATABASE {name}")
            _fill(self._url(name), fill)
            self.filled[template] = name
        name = self._name()
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.filled[template]}")
        return self._url(name)

    def drop(self, url: str) -> None:
        if url in self.used:
            self._run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE datname = '{make_url(url).database}'"
            )
            self._run(EMPTY_EVERY_TABLE, url)
            self.empty.append(url)
        else:
            self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        urls = {self._url(name) for name in self.filled.values()} | self.used
        self.used = set()
        for url in urls:
            self.drop(url)

    def _name(self) -> str:
        return f"daybook_{os.getpid()}_{next(self.numbers)}"

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str, url: str | None = None) -> None:
        where = make_url(url) if url else self.server
        plain = where.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement)


Databases = SqliteDatabases | PostgresDatabases


def _fill(url: str, fill: Fill) -> None:
    database = Database(url)
    fill(database)
    database.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request, tmp_path_factory) -> Iterator[Databases]:
    """Where this engine's databases are made; TEST_DATABASE_URL names a server to use instead."""
    if request.param == "sqlite":
        yield SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
        return
    given = os.environ.get("TEST_DATABASE_URL")
    server = None if given else PostgresServer()
    made = PostgresDatabases(given or server.url("postgres"))
    yield made
    made.close()
    if server:
        server.stop()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The URL of a migrated database nobody else uses: for tests that start a process."""
    url = databases.copy("migrated", migrate)
    yield url
    databases.drop(url)


@pytest.fixture
def empty_url(databases: Databases) -> Iterator[str]:
    """The URL of a database without any schema."""
    url = databases.copy("empty", lambda database: database.read().__enter__())
    yield url
    databases.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database nobody else uses, once on SQLite and once on PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.close()
