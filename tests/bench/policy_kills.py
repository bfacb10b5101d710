"""Killing a sync at one moment after another: the library must be as before it or as after it."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bank.database import Database
from bank.generations import active_generation
from bank.policies import clauses
from knowledge.indexing import fingerprint
from knowledge.library import Library, Query
from tests.knowledge.conftest import NOW, TODAY, Shelf

SYNC = """
import sys
from datetime import datetime
from pathlib import Path
from bank.database import Database
from knowledge.library import Library

library = Library(Database(sys.argv[1]), Path(sys.argv[2]))
library._engine
print("ready", flush=True)
library.sync(Path(sys.argv[3]), datetime.fromisoformat(sys.argv[4]))
library.close()
"""
LONGER = 1.2
"""Kills fall anywhere from the sync's start to a little after its usual end."""
RULES = 20
LATER = datetime(2026, 11, 18, 1, 40, tzinfo=UTC)


@dataclass(frozen=True)
class Kills:
    """How many kills left the library as before, and how many as after the sync."""

    before: int
    after: int
    between: int
    not_completed: int
    """Syncs after a kill that did not bring the library to where it should be."""
    seconds: float
    """What the sync takes when it is left alone."""


def kill_often(place: Path, source: Database, times: int, policies: int) -> Kills:
    """Sync changes over a library again and again, each time killed at another moment.

    `source` is a migrated SQLite database that nobody has open.
    """
    start = place / "start.db"
    shutil.copyfile(source.engine.url.database, start)
    old, new = Shelf(None, place / "old"), Shelf(None, place / "new")
    _write(old, policies, "three")
    _write(new, policies + 1, "nine")
    _run(start, place / "start-home", old.folder, NOW)
    before = state(start, place / "seen", policies)
    _run(_copy(start, place), place / "home", new.folder, LATER)
    seconds = _run(_copy(start, place), place / "home", new.folder, LATER)
    after = state(place / "killed.db", place / "seen", policies)
    assert before != after

    def kill(number: int) -> tuple[tuple[str, ...], bool]:
        here = place / f"kill-{number}"
        here.mkdir()
        killed = _copy(start, here)
        moment = seconds * LONGER * (number + 0.5) / times
        _run(killed, here / "home", new.folder, LATER, moment)
        left = state(killed, here / "seen", policies)
        _run(killed, here / "home", new.folder, LATER)
        return left, state(killed, here / "seen", policies) == after

    # Side by side: most of it is starting Python.
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        ended = list(pool.map(kill, range(times)))
    states = [left for left, _ in ended]
    between = sum(each not in {before, after} for each in states)
    completed = sum(done for _, done in ended)
    return Kills(states.count(before), states.count(after), between, times - completed, seconds)


def state(path: Path, home: Path, policies: int) -> tuple[str, ...]:
    """What is answered; "broken …" when the generation is not whole."""
    database = Database(f"sqlite:///{path}")
    library = Library(database, home)
    try:
        with database.read() as tx:
            generation = active_generation(tx)
            held = list(clauses(tx))
        if generation.clauses != len(held) or generation.fingerprint != fingerprint(held):
            return (f"broken: {generation} over {len(held)} clauses",)
        for clause in held[:: max(1, len(held) // 40)]:
            found = library.search(Query(clause.text, TODAY, lang="en"), 5)
            if clause.id not in {passage.clause.id for passage, _ in found}:
                return (f"broken: {clause.id} is not found",)
        asked = [f"When is form {number}-1 due?" for number in (*range(3), policies)]
        answers = [library.ask(Query(text, TODAY)) for text in asked]
        return tuple(each.citations[0].quote if each.citations else "" for each in answers)
    finally:
        library.close()
        database.close()


def _write(shelf: Shelf, policies: int, days: str) -> None:
    for number in range(policies):
        rules = [
            f"1.{rule} Form {number}-{rule} about trade {WORDS[(number + rule) % len(WORDS)]} is due"
            f" within {days} days of receipt."
            for rule in range(1, RULES + 1)
        ]
        shelf.put(f"forms-{number}.md", "\n\n".join(rules), title=f"Forms of desk {number}")


WORDS = ("silk", "copper", "barley", "timber", "glass", "paper", "wool", "salt", "tin", "tea")


def _copy(start: Path, place: Path) -> Path:
    for path in place.glob("killed.db*"):
        path.unlink()
    return Path(shutil.copyfile(start, place / "killed.db"))


def _run(path, home, folder, now, kill_after=None) -> float:
    """Run a sync; the seconds it took once it had started. It ends well unless it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", SYNC, f"sqlite:///{path}", home, folder, now.isoformat()],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        process.stdout.readline()
        began = time.perf_counter()
        try:
            assert process.wait(kill_after) == 0
        except subprocess.TimeoutExpired:
            process.kill()
        return time.perf_counter() - began
