"""docs/performance-scoring.md: what was measured, beside what was asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

INTRODUCTION = """\
Measured by one run of the command below, which writes this page. Other machines give other
figures; the ratios between them should hold."""
ABOUT = """\
A night's update is what keeping the running totals adds to the import of one business day, in the
import's own transaction; the lock is the part of it while nobody else can write on SQLite.
Recomputing is every indicator of every manager for the year so far, scored and stored, with nothing
looked up in the totals; scoring from the totals gave the same run. A scorecard is read as `/mykpi`
reads it. Memory is the most a step's process held."""
ABOUT_DUCKDB = """\
Deposits of the year so far, fen × days by manager, share, class and kind of account, from the same
rows: by Daybook's own query, and by DuckDB with two threads over tables of its own. The better of
three runs each; the answers are the same to the last digit."""

Found = Mapping[str, Mapping[str, Any]]
"""By engine: what each step took."""


def page(machine: Sequence[tuple[str, str]], command: str, found: Found) -> str:
    """The whole page in Markdown."""
    versions = [(engine, steps["version"]) for engine, steps in found.items()]
    runs = {steps[step]["run"] for steps in found.values() for step in ("scored", "recomputed")}
    same = "Both engines gave the same run, both ways." if len(runs) == 1 else "**Runs differ.**"
    managers = {steps["scored"]["managers"] for steps in found.values()}
    parts = [
        "# Performance of scoring",
        INTRODUCTION,
        f"```sh\n{command}\n```",
        _table(("Machine", ""), [*machine, *versions]),
        f"{', '.join(f'{count:,}' for count in managers)} managers were scored. {ABOUT} {same}",
        _table(("", *found, "Asked for"), _rows(found)),
        "## Beside DuckDB",
        ABOUT_DUCKDB,
        _table(("", *found, "Asked for"), _beside(found)),
    ]
    return "\n\n".join(parts) + "\n"


def _rows(found: Found) -> Iterator[tuple[str, ...]]:
    for name, step, key, bar in (
        ("building the totals from nothing, s", "build", "seconds", ""),
        ("a night's import, s", "night", "seconds", ""),
        ("a night's update of the totals, s", "night", "rollup", "≤ 20"),
        ("of that with the lock, s", "night", "rollup_locked", ""),
        ("scoring the year from the totals, s", "scored", "seconds", ""),
        ("recomputing the year from intervals, s", "recomputed", "seconds", "≤ 60 on SQLite"),
        ("a stored scorecard, p50 ms", "read", "p50_ms", ""),
        ("a stored scorecard, p95 ms", "read", "p95_ms", "≤ 10"),
        ("levers and forecast of one manager, p50 ms", "outlook", "p50_ms", ""),
        ("levers and forecast of one manager, p95 ms", "outlook", "p95_ms", "≤ 150"),
        ("building: memory, MB", "build", "peak_mb", "≤ 1,000"),
        ("a night's import: memory, MB", "night", "peak_mb", "≤ 1,000"),
        ("recomputing: memory, MB", "recomputed", "peak_mb", "≤ 1,000"),
    ):
        yield name, *(f"{steps[step][key]:,.1f}" for steps in found.values()), bar


def _beside(found: Found) -> Iterator[tuple[str, ...]]:
    each = [steps["deposits"] for steps in found.values()]
    yield "Daybook, s", *(f"{one['seconds']:,.2f}" for one in each), ""
    yield "DuckDB, s", *(f"{one['duckdb']:,.2f}" for one in each), ""
    yield "Daybook ÷ DuckDB", *(f"{one['seconds'] / one['duckdb']:.1f}" for one in each), "≤ 3"
    yield (
        "looked up in the totals, with all other day sums, s",
        *(f"{one['looked_up']:,.3f}" for one in each),
        "",
    )


def _table(
    heads: Sequence[str], rows: Sequence[tuple[str, ...]] | Iterator[tuple[str, ...]]
) -> str:
    rule = ["---"] + ["--:" if len(heads) > 2 else "---"] * (len(heads) - 1)
    return "\n".join(f"| {' | '.join(line)} |" for line in [heads, rule, *rows])
