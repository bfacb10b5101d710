"""What a drop says of itself: which files belong to it, and what they hold and add up to."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bank.importing.kinds import LONGEST_ID
from bank.importing.problems import Problems

MANIFEST = "manifest.json"
LEDGER = ("deposits_fen", "loans_fen")
"""What the ledger may state of the whole bank at the end of the business date."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the manifest announces it.

    `name` is the sender's (`balances.parquet`), `file` the contract's (`balances`). `version`
    tells one content from another: the file's SHA-256, or what a warehouse gives for it.
    `totals` are its columns' sums, by column. A `complete` file of changes is a snapshot: it
    states every value of the business date, and most of them have not changed.
    """

    name: str
    file: str
    rows: int
    version: str
    totals: Mapping[str, int] = field(default_factory=dict)
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a drop says of itself.

    `ledger` holds the bank's own totals in fen at the end of the business date, by the names of
    LEDGER; what it leaves out is not compared.
    """

    source: str
    business_date: date
    batch: int
    files: tuple[Listed, ...]
    ledger: Mapping[str, int] = field(default_factory=dict)
    name: str = MANIFEST
    """What problems with the manifest are filed under."""

    @property
    def digest(self) -> str:
        """One digest for the content of the whole drop."""
        lines = sorted(
            f"{file.name} {file.version}{' complete' if file.complete else ''}"
            for file in self.files
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Examination:
    """Turns what a manifest says into values, noting whatever cannot be believed.

    `names` maps the names files may have to the contract's; `version` is the entry that tells
    one content of a file from another, and `form` what it looks like.
    """

    manifest: str
    names: Mapping[str, str]
    snapshots: frozenset[str]
    """Files of the contract that may be complete."""
    version: str
    form: tuple[str, str]
    """A regular expression, and how it reads in words."""
    problems: Problems

    def accept(self, content: Mapping[str, Any]) -> Manifest | None:
        """The manifest, or None with every reason why not noted."""
        before = self.problems.count
        source, batch = content.get("source"), content.get("batch")
        business_date = _date(content.get("business_date"))
        if not isinstance(source, str) or not _is_name(source):
            self._complain("source", source, "is not a name: give the sending system's")
        if not _is_count(batch) or batch == 0:
            self._complain("batch", batch, "is not a number from 1")
        if business_date is None:
            self._complain("business_date", content.get("business_date"), "is not a date")
        files = self._files(content.get("files"))
        ledger = content.get("ledger", {})
        if not _is_sums(ledger) or not set(ledger) <= set(LEDGER):
            reason = f"is not a JSON object of whole numbers for {' and '.join(LEDGER)}"
            self._complain("ledger", ledger, reason)
        if self.problems.count > before or business_date is None:
            return None
        return Manifest(str(source), business_date, int(batch or 0), files, ledger, self.manifest)

    def _files(self, listed: object) -> tuple[Listed, ...]:
        if not isinstance(listed, list) or not listed:
            self._complain("files", listed, "is not a list of files")
            return ()
        files = tuple(file for item in listed if (file := self._file(item)))
        seen: dict[str, str] = {}
        for file in files:
            if file.file in seen:
                also = seen[file.file]
                reason = "is listed twice: list each file once"
                if also != file.name:
                    reason = f"is listed beside {also}: send only one of the two"
                self._complain("files", file.name, reason)
            seen[file.file] = file.name
        return files

    def _file(self, item: object) -> Listed | None:
        before = self.problems.count
        values: dict[str, Any] = item if isinstance(item, dict) else {}
        name, rows, version = values.get("name"), values.get("rows"), values.get(self.version)
        totals, complete = values.get("totals", {}), values.get("complete", False)
        if not isinstance(name, str) or name not in self.names:
            self._complain("files", name, "is no file of the contract: see docs/data.md")
            return None
        if not _is_count(rows):
            self._complain(f"{name} rows", rows, "is not a number of rows")
        pattern, words = self.form
        if not isinstance(version, str) or not re.fullmatch(pattern, version):
            self._complain(f"{name} {self.version}", version, f"is not {words}")
        if not _is_sums(totals):
            self._complain(f"{name} totals", totals, "is not a JSON object of whole numbers")
        if type(complete) is not bool:
            self._complain(f"{name} complete", complete, "is neither true nor false")
        elif complete and self.names[name] not in self.snapshots:
            reason = "is only for files of changes: leave it out"
            self._complain(f"{name} complete", complete, reason)
        if self.problems.count > before:
            return None
        return Listed(name, self.names[name], int(str(rows)), str(version), totals, complete)

    def _complain(self, column: str, value: object, reason: str) -> None:
        self.problems.add(self.manifest, 0, column, "" if value is None else str(value), reason)


def _is_name(value: str) -> bool:
    return 0 < len(value) <= LONGEST_ID and value.isprintable()


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**31


def _is_sums(value: object) -> bool:
    return isinstance(value, dict) and all(type(total) is int for total in value.values())


def _date(value: object) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
