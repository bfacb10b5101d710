"""Reading one file of a drop: from bytes to rows of values, each problem with its place."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bank.importing.contract import File
from bank.importing.kinds import Parse, Whole
from bank.importing.manifest import Listed
from bank.importing.problems import Problems
from bank.importing.sources import Values


@dataclass(slots=True)
class CsvReader:
    """Reads a file once, front to back, and keeps no rows."""

    path: Path
    file: File
    listed: Listed
    business_date: date
    problems: Problems
    rows: int = 0

    def read(self) -> Iterator[Values]:
        """The rows without a problem; the others, and what is wrong with the file, are noted."""
        if not self._is_what_was_sent():
            return
        records = csv.reader(self._lines(), strict=True)
        try:
            header = next(records, [])
            if self._accepts(header):
                yield from self._parse(records, header)
        except csv.Error as error:
            # A quote that is never closed swallows lines until the field is too long.
            reason = f"cannot be read ({error}): write CSV with commas and closed quotes"
            self._complain(records.line_num, "", "", reason)

    def _is_what_was_sent(self) -> bool:
        try:
            with self.path.open("rb") as raw:
                digest = hashlib.file_digest(raw, "sha256").hexdigest()
        except OSError as error:
            self._complain(0, "", "", f"cannot be read ({error.strerror}): send the drop again")
            return False
        if digest != self.listed.version:
            self._complain(0, "", "", "differs from the manifest's sha256: send the drop again")
            return False
        return True

    def _lines(self) -> Iterator[str]:
        with self.path.open("rb") as raw:
            for number, line in enumerate(raw, 1):
                try:
                    yield line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError:
                    self._complain(number, "", "", "is not UTF-8: save the file as UTF-8")
                    return

    def _accepts(self, header: list[str]) -> bool:
        before = self.problems.count
        if not header:
            self._complain(1, "", "", "has no header: begin with the columns' names")
            return False
        names = [column.name for column in self.file.columns]
        for name in names:
            if header.count(name) != 1:
                reason = "is there twice" if name in header else "is missing: add the column"
                self._complain(1, name, "", reason)
        for name in header:
            if name not in names:
                self._complain(1, name, "", "is no column of this file: take it away")
        for name in self.listed.totals:
            if not self._is_number(name):
                self._complain(1, name, "", "has no total: only columns of numbers have")
        return self.problems.count == before

    def _is_number(self, name: str) -> bool:
        return any(
            column.name == name and isinstance(column.kind, Whole) for column in self.file.columns
        )

    def _parse(self, records: Any, header: list[str]) -> Iterator[Values]:  # noqa: ANN401 - csv's
        places = [header.index(column.name) for column in self.file.columns]
        parsers = [column.kind.parser(self.business_date) for column in self.file.columns]
        pairs = list(zip(parsers, places, strict=True))
        summed = [
            (name, 1 + [column.name for column in self.file.columns].index(name))
            for name in self.listed.totals
        ]
        sums = dict.fromkeys(self.listed.totals, 0)
        end = 1
        for cells in records:
            line, end = end + 1, records.line_num
            self.rows += 1
            if len(cells) != len(header):
                reason = f"has {len(cells)} columns instead of {len(header)}"
                self._complain(line, "", "", reason)
                continue
            try:
                values: Values = (line, *[parse(cells[place]) for parse, place in pairs])
            except ValueError:
                self._explain(line, cells, pairs)
                continue
            for name, place in summed:
                sums[name] += values[place] or 0
            if self._keeps_rules(values, cells, header):
                yield values
        self._compare(sums)

    def _explain(self, line: int, cells: list[str], pairs: list[tuple[Parse, int]]) -> None:
        for column, (parse, place) in zip(self.file.columns, pairs, strict=True):
            try:
                parse(cells[place])
            except ValueError as error:
                self._complain(line, column.name, cells[place], str(error))

    def _keeps_rules(self, values: Values, cells: list[str], header: list[str]) -> bool:
        if not self.file.rules:
            return True
        fields = [column.field for column in self.file.columns]
        row = dict(zip(fields, values[1:], strict=True))
        broken = [rule for rule in self.file.rules if not rule.holds(row)]
        for rule in broken:
            self._complain(values[0], rule.column, cells[header.index(rule.column)], rule.reason)
        return not broken

    def _compare(self, sums: dict[str, int]) -> None:
        """The manifest's counts against what was read, once nothing else is wrong."""
        if self.problems.lines.get(self.listed.name):
            return
        if self.rows != self.listed.rows:
            reason = f"has {self.rows} rows, the manifest says {self.listed.rows}: send it again"
            self._complain(0, "", "", reason)
        for name, total in self.listed.totals.items():
            if sums[name] != total:
                reason = f"adds up to {sums[name]}, the manifest says {total}: send it again"
                self._complain(0, name, "", reason)

    def _complain(self, line: int, column: str, value: str, reason: str) -> None:
        self.problems.add(self.listed.name, line, column, value, reason)
