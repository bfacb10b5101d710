"""Writing drops: the CSV files of the import contract and, last, the manifest of each."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bank.demo.knowledge import SNAPSHOTS, Ledger, Night, ledger, told
from bank.demo.rows import Batch, Row
from bank.importing.contract import FILES
from bank.importing.manifest import MANIFEST

AMOUNTS = {
    file.name: tuple(
        (at, column.name)
        for at, column in enumerate(file.columns)
        if column.name.endswith("amount_fen")
    )
    for file in FILES
}
"""Where a file's rows hold the amounts the manifest gives the sums of."""
CHANGES = frozenset(file.name for file in FILES if file.known == "changes")


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a file's rows as CSV, how many they are, and the sums of their amounts."""

    content: bytes
    rows: int
    totals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NightPart:
    """Some rows of a night's drop by file, and what they add to the ledger."""

    files: Mapping[str, Part]
    ledger: Ledger


def night_part(batch: Batch, night: Night) -> NightPart:
    """What a night's drop has of some rows."""
    files = {name: _part(name, rows) for name, rows in told(batch, night).items() if rows}
    return NightPart(files, ledger(batch, night.day))


def _part(name: str, rows: list[Row]) -> Part:
    if name in CHANGES:
        # Most rows by far, all of codes, days and whole numbers: nothing to quote or to leave out.
        content = "".join([f"{thing},{day},{value}\n" for thing, day, value in rows])
    else:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        content = text.getvalue()
    totals = {column: sum([row[at] for row in rows]) for at, column in AMOUNTS[name]}
    return Part(content.encode(), len(rows), totals)


@contextmanager
def open_drops(directory: Path, nights: Iterable[Night]) -> Iterator[tuple["Drop", ...]]:
    """The nights' drops, to be written into a directory over whatever is there."""
    folders = [(directory / night.folder, night) for night in nights]
    for folder, _ in folders:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
    with ExitStack() as opened:
        yield tuple(Drop(folder, night, opened) for folder, night in folders)


class Drop:
    """The files of one drop. They stream to disk; the manifest follows when all is written.

    A drop without a manifest is refused by the import, so one that breaks off is never read.
    """

    def __init__(self, directory: Path, night: Night, opened: ExitStack) -> None:
        """Open every file; `opened` closes them."""
        self._directory, self._night, self._opened = directory, night, opened
        self._ledger = Ledger()
        self._files = {
            file.name: _CsvFile(
                opened,
                directory / f"{file.name}.csv",
                [column.name for column in file.columns],
                [column for _, column in AMOUNTS[file.name]],
            )
            for file in FILES
        }

    def write(self, part: NightPart) -> None:
        """Append rows, each to its file."""
        for name, rows in part.files.items():
            self._files[name].write(rows)
        self._ledger = self._ledger.plus(part.ledger)

    def finish(self, source: str) -> None:
        """Close the files and write the manifest that makes them a drop."""
        self._opened.close()
        described = [
            {**file.described(), **({"complete": True} if self._is_complete(name) else {})}
            for name, file in self._files.items()
        ]
        manifest = {
            "source": source,
            "business_date": self._night.day.isoformat(),
            "batch": 1,
            "files": described,
            "ledger": {"deposits_fen": self._ledger.deposits, "loans_fen": self._ledger.loans},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        (self._directory / MANIFEST).write_text(text, encoding="utf-8")

    def _is_complete(self, name: str) -> bool:
        return self._night.before is not None and name in SNAPSHOTS


class _CsvFile:
    """One file being written, its rows counted and its amounts summed."""

    def __init__(
        self, opened: ExitStack, path: Path, columns: list[str], amounts: list[str]
    ) -> None:
        self._path = path
        self._rows = 0
        self._totals: Counter[str] = Counter(dict.fromkeys(amounts, 0))
        self._handle: IO[bytes] = opened.enter_context(path.open("wb"))
        self._handle.write((",".join(columns) + "\n").encode())

    def write(self, part: Part) -> None:
        self._handle.write(part.content)
        self._rows += part.rows
        self._totals.update(part.totals)

    def described(self) -> dict[str, object]:
        with self._path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        described = {"name": self._path.name, "rows": self._rows, "sha256": digest}
        return described | ({"totals": dict(self._totals)} if self._totals else {})
