"""One process that answers from a policy base, measured from its start: run by tests.bench.knowledge.

    python -m tests.bench.asking DATABASE_URL HOME QUESTIONS FOLDER

Prints one JSON object: see `main`.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from bank.database import Database
from bank.generations import active_generation
from bot.cli import clock
from knowledge.library import Library, Query
from knowledge.scope import Scope
from tests.bench.policies import Known
from tests.bench.processes import DAYBOOK

NEW_RULE = "A lantern permit must be renewed within {days} days of the harbour fair."
NEW_QUESTION = "When must a lantern permit be renewed after the harbour fair?"
LIMIT = 10
QUESTIONS = 1_000
PATIENCE = 120


def main() -> None:
    began = time.perf_counter()
    url, home, questions, folder = sys.argv[1], *map(Path, sys.argv[2:])
    lines = questions.read_text("utf-8").splitlines()
    known = [Known(**json.loads(line)) for line in lines[:QUESTIONS]]
    database = Database(url)
    library = Library(database, home)
    library.ask(_query(known[0]))
    told: dict[str, object] = {"start": time.perf_counter() - began}
    for one in known[:20]:  # Chroma is opened in the background
        library.ask(_query(one))
    wait_for_base(library)
    told["base"] = base(library)
    told["ask"] = percentiles(lambda one: library.ask(_query(one)), known)
    told |= searched(
        lambda one: [p.clause.id for p, _ in library.search(_query(one), LIMIT)], known, "search"
    )
    told["recall"] = recall(library, known)
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    told["changed"] = changed(library, folder)
    library.close()
    database.close()
    print(json.dumps(told))


def percentiles(ask: Callable[[Known], object], known: Sequence[Known]) -> list[float]:
    """Milliseconds of half and of 95 in a hundred of the questions."""
    times = []
    for one in known:
        began = time.perf_counter()
        ask(one)
        times.append((time.perf_counter() - began) * 1000)
    return [float(each) for each in np.percentile(times, [50, 95])]


def searched(
    find: Callable[[Known], Sequence[str]], known: Sequence[Known], name: str
) -> dict[str, object]:
    """How long a search takes (under `name`) and how good it is, language by language."""
    found: dict[str, Sequence[str]] = {}

    def keep(one: Known) -> None:
        found[one.clause_id] = find(one)

    times = percentiles(keep, known)
    by_lang = {
        lang: quality(lambda one: found[one.clause_id], [one for one in known if one.lang == lang])
        for lang in ("en", "zh")
    }
    return {name: times, "quality": by_lang}


def quality(find: Callable[[Known], Sequence[str]], known: Sequence[Known]) -> dict[str, float]:
    """How often the clause that answers is first, is among the ten; the mean reciprocal rank."""
    places = []
    for one in known:
        found = list(find(one))[:LIMIT]
        places.append(found.index(one.clause_id) + 1 if one.clause_id in found else 0)
    return {
        "questions": len(places),
        "recall@1": statistics.fmean(place == 1 for place in places),
        "recall@10": statistics.fmean(place > 0 for place in places),
        "mrr@10": statistics.fmean(1 / place if place else 0 for place in places),
    }


def wait_for_base(library: Library) -> None:
    """Until the base is open, so that what is measured is measured through it."""
    base = search_of(library).dense.base
    if base is not None:
        base.open()
        base.close()


def base(library: Library) -> bool:
    """Whether a base answers."""
    base = search_of(library).dense.base
    return base is not None and base.ready


def recall(library: Library, known: Sequence[Known]) -> float:
    """The share of the ten nearest that the base finds, of the ten that exact search does."""
    search = search_of(library)
    exact = search.dense.based(None)
    shares = []
    for one in known[:200]:
        rows = search._admitted(_scope(one), one.lang).rows
        vector = search._embedder.question(one.text)
        wanted = exact.search(vector, rows, LIMIT)
        found = search.dense.search(vector, rows, LIMIT)
        least = min(wanted.values()) - 1e-4
        shares.append(sum(near >= least for near in found.values()) / len(wanted))
    return statistics.fmean(shares)


def changed(library: Library, folder: Path) -> dict[str, float]:
    """Seconds from the start of a sync of one changed document until it is answered from.

    `here` when this process syncs it, `elsewhere` when `daybook policy sync` does.
    """
    path = next(folder.glob("000/en-*.md"))
    text = path.read_text("utf-8")
    told = {}
    try:
        for place, days in (("here", 41), ("elsewhere", 43)):
            told[place] = _change(library, folder, path, text, days, place == "here")
    finally:
        path.write_text(text, "utf-8")
    library.sync(folder, clock.now())
    return told


def _change(library: Library, folder: Path, path: Path, text: str, days: int, here: bool) -> float:
    rule = NEW_RULE.format(days=days)
    path.write_text(f"{text}\n\n6.1 {rule}\n", "utf-8")
    process = None
    began = time.perf_counter()
    if here:
        library.sync(folder, clock.now())
    else:
        command = [DAYBOOK, "policy", "sync", folder, "--json"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    front = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    roles = frozenset(json.loads(front["audience"]))
    units = frozenset(json.loads(front.get("units", "[]")))
    asked = Query(NEW_QUESTION, date.fromisoformat("2026-11-23"), roles, None, units)
    while not any(rule in p.clause.text for p, _ in library.search(asked, LIMIT)):
        if time.perf_counter() - began > PATIENCE:
            raise AssertionError(f"the new clause was not found in {PATIENCE} s")
        time.sleep(0.01)
    seconds = time.perf_counter() - began
    if process:
        process.wait()
    return seconds


def search_of(library: Library):
    with library._database.read() as tx:
        return library._engine.search_of(tx, active_generation(tx))


def _query(one: Known) -> Query:
    return Query(
        one.text, date.fromisoformat(one.on), frozenset(one.roles), one.lang, frozenset(one.units)
    )


def _scope(one: Known) -> Scope:
    return Scope(date.fromisoformat(one.on), frozenset(one.roles), frozenset(one.units))


if __name__ == "__main__":
    main()
