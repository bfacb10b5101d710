"""Several processes on one database: each follows what another synced, by the difference alone."""

import random
import subprocess
import sys

from bank.generations import active_generation
from bank.policies import clauses
from knowledge.indexing import fingerprint
from knowledge.library import Library, Query
from tests.fakes import Killed
from tests.knowledge.conftest import NOW, TODAY, Shelf, on_one_engine
from tests.knowledge.test_asking import VISITS

ASKED = "Within how many days must I log a visit?"
ANSWER = """
import sys
from datetime import date
from pathlib import Path
from bank.database import Database
from knowledge.library import Library, Query

library = Library(Database(sys.argv[1]), Path(sys.argv[2]))
for line in sys.stdin:
    answer = library.ask(Query(line, date.fromisoformat(sys.argv[3])))
    print(answer.citations[0].quote if answer.citations else answer.reason, flush=True)
library.close()
"""


def test_a_replica_answers_with_the_new_rule_and_drops_the_old_at_once(shelf, database, tmp_path):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.put("bells.md", "1.1 A bell is rung at noon.", title="Bells")
    shelf.sync()
    other = Shelf(Library(database, tmp_path / "other-home"), shelf.folder)
    assert "within 3 business days" in other.ask(ASKED).citations[0].quote
    assert other.ask("When is a bell rung?").status == "answered"

    shelf.put("visits.md", VISITS.replace("3 business", "8 business"), title="Client Visit Policy")
    (shelf.folder / "bells.md").unlink()
    shelf.sync()

    assert "within 8 business days" in other.ask(ASKED).citations[0].quote
    assert other.ask("When is a bell rung?").status == "refused"
    other.library.close()


@on_one_engine
def test_another_process_answers_with_the_new_rule(shelf, database_url, tmp_path):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.sync()
    with subprocess.Popen(
        [sys.executable, "-c", ANSWER, database_url, tmp_path / "other", TODAY.isoformat()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip

        def ask():
            process.stdin.write(f"{ASKED}\n")
            process.stdin.flush()
            return process.stdout.readline()

        assert "within 3 business days" in ask()
        shelf.put("visits.md", VISITS.replace("3 bus", "8 bus"), title="Client Visit Policy")
        shelf.sync()
        assert "within 8 business days" in ask()
        process.stdin.close()


@on_one_engine
def test_following_change_by_change_finds_what_starting_anew_finds(shelf, database, tmp_path):
    chance = random.Random(5)
    follower = Library(database, tmp_path / "follower")
    for step in range(4):
        for name in chance.sample("abcdef", 2):
            path = shelf.folder / f"{name}.md"
            if path.exists() and chance.random() < 0.4:
                path.unlink()
            else:
                days = chance.randrange(2, 90)
                rules = [
                    f"1.{rule} Paper {name}{rule} is kept {days} days." for rule in range(1, 7)
                ]
                end = f"2026-11-{chance.randrange(1, 30):02}" if chance.random() < 0.3 else None
                shelf.put(path.name, "\n\n".join(rules), title=f"Papers {name}", end=end)
        shelf.sync()
        fresh = Library(database, tmp_path / f"fresh{step}")
        for text in ("How long is paper a1 kept?", "papers kept for days", "paper f6"):
            query = Query(text, TODAY)
            assert _found(follower, query) == _found(fresh, query)
        fresh.close()
    follower.close()


def _found(library, query):
    return {(passage.clause.id, passage.clause.text) for passage, _ in library.search(query, 50)}


@on_one_engine
def test_a_sync_that_dies_anywhere_leaves_the_library_whole(shelf, database):
    """Real kills, thirty of them, are for make bench-knowledge."""
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.sync()
    before = _whole(database)
    shelf.put("visits.md", VISITS.replace("3 business", "8 business"), title="Client Visit Policy")
    shelf.put("bells.md", "1.1 A bell is rung at noon.", title="Bells")
    steps = 0
    while True:
        try:
            shelf.library.sync(shelf.folder, NOW, _dying(steps))
        except Killed:
            assert _whole(database) == before
            assert "within 3 business days" in shelf.ask(ASKED).citations[0].quote
            steps += 1
        else:
            break

    assert steps >= 3
    assert _whole(database) != before
    assert "within 8 business days" in shelf.ask(ASKED).citations[0].quote


def _dying(steps):
    """A report that ends the process after so many steps."""
    left = iter(range(steps))

    def report(*_):
        if next(left, None) is None:
            raise Killed

    return report


def _whole(database):
    """The active generation, which says rightly what SQL holds."""
    with database.read() as tx:
        generation = active_generation(tx)
        held = list(clauses(tx))
    assert (generation.clauses, generation.fingerprint) == (len(held), fingerprint(held))
    return generation


@on_one_engine
def test_a_question_during_a_sync_is_answered_from_before_it(shelf):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.sync()
    shelf.put("visits.md", VISITS.replace("3 business", "8 business"), title="Client Visit Policy")
    heard = []

    shelf.library.sync(
        shelf.folder, NOW, lambda *_: heard.append(shelf.ask(ASKED).citations[0].quote)
    )

    assert all("within 3 business days" in quote for quote in heard)
    assert "within 8 business days" in shelf.ask(ASKED).citations[0].quote
