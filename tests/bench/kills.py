"""Killing an import at random moments: the bank must be as before it or as after it."""

import hashlib
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bank.database import Database
from bank.importing import import_drop
from bank.models import Base
from bank.models.base import Instant
from bank.schema import migrate
from bot.cli import clock

IMPORT = """
import sys
from pathlib import Path
from bank.database import Database
from bank.importing import import_drop
from bot.cli import clock

database = Database(sys.argv[1])
print("ready", flush=True)
import_drop(database, Path(sys.argv[2]), now=clock.now())
print("done", flush=True)
"""
LONGER = 1.05
"""Kills fall anywhere from the import's start to a little after its usual end."""


@dataclass(frozen=True)
class Kills:
    """How many kills left the bank as before, and how many as after the import."""

    before: int
    after: int
    between: int
    not_completed: int
    """Runs after a kill that did not bring the bank to where it should be."""
    seconds: float
    """What the import takes when it is left alone."""


def kill_often(engine, history: Path, night: Path, times: int, seed: int = 7) -> Kills:
    """Import a night over a bank again and again, each time killed at another moment."""
    chance = random.Random(seed)
    _fill(engine.create("killed_before"), history)
    before = fingerprint(engine.url("killed_before"))
    url = engine.create("killed", like="killed_before")
    began = time.perf_counter()
    _run(url, night)
    seconds = time.perf_counter() - began
    after = fingerprint(url)
    engine.drop("killed")
    states = []
    completed = 0
    for _ in range(times):
        url = engine.create("killed", like="killed_before")
        _run(url, night, kill_after=chance.uniform(0, seconds * LONGER))
        states.append(fingerprint(url))
        _run(url, night)
        completed += fingerprint(url) == after
        engine.drop("killed")
    engine.drop("killed_before")
    between = sum(state not in {before, after} for state in states)
    return Kills(states.count(before), states.count(after), between, times - completed, seconds)


def fingerprint(url: str) -> str:
    """A hash of every row, but for the moments and numbers of batches."""
    found = hashlib.sha256()
    database = Database(url)
    with database.read() as tx:
        for table in Base.metadata.sorted_tables:
            columns = [
                column
                for column in table.columns
                if not isinstance(column.type, Instant)
                and column.name != "batch_id"
                and not (table.name == "import_batch" and column.name == "id")
            ]
            rows = sorted(repr(tuple(row)) for row in tx.execute(select(*columns)))
            found.update(f"{table.name} {len(rows)} ".encode())
            found.update("\n".join(rows).encode())
    database.close()
    return found.hexdigest()


def _fill(url: str, history: Path) -> None:
    database = Database(url)
    migrate(database)
    report = import_drop(database, history, now=clock.now())
    database.close()
    if not report.committed:
        raise RuntimeError(f"{history} was refused: {report.problems[:3]}")


def _run(url: str, drop: Path, kill_after: float | None = None) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, url, str(drop)], stdout=subprocess.PIPE, text=True
    )
    with process:
        process.stdout.readline()
        if kill_after is None:
            process.wait()
        else:
            time.sleep(kill_after)
            process.kill()
