"""A drop in a folder: `manifest.json` beside the files it lists."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bank.importing.contract import FILES, File
from bank.importing.csv_file import CsvReader
from bank.importing.disk import open_plain
from bank.importing.manifest import MANIFEST, Examination, Listed, Manifest
from bank.importing.parquet_file import ParquetReader
from bank.importing.problems import Problems
from bank.importing.reading import Reading
from bank.importing.sources import Reader

LARGEST = 1_000_000
"""Bytes; a manifest lists a few files and is never near this."""
ENDINGS = ("csv", "parquet")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds one drop."""

    path: Path

    def manifest(self, problems: Problems) -> Manifest | None:
        """The manifest; files in the folder that it does not list are a problem too."""
        content = _load(self.path / MANIFEST, problems)
        if content is None:
            return None
        before = problems.count
        manifest = Examination(
            MANIFEST,
            {f"{file.name}.{ending}": file.name for file in FILES for ending in ENDINGS},
            frozenset(file.name for file in FILES if file.known == "changes"),
            "sha256",
            ("[0-9a-f]{64}", "64 hexadecimal digits"),
            problems,
        ).accept(content)
        if manifest is None:
            return None
        listed = {file.name for file in manifest.files}
        for path in sorted(self.path.iterdir()):
            if path.suffix.lstrip(".") in ENDINGS and path.name not in listed:
                reason = f"is not in {MANIFEST}: list it, or take it away"
                problems.add(path.name, 0, "", "", reason)
        return manifest if problems.count == before else None

    def reader(self, file: File, listed: Listed, business_date: date, problems: Problems) -> Reader:
        """A reader of the file's format."""
        path, reading = self.path / listed.name, Reading(file, listed, business_date, problems)
        if path.suffix == ".parquet":
            return ParquetReader(reading, path)
        return CsvReader(reading, path)


def _load(path: Path, problems: Problems) -> dict[str, Any] | None:
    try:
        with open_plain(path) as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        reason = f"cannot be read ({error.strerror}): give the folder that holds the drop"
        problems.add(MANIFEST, 0, "", "", reason)
        return None
    try:
        content = json.loads(raw.decode("utf-8-sig")) if len(raw) <= LARGEST else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        reason = "is not a JSON object of source, business_date, batch and files"
        problems.add(MANIFEST, 0, "", "", reason)
        return None
    return content
