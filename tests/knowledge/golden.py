"""The golden questions, and a library over the shipped policies to ask them of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bank.database import Database
from bank.schema import migrate
from knowledge.library import Library

QUESTIONS = Path(__file__).parents[1] / "golden"
POLICIES = Path(__file__).parents[2] / "knowledge" / "policies"
TODAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
SETS = ("en", "zh", "cross")
"""Asked and answered in English, in Chinese, and asked in one but answered in the other."""
EVERYBODY = frozenset({"manager", "team_lead", "risk", "compliance"})


@dataclass(frozen=True)
class Golden:
    """A question, and the one clause that answers it; None where no policy does."""

    lang: str
    text: str
    on: date
    policy: str | None
    clause: str | None
    version: str | None


def golden(name: str) -> Iterator[Golden]:
    """The questions of one of the SETS."""
    for line in (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        on = date.fromisoformat(row["on"]) if "on" in row else TODAY
        yield Golden(
            row["lang"], row["question"], on, row["policy"], row["clause"], row.get("version")
        )


def open_library(home: Path) -> Library:
    """A library over the shipped policies, in a scratch home."""
    home.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{home / 'bank.db'}")
    migrate(database)
    library = Library(database, home)
    library.sync(POLICIES, NOW)
    return library
