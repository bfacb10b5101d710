"""A drop's manifest: which files belong to it, how many rows they hold, and their digests."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bank.importing.contract import FILES
from bank.importing.kinds import LONGEST_ID
from bank.importing.problems import Problems

MANIFEST = "manifest.json"
LARGEST = 1_000_000
"""Bytes; a manifest lists a few files and is never near this."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the manifest announces it. `totals` are its columns' sums, by column."""

    name: str
    rows: int
    sha256: str
    totals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a drop says of itself."""

    source: str
    business_date: date
    batch: int
    files: tuple[Listed, ...]

    @property
    def digest(self) -> str:
        """One digest for the content of the whole drop."""
        lines = sorted(f"{file.name} {file.sha256}" for file in self.files)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_manifest(directory: Path, problems: Problems) -> Manifest | None:
    """The manifest of a drop, or None with every reason why not noted in `problems`."""
    before = problems.count
    content = _load(directory / MANIFEST, problems)
    if content is None:
        return None
    source, batch = content.get("source"), content.get("batch")
    business_date = _date(content.get("business_date"))
    if not isinstance(source, str) or not 0 < len(source) <= LONGEST_ID:
        _complain(problems, "source", source, "is not a name: give the sending system's")
    if not _is_count(batch) or batch == 0:
        _complain(problems, "batch", batch, "is not a number from 1")
    if business_date is None:
        _complain(problems, "business_date", content.get("business_date"), "is not a date")
    files = _files(content.get("files"), directory, problems)
    if problems.count > before or business_date is None:
        return None
    return Manifest(str(source), business_date, int(batch or 0), files)


def _load(path: Path, problems: Problems) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        reason = f"cannot be read ({error.strerror}): give the folder that holds the drop"
        problems.add(MANIFEST, 0, "", "", reason)
        return None
    try:
        content = json.loads(raw.decode("utf-8-sig")) if len(raw) <= LARGEST else None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        content = None
    if not isinstance(content, dict):
        reason = "is not a JSON object of source, business_date, batch and files"
        problems.add(MANIFEST, 0, "", "", reason)
        return None
    return content


def _files(listed: object, directory: Path, problems: Problems) -> tuple[Listed, ...]:
    if not isinstance(listed, list) or not listed:
        _complain(problems, "files", listed, "is not a list of files")
        return ()
    files = tuple(file for item in listed if (file := _file(item, problems)))
    names = [file.name for file in files]
    for name in sorted({name for name in names if names.count(name) > 1}):
        _complain(problems, "files", name, "is listed twice: list each file once")
    for path in sorted(directory.glob("*.csv")):
        if path.name not in names and len(names) == len(listed):
            problems.add(path.name, 0, "", "", f"is not in {MANIFEST}: list it, or take it away")
    return files


def _file(item: object, problems: Problems) -> Listed | None:
    before = problems.count
    values: dict[str, Any] = item if isinstance(item, dict) else {}
    name, rows, sha256 = values.get("name"), values.get("rows"), values.get("sha256")
    totals: Any = values.get("totals", {})
    known = [f"{file.name}.csv" for file in FILES]
    if name not in known:
        _complain(problems, "files", name, "is no file of the contract: see docs/data.md")
        return None
    if not _is_count(rows):
        _complain(problems, f"{name} rows", rows, "is not a number of rows")
    if not isinstance(sha256, str) or not re.fullmatch("[0-9a-f]{64}", sha256):
        _complain(problems, f"{name} sha256", sha256, "is not 64 hexadecimal digits")
    if not isinstance(totals, dict) or not all(type(total) is int for total in totals.values()):
        _complain(problems, f"{name} totals", totals, "is not a JSON object of whole numbers")
    if problems.count > before:
        return None
    return Listed(str(name), int(str(rows)), str(sha256), totals)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**31


def _date(value: object) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _complain(problems: Problems, column: str, value: object, reason: str) -> None:
    problems.add(MANIFEST, 0, column, "" if value is None else str(value), reason)
