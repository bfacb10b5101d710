"""docs/performance.md: what was measured, beside what was asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.bench.kills import Kills
from tests.bench.processes import Cost

RATE, NIGHT_SECONDS, NIGHT_MB = 60_000, 60, 600
"""What was asked for: rows a second on both engines; an ordinary night on SQLite."""

INTRODUCTION = """\
Measured by one run of the command below, which writes this page. Other machines give other
figures; the ratios between them should hold."""
ABOUT_IMPORTS = """\
Seconds are of the whole command `daybook import`: starting, hashing, reading, checking every row,
loading and committing; processor seconds include the server's. Memory is the most the process held
at once. The wait is the longest that another process, which tried to write all the while, waited
for its turn while the night came in."""
ABOUT_KILLS = """\
An import of a night over a smaller bank, killed (`kill -9`) at random moments. Every row of every
table was compared with the bank before and after the import; then the import was run again."""
ABOUT_QUERIES = "Seconds of one run each, after the night's import.\n"
SAME = "Both engines gave the same answers to the last digit."
DIFFERENT = "**The engines disagree** where it says so."


@dataclass(frozen=True)
class Load:
    """One import: its rows, what it took, and how long another writer had to wait for it."""

    rows: int
    cost: Cost
    processor: float
    """Processor seconds of the command and of the server."""
    longest_wait: float | None = None
    bytes: int = 0

    @property
    def rate(self) -> float:
        """Rows a second, all of it included: starting, reading, checking, writing."""
        return self.rows / self.cost.seconds


@dataclass
class Measured:
    """Everything one engine showed."""

    engine: str
    settings: str
    history: Load | None = None
    night: Load | None = None
    queries: dict[str, dict] = field(default_factory=dict)
    kills: Kills | None = None


@dataclass(frozen=True)
class Bank:
    """The bank that was loaded."""

    managers: int
    clients: int
    accounts: int
    first: date
    last: date
    generated_in: float | None
    """Seconds; None when it was there already."""


def page(
    bank: Bank, machine: Sequence[tuple[str, str]], command: str, found: Sequence[Measured]
) -> str:
    """The whole page in Markdown."""
    engines = [one.engine for one in found]
    parts = [
        "# Performance",
        INTRODUCTION,
        f"```sh\n{command}\n```",
        _table(("Machine", ""), [*machine, *((one.engine, one.settings) for one in found)]),
        f"The bank: {bank.managers:,} managers, {bank.clients:,} clients, {bank.accounts:,}"
        f" accounts, {bank.first} to {bank.last}, made by `daybook demo`"
        + (f" in {bank.generated_in:,.0f} s." if bank.generated_in else "."),
        "## Imports",
        ABOUT_IMPORTS,
        _table(("", *engines, "Asked for"), _imports(found)),
        "## Killed at any moment",
        ABOUT_KILLS,
        _table(("", *engines), _kills(found)),
        "## Queries over the whole bank",
        ABOUT_QUERIES + (SAME if _agree(found) else DIFFERENT),
        _table(("", "Rows", *engines), _queries(found)),
    ]
    return "\n\n".join(parts) + "\n"


def _imports(found: Sequence[Measured]) -> Iterable[tuple[str, ...]]:
    histories = [one.history for one in found]
    nights = [one.night for one in found]
    yield "13 months: rows", *(f"{load.rows:,}" for load in histories), ""
    yield "13 months: seconds", *(f"{load.cost.seconds:,.0f}" for load in histories), ""
    yield "13 months: rows a second", *(f"{load.rate:,.0f}" for load in histories), f"≥ {RATE:,}"
    yield "13 months: processor seconds", *(f"{load.processor:,.0f}" for load in histories), ""
    yield (
        "13 months: rows a processor second",
        *(f"{load.rows / load.processor:,.0f}" for load in histories),
        "",
    )
    yield "13 months: memory, MB", *(f"{load.cost.peak_mb:,.0f}" for load in histories), ""
    yield "13 months: on disk, GB", *(f"{load.bytes / 1e9:.1f}" for load in histories), ""
    yield "one night: rows", *(f"{load.rows:,}" for load in nights), ""
    yield (
        "one night: seconds",
        *(f"{load.cost.seconds:,.1f}" for load in nights),
        f"≤ {NIGHT_SECONDS} on SQLite",
    )
    yield "one night: processor seconds", *(f"{load.processor:,.1f}" for load in nights), ""
    yield (
        "one night: memory, MB",
        *(f"{load.cost.peak_mb:,.0f}" for load in nights),
        f"≤ {NIGHT_MB} on SQLite",
    )
    yield "one night: longest wait, s", *(f"{load.longest_wait:,.2f}" for load in nights), ""


def _kills(found: Sequence[Measured]) -> Iterable[tuple[str, ...]]:
    kills = [one.kills for one in found]
    yield "kills", *(str(each.before + each.after + each.between) for each in kills)
    yield "as before the import", *(str(each.before) for each in kills)
    yield "as after the import", *(str(each.after) for each in kills)
    yield "anything between", *(str(each.between) for each in kills)
    yield "not completed by running it again", *(str(each.not_completed) for each in kills)
    yield "seconds of the import left alone", *(f"{each.seconds:.1f}" for each in kills)


def _queries(found: Sequence[Measured]) -> Iterable[tuple[str, ...]]:
    first = found[0].queries
    for name, query in first.items():
        answers = {one.queries[name]["answer"] for one in found}
        yield (
            name if len(answers) == 1 else f"{name} (**not the same**)",
            f"{query['rows']:,}",
            *(f"{one.queries[name]['seconds']:,.2f}" for one in found),
        )


def _agree(found: Sequence[Measured]) -> bool:
    return all(
        len({one.queries[name]["answer"] for one in found}) == 1 for name in found[0].queries
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, *rows]
    rule = ["---"] + ["--:" if len(heads) > 2 else "---"] * (len(heads) - 1)
    return "\n".join(f"| {' | '.join(line)} |" for line in [lines[0], rule, *lines[1:]])
