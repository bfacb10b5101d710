"""Where the audit log ended, day by day, noted outside the database.

Whoever owns the database and the key can write the whole log anew; it then no longer goes through
what was noted before, so keep the file where they cannot write.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bank.chain import Head
from bot.errors import BotError


def note_head(path: Path, head: Head, now: datetime) -> None:
    """Add a line to the file. Raises BotError."""
    _add(path, {"at": now.isoformat(), "row": head.row_id, "seal": head.last})


def _add(path: Path, line: Mapping[str, object]) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(line)}\n")
    except OSError as error:
        raise BotError(f"{path} cannot be written ({error.strerror})") from None


def note_restored(path: Path, last: int, now: datetime) -> None:
    """Add that a backup was restored whose log ends with row `last`. Raises BotError.

    What was noted of later rows is of a log that is gone, and does not count any more.
    """
    _add(path, {"at": now.isoformat(), "restored": last})


def noted_heads(path: Path) -> Mapping[int, str]:
    """Every noted row's seal, but of those that a restored backup did not have.

    None while there is no file. Raises BotError.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{path} cannot be read ({type(error).__name__})") from None
    noted: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        try:
            found = json.loads(line)
            if "restored" in found:
                last = int(found["restored"])
                noted = {row: seal for row, seal in noted.items() if row <= last}
                continue
            # The first note of a row stands: later ones are what a log written anew would add.
            noted.setdefault(int(found["row"]), str(found["seal"]))
        except (ValueError, KeyError, TypeError):
            raise BotError(f"{path}, line {number} is not a noted end of the audit log") from None
    return noted
