"""`make bench-scoring [SCALE=1.0]`: how fast scores are computed and read, on both engines.

At full scale the figures are written to docs/performance-scoring.md. BENCH_DATA names a folder with
a bank that `daybook demo` wrote; without it one is made under build/bench.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from tests.bench.__main__ import CLIENTS, MANAGERS, ROOT, generate, night_of
from tests.bench.engines import Postgres, Sqlite
from tests.bench.machine import describe, withheld
from tests.bench.processes import daybook, measure
from tests.bench.scoring_page import page

PAGE = ROOT / "docs" / "performance-scoring.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-scoring")
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args().scale
    given = os.environ.get("BENCH_DATA")
    data = Path(given) if given else ROOT / "build" / "bench" / f"scale-{scale:g}"
    generate(data, round(MANAGERS * scale), round(CLIENTS * scale))
    began = withheld()
    found = {engine.name: _measure(engine, data) for engine in (Sqlite, Postgres)}
    lost, ticks = (now - then for now, then in zip(withheld(), began, strict=True))
    machine = [*describe(), ("Withheld by the host", f"{lost / ticks:.0%} of processor time")]
    command = f"make bench-scoring SCALE={scale:g}" if scale != 1 else "make bench-scoring"
    text = page(machine, command, found)
    print(text)
    if scale == 1:
        PAGE.write_text(text, encoding="utf-8")


def _measure(kind: type[Sqlite | Postgres], data: Path) -> dict:
    """All an engine has to show: each step in a process of its own, so that its memory is known."""
    engine = kind()
    found: dict = {"version": f"{engine.version()}, {engine.settings}"}
    try:
        url = engine.create("bank")
        daybook(url, "migrate")
        daybook(url, "import", data / "history")
        for step, arguments in (
            ("build", ["build"]),
            ("night", ["night", night_of(data)]),
            ("scored", ["score", "rolled"]),
            ("recomputed", ["score", "intervals"]),
            ("deposits", ["deposits"]),
            ("read", ["read"]),
            ("outlook", ["outlook"]),
        ):
            cost = measure([sys.executable, "-m", "tests.bench.scores", url, *arguments], url)
            found[step] = {**cost.said, "peak_mb": cost.peak_mb}
            _say(f"{engine.name}: {step} {json.dumps(found[step])}")
    finally:
        engine.stop()
    return found


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
