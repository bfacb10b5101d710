"""`make bench-knowledge [CLAUSES=100000]`: how fast policies are taken in and found.

Next to it, in the same run, LangChain's plain Chroma over the same texts and embedder. At full
size the figures are written to docs/performance-knowledge.md. OBLIQA names a folder with
passages.jsonl and questions.jsonl, on which both are compared as well.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bank.database import Database
from bank.schema import migrate
from tests.bench.machine import describe, withheld
from tests.bench.policies import write_policies
from tests.bench.policy_kills import Kills, kill_often
from tests.bench.processes import Cost, daybook, measure

CLAUSES = 100_000
KILLS = 30
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance-knowledge.md"
INTRODUCTION = """\
Measured by one run of the command below, which writes this page. Other machines give other
figures; the ratios between them should hold."""
ABOUT = """\
Taking in is the whole command `daybook policy sync`: starting, reading each file in a limited child
process, splitting, tokens, vectors, SQL, and building and checking Chroma's collection. Asking is
`Library.ask`, from the question's text to the citations confirmed in SQL; searching is the same
without the judgement. Both are as of a day, by somebody with a role and a unit. Memory is the most
that a process and its children held at once. A document is changed by adding a clause to it, and
the time runs from the start of the sync until that clause is found by a process that has been
answering all along: once it syncs itself, once `daybook policy sync` does beside it."""
ABOUT_PLAIN = """\
`langchain_chroma.Chroma`, as its examples have it: `add_texts`, then `similarity_search`, with the
same vectors, cosine distance and Chroma's own settings. Its filter is on language, days, roles and
units as metadata, since without one it gives what is not in force or not for the asker."""
ABOUT_KILLS = """\
A sync that changes {policies} of {policies} policies and brings another, killed (`kill -9`) at
random moments. After each kill the generation's count and fingerprint must be those of what SQL
holds, every clause must be found, and every question must be answered as before the sync or as
after it; then the sync was run again."""
KILLED_POLICIES = 12


@dataclass(frozen=True)
class Found:
    """All there is to tell."""

    synced: Cost
    asked: Cost
    plain: Cost
    kills: Kills
    obliqa: dict[str, dict] | None


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-knowledge")
    parser.add_argument("--clauses", type=int, default=CLAUSES)
    parser.add_argument("--kills", type=int, default=KILLS)
    options = parser.parse_args()
    began = withheld()
    place = Path(tempfile.mkdtemp(prefix="bench"))
    try:
        found = _measure(place, options.clauses, options.kills)
    finally:
        shutil.rmtree(place)
    lost, ticks = (now - then for now, then in zip(withheld(), began, strict=True))
    machine = [*describe(), ("Withheld by the host", f"{lost / ticks:.0%} of processor time")]
    text = "\n".join(_page(found, options.clauses, machine))
    print(text)
    if options.clauses == CLAUSES and options.kills == KILLS:
        PAGE.write_text(text, encoding="utf-8")


def _measure(place: Path, clauses: int, kills: int) -> Found:
    folder = place / "policies"
    write_policies(folder, clauses)
    questions = folder / "questions.jsonl"
    url = f"sqlite:///{place / 'bank.db'}"
    os.environ["DAYBOOK_HOME"] = str(place / "home")
    daybook(url, "migrate")
    _say(f"taking in {clauses:,} clauses")
    synced = daybook(url, "policy", "sync", folder)
    _say(f"{clauses / synced.seconds:,.0f} clauses a second, {synced.peak_mb:,.0f} MB")
    asked = measure(
        [sys.executable, "-m", "tests.bench.asking", url, place / "home", questions, folder], url
    )
    _say(json.dumps(asked.said))
    plain = measure(
        [sys.executable, "-m", "tests.bench.plain", url, place / "plain", questions], url
    )
    _say(json.dumps(plain.said))
    given = os.environ.get("OBLIQA")
    obliqa = _obliqa(Path(given), place / "obliqa") if given else None
    source = Database(f"sqlite:///{place / 'killed.db'}")
    migrate(source)
    source.close()
    killed = kill_often(place / "kills", source, kills, KILLED_POLICIES)
    _say(str(killed))
    return Found(synced, asked, plain, killed, obliqa)


def _obliqa(data: Path, place: Path) -> dict[str, dict]:
    """The same questions to Daybook's own evaluation and to plain Chroma."""
    passages, questions = data / "passages.jsonl", data / "questions.jsonl"
    files = ["--passages", passages, "--questions", questions]
    ours = daybook("", "eval", "retrieval", *files).said
    command = [sys.executable, "-m", "tests.bench.plain_passages", place, passages, questions]
    theirs = measure(command, "").said
    _say(json.dumps({"ours": ours, "plain": theirs}))
    return {"ours": ours, "plain": theirs}


def _page(found: Found, clauses: int, machine: Sequence[tuple[str, str]]) -> Iterator[str]:
    command = "make bench-knowledge" + ("" if clauses == CLAUSES else f" CLAUSES={clauses}")
    yield f"# Performance of the policy base\n\n{INTRODUCTION}\n\n```sh\n{command}\n```\n"
    yield "| Machine |  |\n| --- | --- |"
    yield from (f"| {name} | {value} |" for name, value in machine)
    yield f"\n{clauses:,} clauses in {clauses // 25:,} policies, half of them Chinese, made by a seed.\n"
    yield f"{ABOUT}\n"
    said, plain = found.asked.said, found.plain.said
    yield "|  | Measured | Asked for |\n| --- | --: | --: |"
    yield from (
        f"| {name} | {value} | {wanted} |"
        for name, value, wanted in (
            ("taking in, clauses a second", f"{clauses / found.synced.seconds:,.0f}", "≥ 1,000"),
            ("taking in, processor seconds", f"{found.synced.processor:,.0f}", ""),
            ("taking in, memory, MB", f"{found.synced.peak_mb:,.0f}", "≤ 1,200"),
            ("search with filters, p50, ms", f"{said['search'][0]:.1f}", ""),
            ("search with filters, p95, ms", f"{said['search'][1]:.1f}", "≤ 30"),
            ("answer with filters, p50, ms", f"{said['ask'][0]:.1f}", ""),
            ("answer with filters, p95, ms", f"{said['ask'][1]:.1f}", "≤ 30"),
            ("answering, memory, MB", f"{found.asked.peak_mb:,.0f}", "≤ 1,200"),
            ("a fresh process's first answer, s", f"{said['start']:.1f}", ""),
            ("one changed document, same process, s", f"{said['changed']['here']:.2f}", "≤ 3"),
            ("one changed document, beside it, s", f"{said['changed']['elsewhere']:.2f}", "≤ 3"),
            ("vectors through Chroma", "yes" if said["base"] else "no", "yes"),
            ("Chroma's recall@10 of exact search", f"{said['recall']:.3f}", "≥ 0.99"),
        )
    )
    yield f"\n## Beside LangChain's plain Chroma\n\n{ABOUT_PLAIN}\n"
    yield "|  | Daybook | Plain Chroma |\n| --- | --: | --: |"
    yield f"| taking in, s | {found.synced.seconds:,.0f} | {plain['index']:,.0f} (texts only) |"
    for lang, name in (("en", "English"), ("zh", "Chinese")):
        for figure in ("recall@1", "recall@10", "mrr@10"):
            ours, theirs = said["quality"][lang][figure], plain["quality"][lang][figure]
            yield f"| {name}: {figure} | {ours:.3f} | {theirs:.3f} |"
    yield f"| search with filters, p50 / p95, ms | {_pair(said['search'])} | {_pair(plain['filtered'])} |"
    yield f"| search without filters, p50 / p95, ms | – | {_pair(plain['search'])} |"
    if found.obliqa:
        ours, theirs = found.obliqa["ours"], found.obliqa["plain"]
        for figure in ("recall@1", "recall@10", "map@10", "mrr@10"):
            yield f"| ObliQA: {figure} | {ours[figure]:.3f} | {theirs[figure]:.3f} |"
        yield f"| ObliQA: p95, ms | {ours['p95_ms']:.1f} | {theirs['p95_ms']:.1f} |"
    yield f"\n## Killed at any moment\n\n{ABOUT_KILLS.format(policies=KILLED_POLICIES)}\n"
    kills = found.kills
    yield "|  |  |\n| --- | --: |"
    yield f"| kills | {kills.before + kills.after + kills.between} |"
    yield f"| as before the sync | {kills.before} |\n| as after the sync | {kills.after} |"
    yield f"| anything between | {kills.between} |"
    yield f"| not completed by running it again | {kills.not_completed} |"
    yield f"| seconds of the sync left alone | {kills.seconds:.1f} |\n"


def _pair(figures: Sequence[float]) -> str:
    return " / ".join(f"{each:.1f}" for each in figures)


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
