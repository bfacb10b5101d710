"""Writing a drop: the CSV files of the import contract, row by row, and their manifest last."""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

from bank.importing.contract import FILES, File
from bank.importing.kinds import Whole
from bank.importing.manifest import MANIFEST

Row = tuple[str, Mapping[str, Any]]
"""A file's name and one row of it, by the contract's column names."""


def row(file: str, **columns: Any) -> Row:  # noqa: ANN401 - a cell is text, number, day, ...
    """One row of a file. Days are dates; `date.max` is a day that has not come."""
    return file, columns


@contextmanager
def open_drop(directory: Path) -> Iterator["Drop"]:
    """A drop to be written into a directory, over whatever drop is there."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / MANIFEST).unlink(missing_ok=True)
    with ExitStack() as opened:
        yield Drop(directory, opened)


class Drop:
    """The files of one drop. They stream to disk; the manifest follows when all is written.

    A drop without a manifest is refused by the import, so one that breaks off is never read.
    """

    def __init__(self, directory: Path, opened: ExitStack) -> None:
        """Open every file; `opened` closes them."""
        self._manifest = directory / MANIFEST
        self._opened = opened
        self._files = {
            file.name: _CsvFile(file, opened, directory / f"{file.name}.csv") for file in FILES
        }

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows, each to its file."""
        for name, columns in rows:
            self._files[name].write(columns)

    def finish(self, source: str, business_date: date) -> None:
        """Close the files and write the manifest that makes them a drop."""
        self._opened.close()
        manifest = {
            "source": source,
            "business_date": business_date.isoformat(),
            "batch": 1,
            "files": [file.described() for file in self._files.values()],
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        self._manifest.write_text(text, encoding="utf-8")


class _CsvFile:
    """One file being written, its rows counted and its amounts summed."""

    def __init__(self, file: File, opened: ExitStack, path: Path) -> None:
        self._path = path
        self._columns = [column.name for column in file.columns]
        amounts = [column.name for column in file.columns if _is_amount(column.kind, column.name)]
        self._rows = 0
        self._totals = dict.fromkeys(amounts, 0)
        handle: IO[str] = opened.enter_context(path.open("w", encoding="utf-8", newline=""))
        self._csv = csv.writer(handle, lineterminator="\n")
        self._csv.writerow(self._columns)

    def write(self, columns: Mapping[str, Any]) -> None:
        self._csv.writerow([_cell(columns.get(name)) for name in self._columns])
        self._rows += 1
        for name in self._totals:
            self._totals[name] += columns[name]

    def described(self) -> dict[str, object]:
        with self._path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        described = {"name": self._path.name, "rows": self._rows, "sha256": digest}
        return described | ({"totals": self._totals} if self._totals else {})


def _is_amount(kind: object, name: str) -> bool:
    return isinstance(kind, Whole) and name.endswith("amount_fen")


def _cell(value: object) -> object:
    if isinstance(value, date):
        return "" if value == date.max else value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return value
