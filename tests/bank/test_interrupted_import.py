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
from bank.database import Database
from bank.importing import import_drop

def report(name, rows, total):
    print(name, flush=True)
    if name == sys.argv[3]:
        sys.stdin.readline()

import_drop(Database(sys.argv[1]), Path(sys.argv[2]), now=datetime.now(UTC), report=report)
print("done", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("kill_at", ["staff.csv", "balances.csv", "warning_responses.csv"])
def test_killed_while_reading_nothing_is_there(database, database_url, tmp_path, kill_at):
    drop = write_drop(tmp_path / "drop", branch())
    before = counts(database)
    kill_once_it_says(kill_at, database_url, drop, kill_at)
    assert counts(database) == before
    assert load(database, drop).committed


def test_killed_after_the_commit_everything_is_there(database, database_url, tmp_path):
    drop = write_drop(tmp_path / "drop", branch())
    kill_once_it_says("done", database_url, drop, "never")
    assert load(database, drop).repeated


@pytest.mark.parametrize("seconds", [0.05, 0.15, 0.3])
def test_killed_while_writing_it_is_all_or_nothing(database, database_url, tmp_path, seconds):
    files = branch()
    files["visits"] = [{**files["visits"][0], "id": f"V{number}"} for number in range(5_000)]
    drop = write_drop(tmp_path / "drop", files)
    before = counts(database)
    kill_once_it_says("warning_responses.csv", database_url, drop, "never", after=seconds)
    after = counts(database)
    assert load(database, drop).committed
    assert after in (before, counts(database))


def kill_once_it_says(word: str, url: str, drop, pause_at: str, after: float = 0) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, url, str(drop), pause_at],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        while process.stdout.readline().strip() != word:
            assert process.poll() is None
        try:
            process.wait(timeout=after)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
