"""The two engines a benchmark runs on, each with databases of its own."""

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import psycopg

from tests.postgres import PostgresServer


class Sqlite:
    """Databases as files in one folder."""

    name = "SQLite"
    settings = "opened as Daybook does"

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bench"))

    def url(self, database: str) -> str:
        return f"sqlite:///{self._path(database)}"

    def create(self, database: str, like: str | None = None) -> str:
        """A new database, empty or a copy of another nobody has open; its URL."""
        if like:
            shutil.copyfile(self._path(like), self._path(database))
        return self.url(database)

    def drop(self, database: str) -> None:
        for path in self.folder.glob(f"{database}.db*"):
            path.unlink()

    def size(self, database: str) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.glob(f"{database}.db*"))

    def version(self) -> str:
        return sqlite3.sqlite_version

    def processor(self) -> float:
        """Processor seconds of a server so far: there is none."""
        return 0

    def stop(self) -> None:
        shutil.rmtree(self.folder)

    def _path(self, database: str) -> Path:
        return self.folder / f"{database}.db"


class Postgres:
    """Databases of a server that is as durable as it comes (fsync and the rest on)."""

    name = "PostgreSQL"
    options = ("shared_buffers=1GB", "max_wal_size=4GB")
    settings = f"defaults (fsync on) but {' and '.join(options)}"

    def __init__(self) -> None:
        self.server = PostgresServer(self.options)

    def url(self, database: str) -> str:
        return self.server.url(database)

    def create(self, database: str, like: str | None = None) -> str:
        """A new database, empty or a copy of another nobody has open; its URL."""
        self._run(f"CREATE DATABASE {database}" + (f" TEMPLATE {like}" if like else ""))
        return self.url(database)

    def drop(self, database: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def size(self, database: str) -> int:
        """Bytes on disk."""
        return self._run(f"SELECT pg_database_size('{database}')")

    def version(self) -> str:
        return self._run("SHOW server_version")

    def processor(self) -> float:
        """Processor seconds of the server so far."""
        running = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        return sum(_processor(pid) for pid in [self.server.pid, *map(int, running.split())])

    def stop(self) -> None:
        self.server.stop()

    def _run(self, statement: str):
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None


def _processor(pid: int) -> float:
    """Processor seconds of a process and of those it started and has seen end."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")
