"""`make bench-bank [SCALE=1.0]`: how fast the bank's records load and answer, on both engines.

At full scale the figures are written to docs/performance.md. BENCH_DATA names a folder with a bank
that `daybook demo` wrote (history and one night); without it one is made under build/bench.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.bench.engines import Postgres, Sqlite
from tests.bench.kills import kill_often
from tests.bench.machine import describe, withheld
from tests.bench.page import Bank, Load, Measured, page
from tests.bench.processes import daybook, measure

MANAGERS, CLIENTS, ACCOUNTS = 1_000, 400_000, 800_000
SMALL = (12, 1_200)
"""Managers and clients of the bank that imports are killed over."""
KILLS = 50
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-bank")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--kills", type=int, default=KILLS)
    options = parser.parse_args()
    scale, kills = options.scale, options.kills
    given = os.environ.get("BENCH_DATA")
    data = Path(given) if given else ROOT / "build" / "bench" / f"scale-{scale:g}"
    seconds = generate(data, round(MANAGERS * scale), round(CLIENTS * scale))
    small = ROOT / "build" / "bench" / "small"
    generate(small, *SMALL)
    began = withheld()
    found = [_measure(engine, data, small, kills) for engine in (Sqlite, Postgres)]
    command = f"make bench-bank SCALE={scale:g}" if scale != 1 else "make bench-bank"
    lost, ticks = (now - then for now, then in zip(withheld(), began, strict=True))
    machine = [*describe(), ("Withheld by the host", f"{lost / ticks:.0%} of processor time")]
    text = page(_bank(data, seconds), machine, command, found)
    print(text)
    if scale == 1:
        PAGE.write_text(text, encoding="utf-8")


def generate(data: Path, managers: int, clients: int) -> float | None:
    """A bank's history and one night in a folder, unless they are there; seconds it took."""
    if (data / "history" / "manifest.json").exists():
        return None
    _say(f"generating {managers:,} managers and {clients:,} clients in {data}")
    began = time.perf_counter()
    subprocess.run(
        [
            Path(sys.executable).with_name("daybook"), "demo", data,
            "--managers", str(managers), "--clients", str(clients), "--nightly", "1",
        ],
        check=True,
    )  # fmt: skip
    return time.perf_counter() - began


def _measure(kind: type[Sqlite | Postgres], data: Path, small: Path, kills: int) -> Measured:
    """All an engine has to show, told as it comes."""
    engine = kind()
    found = Measured(engine.name, f"{engine.version()}, {engine.settings}")
    try:
        url = engine.create("bank")
        daybook(url, "migrate")
        found.history = replace(_load(engine, data / "history"), bytes=engine.size("bank"))
        _tell(engine.name, "history", found.history)
        with _writer(url) as waits:
            night = _load(engine, night_of(data))
        found.night = replace(night, longest_wait=waits["longest"])
        _tell(engine.name, "night", found.night)
        queries = measure([sys.executable, "-m", "tests.bench.queries", url], url)
        found.queries = queries.said
        _say(f"{engine.name}: queries {json.dumps(found.queries)} {queries.peak_mb:.0f} MB")
        engine.drop("bank")
        found.kills = kill_often(engine, small / "history", night_of(small), kills)
        _say(f"{engine.name}: {found.kills}")
    finally:
        engine.stop()
    return found


def _load(engine: Sqlite | Postgres, drop: Path) -> Load:
    used = engine.processor()
    cost = daybook(engine.url("bank"), "import", drop)
    used = engine.processor() - used
    if not cost.said["committed"] or cost.said["repeated"]:
        raise RuntimeError(f"{drop} was not taken in: {cost.said['problems'][:3]}")
    return Load(sum(file["rows"] for file in cost.said["files"]), cost, cost.processor + used)


@contextmanager
def _writer(url: str):
    """Another process that tries to write all the while; what it waited is there afterwards."""
    waits: dict[str, float] = {}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.writer", url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdout.readline()
    yield waits
    said, _ = process.communicate()
    waits.update(json.loads(said))


def night_of(data: Path) -> Path:
    """The newest drop beside the history."""
    nights = [path.parent for path in data.glob("*/manifest.json") if path.parent.name != "history"]
    return max(nights)


def _bank(data: Path, seconds: float | None) -> Bank:
    sizes = {
        name: sum(1 for _ in csv.reader((data / "history" / f"{name}.csv").open(encoding="utf-8")))
        - 1
        for name in ("staff", "clients", "accounts")
    }
    with (data / "history" / "staff.csv").open(encoding="utf-8") as file:
        managers = sum(row["role"] == "manager" for row in csv.DictReader(file))
    last = json.loads((night_of(data) / "manifest.json").read_text())["business_date"]
    with (data / "history" / "balances.csv").open(encoding="utf-8") as file:
        first = min(
            row["date"] for row, _ in zip(csv.DictReader(file), range(100_000), strict=False)
        )
    return Bank(
        managers, sizes["clients"], sizes["accounts"], date.fromisoformat(first),
        date.fromisoformat(last), seconds,
    )  # fmt: skip


def _tell(engine: str, what: str, load: Load) -> None:
    _say(
        f"{engine}: {what} {load.rows:,} rows in {load.cost.seconds:.1f} s"
        f" ({load.rate:,.0f} a second), {load.processor:.1f} s of processor,"
        f" {load.cost.peak_mb:.0f} MB,"
        f" {load.bytes / 1e9:.2f} GB, longest wait {load.longest_wait}"
    )


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
