"""`make bench-knowledge [CLAUSES=100000] [PART=name]`: how fast policies are taken in and found.

Next to it, in the same run, LangChain's plain Chroma over the same texts and embedder. OBLIQA names
a folder with passages.jsonl and questions.jsonl, on which both are compared as well. Everything is
kept in build/bench/knowledge-CLAUSES, so that one part can be measured again after the others; at
full size the figures are written to docs/performance-knowledge.md.
"""

import argparse
import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from bank.database import Database
from bank.generations import active_generation
from bank.schema import migrate
from tests.bench.knowledge_page import page
from tests.bench.machine import describe, withheld
from tests.bench.policies import write_policies
from tests.bench.policy_kills import kill_often
from tests.bench.processes import daybook, measure

CLAUSES = 100_000
KILLS = 30
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance-knowledge.md"
KILLED_POLICIES = 12


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-knowledge")
    parser.add_argument("--clauses", type=int, default=CLAUSES)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--part", choices=PARTS, action="append")
    options = parser.parse_args()
    run = Run(
        ROOT / "build" / "bench" / f"knowledge-{options.clauses}", options.clauses, options.kills
    )
    failed = [name for name in options.part or PARTS if not _measured(run, name)]
    found = run.found()
    missing = [name for name in PARTS if name not in found and name != "obliqa"]
    if failed or missing:
        sys.exit(f"not measured: {', '.join({*failed, *missing})}; again with PART=name")
    command = "make bench-knowledge" + ("" if run.clauses == CLAUSES else f" CLAUSES={run.clauses}")
    text = page(found, run.clauses, describe(), command)
    print(text)
    if run.clauses == CLAUSES:
        PAGE.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Run:
    """Where what a run made is kept, and how large it is."""

    place: Path
    clauses: int
    kills: int

    @property
    def folder(self) -> Path:
        return self.place / "policies"

    @property
    def questions(self) -> Path:
        return self.folder / "questions.jsonl"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.place / 'bank.db'}"

    def found(self) -> dict[str, dict]:
        """What was measured so far, by part."""
        kept = self.place / "found.json"
        return json.loads(kept.read_text("utf-8")) if kept.exists() else {}

    def keep(self, part: str, found: dict) -> None:
        """Keep what a part showed."""
        text = json.dumps({**self.found(), part: found}, indent=1)
        (self.place / "found.json").write_text(text, encoding="utf-8")


def _measured(run: Run, name: str) -> bool:
    """Measure one part and keep what it showed; False when it failed, and the rest goes on."""
    run.folder.mkdir(parents=True, exist_ok=True)
    os.environ["DAYBOOK_HOME"] = str(run.place / "home")
    _say(f"{name} …")
    began, before = time.perf_counter(), withheld()
    try:
        found = PARTS[name](run)
    except Exception:  # noqa: BLE001 - one part must not cost the others
        _say(f"{name} failed\n{traceback.format_exc()}")
        return False
    if found:
        lost, ticks = (now - then for now, then in zip(withheld(), before, strict=True))
        seconds = time.perf_counter() - began
        run.keep(name, {**found, "seconds_of_part": seconds, "withheld": lost / max(ticks, 1)})
        _say(f"{name}: {seconds:.0f} s, {json.dumps(found)}")
    return True


def _sync(run: Run) -> dict:
    """Taking in every clause, from nothing."""
    write_policies(run.folder, run.clauses)
    for path in run.place.glob("bank.db*"):
        path.unlink()
    shutil.rmtree(run.place / "home", ignore_errors=True)
    daybook(run.url, "migrate")
    with ThreadPoolExecutor(1) as pool:
        searchable = pool.submit(_until_searchable, run.url)
        cost = daybook(run.url, "policy", "sync", run.folder)
        return {
            **asdict(cost),
            "searchable": searchable.result(),
            "said": {name: len(cost.said[name]) for name in ("added", "failed")},
        }


def _until_searchable(url: str) -> float:
    """The seconds until a database has its first generation: whoever asks then finds all of it."""
    began, database = time.perf_counter(), Database(url)
    while time.perf_counter() - began < LONGEST_SYNC:
        with database.read() as tx:
            if active_generation(tx):
                break
        time.sleep(0.2)
    database.close()
    return time.perf_counter() - began


def _asking(run: Run) -> dict:
    """Asking, searching and changing one document, over what was taken in."""
    arguments = [run.url, run.place / "home", run.questions, run.folder]
    return measure([sys.executable, "-m", "tests.bench.asking", *arguments], run.url).said


def _plain(run: Run) -> dict:
    """Plain Chroma over the same clauses."""
    shutil.rmtree(run.place / "plain", ignore_errors=True)
    arguments = [run.url, run.place / "plain", run.questions]
    cost = measure([sys.executable, "-m", "tests.bench.plain", *arguments], run.url)
    return {**cost.said, "peak_mb": cost.peak_mb}


def _obliqa(run: Run) -> dict:
    """The same questions to Daybook's own evaluation and to plain Chroma."""
    if not os.environ.get("OBLIQA"):
        return {}
    data = Path(os.environ["OBLIQA"])
    passages, questions = data / "passages.jsonl", data / "questions.jsonl"
    files = ["--passages", passages, "--questions", questions]
    ours = daybook("", "eval", "retrieval", *files).said
    place = run.place / "obliqa"
    shutil.rmtree(place, ignore_errors=True)
    command = [sys.executable, "-m", "tests.bench.plain_passages", place, passages, questions]
    return {"ours": ours, "plain": measure(command, "").said}


def _kills(run: Run) -> dict:
    """A smaller base, its sync killed again and again."""
    place = run.place / "kills"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    source = Database(f"sqlite:///{place / 'source.db'}")
    migrate(source)
    source.close()
    killed = kill_often(place, source, run.kills, KILLED_POLICIES)
    return {**asdict(killed), "policies": KILLED_POLICIES}


LONGEST_SYNC = 1_800
PARTS: dict[str, Callable[[Run], dict]] = {
    "sync": _sync,
    "asking": _asking,
    "plain": _plain,
    "obliqa": _obliqa,
    "kills": _kills,
}


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
