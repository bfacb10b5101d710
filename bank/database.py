"""Opening the bank's database: SQLite in a file, or PostgreSQL, chosen by the URL alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, func, select
from sqlalchemy.engine import make_url

from bank.errors import DatabaseError, DatabaseUrlError
from bank.seals import AuditKeys

Transaction = Connection
"""An open transaction; every query function takes one first."""

STEADY = "REPEATABLE READ"
"""PostgreSQL's name for a transaction that sees one state of the bank."""

BULK = {
    "sqlite": (
        # Negative sizes are KiB. What is sorted takes up to the first as well.
        "PRAGMA main.cache_size = -98304",
        "PRAGMA temp.cache_size = -65536",
    ),
    "postgresql": (
        "SET work_mem = '192MB'",
        "SET temp_buffers = '64MB'",
        # Compiling a query that runs once costs more than it gives.
        "SET jit = off",
    ),
}
"""What a connection that handles millions of rows wants, and a short query has no use for."""


class Database:
    """The bank's database. Readers and writers never wait on each other for long.

    On SQLite a writer takes the write lock at once (BEGIN IMMEDIATE): a transaction that reads
    and then writes would otherwise fail when two of them meet.
    """

    def __init__(self, url: str, audit_keys: AuditKeys | None = None) -> None:
        """Open the database at a SQLAlchemy URL; nothing is connected until first use.

        Without `audit_keys` its audit log can only be added to while that is not sealed yet.
        """
        # Every transaction carries the keys to where deeds are written down (bank/chain).
        self.engine = _create(url).execution_options(audit_keys=audit_keys)
        # SQLite's transactions see one state by themselves.
        steady = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": STEADY}
        self._reader = self.engine.execution_options(**steady)
        self._writer = self.engine.execution_options(begin="IMMEDIATE")

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads; it sees one consistent state and is rolled back."""
        with (
            self._plain_errors(),
            self._reader.connect() as connection,
            connection.begin() as transaction,
        ):
            yield connection
            transaction.rollback()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that commits when the block ends, and leaves no trace when it raises."""
        with self._plain_errors(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def bulk(self) -> Iterator["Bulk"]:
        """A connection of its own for bulk work; its temporary tables go when the block ends."""
        with self._plain_errors(), self.engine.connect() as connection:
            # Detached, it is closed instead of going back to the pool with its tables.
            connection.detach()
            with connection.begin():
                for setting in BULK[connection.dialect.name]:
                    connection.exec_driver_sql(setting)
            yield Bulk(connection)

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Turn what an operator can put right (no server, no space, no rights) into one line."""
        try:
            yield
        except exc.DBAPIError as error:
            # The class itself is what SQLite raises for a file that is not a database.
            if not isinstance(error, exc.OperationalError) and type(error) is not exc.DatabaseError:
                raise
            lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
            raise DatabaseError(str(self.engine.url), lines[0]) from error

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


@dataclass(frozen=True, slots=True)
class Bulk:
    """One connection for a task of several transactions that share temporary tables.

    Work is laid out in `prepare`, for as long as it takes, and taken over in `commit`, quickly.
    """

    _connection: Connection

    @contextmanager
    def prepare(self) -> Iterator[Transaction]:
        """A transaction that reads the bank and writes temporary tables: nobody waits for it.

        It sees one state of the bank throughout, whatever is committed meanwhile.
        """
        self._connection.execution_options(begin="DEFERRED")
        with self._connection.begin():
            if self._connection.dialect.name == "postgresql":
                self._connection.exec_driver_sql(f"SET TRANSACTION ISOLATION LEVEL {STEADY}")
            yield self._connection

    @contextmanager
    def commit(self) -> Iterator[Transaction]:
        """A transaction that writes the bank when the block ends, or leaves no trace of it."""
        self._connection.execution_options(begin="IMMEDIATE")
        with self._connection.begin():
            yield self._connection


def take_turns(tx: Transaction, task: str) -> None:
    """Wait until no other writing transaction is at the same task; ends with this one.

    SQLite has one writer at a time anyway.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(task))))


def _create(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise DatabaseUrlError(url) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True
        )
    if backend != "sqlite":
        raise DatabaseUrlError(parsed.render_as_string(hide_password=True))
    # An error's text must not hold the values of a row.
    engine = create_engine(parsed, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
    # SQLAlchemy's BEGIN is sent by _begin_sqlite; the driver must not send its own.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
