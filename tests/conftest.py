"""Fixtures of the whole suite: the bank's database, on both engines."""

import os
from collections.abc import Callable, Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bank.database import Database
from bank.schema import migrate
from tests.databases import Databases, Fill, PostgresDatabases, SqliteDatabases
from tests.postgres import PostgresServer

# Times are benchmarks: a law does not fail because the machine was busy.
settings.register_profile(
    "daybook", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("daybook")

# Nothing in a test is certified: reading this machine's certificates for every client takes longer
# than most tests. Set before any client is made, and handed on to the processes tests start.
os.environ["SSL_CERT_FILE"] = os.devnull

# Tests that make something fail on purpose would spend half their time on coloured tracebacks.
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
)


def pytest_configure(config: pytest.Config) -> None:
    """One PostgreSQL server for all workers, who find it in their environment."""
    if config.getoption("numprocesses", None) and "TEST_DATABASE_URL" not in os.environ:
        server = PostgresServer()
        os.environ["TEST_DATABASE_URL"] = server.url("postgres")
        config.add_cleanup(server.stop)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test first, so that nobody waits for it in the end."""
    items.sort(key=lambda item: item.path.parent.name != "journeys")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request, tmp_path_factory) -> Iterator[Databases]:
    """Where this engine's databases are made; TEST_DATABASE_URL names a server to use instead."""
    own = tmp_path_factory.getbasetemp()
    # A worker's folder is within the one of the whole run.
    shared = (own.parent if hasattr(request.config, "workerinput") else own) / request.param
    shared.mkdir(exist_ok=True)
    if request.param == "sqlite":
        yield SqliteDatabases(tmp_path_factory.mktemp("databases"), shared)
        return
    given = os.environ.get("TEST_DATABASE_URL")
    server = None if given else PostgresServer()
    made = PostgresDatabases(given or server.url("postgres"), shared)
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
def database(databases: Databases, database_url: str) -> Database:
    """A migrated database nobody else uses, once on SQLite and once on PostgreSQL."""
    return databases.open(database_url)


@pytest.fixture
def filled(databases: Databases) -> Iterator[Callable[[str, Fill], Database]]:
    """Gives a database nobody else uses, with the rows that a function writes.

    It is called once for all tests that ask for the same name; they get what it wrote.
    """
    urls = []

    def give(name: str, fill: Fill) -> Database:
        urls.append(databases.filled(name, fill))
        return databases.open(urls[-1])

    yield give
    for url in urls:
        databases.drop(url)
