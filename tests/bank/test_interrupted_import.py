"""A process killed in the middle of an import leaves the bank as it was, or as it should be."""

import os
import signal
import subprocess
import sys

import pytest

from tests.bank.drops import branch, counts, load, write_drop

IMPORT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from bank.database import Database
from bank.importing import import_drop

url, drop, place = sys.argv[1:]
database = Database(url)

def pause(here):
    if here == place:
        print("here", flush=True)
        sys.stdin.readline()

@event.listens_for(database.engine, "before_cursor_execute")
def statement(connection, cursor, sql, *rest):
    pause(" ".join(sql.split()[:3]))

import_drop(database, Path(drop), now=datetime.now(UTC), report=lambda name, *_: pause(name))
pause("after")
"""
PLACES = {
    "reading": "visits.csv",
    "comparing": "INSERT INTO born_balance_interval",
    "beginning to commit": "INSERT INTO import_batch",
    "writing intervals": "INSERT INTO balance_interval",
    "writing what is derived": "INSERT INTO pool_share",
}

FILES = ("units", "staff", "clients", "assignments", "products", "accounts", "balances", "visits")


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_killed_before_the_end_nothing_is_there(database, database_url, tmp_path, place):
    drop = write_drop(tmp_path / "drop", {name: branch()[name] for name in FILES})
    before = counts(database)
    kill_at(place, database_url, drop)
    assert counts(database) == before
    assert load(database, drop).committed


def test_killed_after_the_commit_everything_is_there(database, database_url, tmp_path):
    drop = write_drop(tmp_path / "drop", {name: branch()[name] for name in FILES})
    kill_at("after", database_url, drop)
    assert load(database, drop).repeated


def kill_at(place: str, url: str, drop) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, url, str(drop), place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "here\n"
        os.kill(process.pid, signal.SIGKILL)
