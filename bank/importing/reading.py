"""Turning the text cells of a file into rows of values, each problem with its place.

Every format ends here: what a cell may hold is decided by its column's kind alone.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, compress
from typing import Any

from bank.importing.contract import File
from bank.importing.kinds import Parse, ParseColumn, Whole
from bank.importing.manifest import Listed
from bank.importing.problems import Problems
from bank.importing.sources import Values

CHUNK = 500
"""Rows read at once, a column of them judged together: as many as fit the collector's youngest
generation, which would look through them again and again if there were more."""

Cells = Sequence[Sequence[str]]
"""Some rows' cells by column, in the declared order of the file's columns."""


@dataclass(slots=True)
class Reading:
    """What is known of a file while it is read."""

    file: File
    listed: Listed
    business_date: date
    problems: Problems
    rows: int = 0
    _parsers: list[tuple[Parse, ParseColumn]] = field(init=False)
    _sums: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        kinds = [column.kind for column in self.file.columns]
        on = self.business_date
        self._parsers = [(kind.parser(on), kind.column_parser(on)) for kind in kinds]
        self._sums = dict.fromkeys(self.listed.totals, 0)

    def places(self, header: Sequence[str], remedy: str) -> list[int] | None:
        """Where each declared column is in a header, or None with every reason why not noted.

        `remedy` says what to do about a column that is missing.
        """
        before = self.problems.count
        names = [column.name for column in self.file.columns]
        for name in names:
            if header.count(name) != 1:
                reason = "is there twice" if name in header else f"is missing: {remedy}"
                self.complain(1, name, "", reason)
        for name in dict.fromkeys(header):
            if name not in names:
                self.complain(1, name, "", "is no column of this file: take it away")
        numbers = {column.name for column in self.file.columns if isinstance(column.kind, Whole)}
        for name in self.listed.totals:
            if name not in numbers:
                self.complain(1, name, "", "has no total: only columns of numbers have")
        if self.problems.count > before:
            return None
        return [header.index(name) for name in names]

    def parse(self, lines: Sequence[int], cells: Cells) -> Iterable[Values]:
        """The values of the rows on those lines that are without a problem."""
        columns: list[Sequence[Any]]
        try:
            columns = [
                parse(column) for (_, parse), column in zip(self._parsers, cells, strict=True)
            ]
        except ValueError:
            lines, cells, columns = self._parse_each(lines, cells)
        if not lines:
            return ()
        for column, values in zip(self.file.columns, columns, strict=True):
            if column.name in self._sums:
                self._sums[column.name] += sum(filter(None, values))
        rows = zip(lines, *columns, strict=True)
        if not self.file.rules:
            return rows
        fields = [column.field for column in self.file.columns]
        named = [dict(zip(fields, values, strict=True)) for values in zip(*columns, strict=True)]
        # Whole columns of rows keep a rule far more often than not.
        if all(all(map(rule.holds, named)) for rule in self.file.rules):
            return rows
        return compress(rows, self._keep_rules(lines, cells, named))

    def compare(self) -> None:
        """The manifest's counts against what was read, once nothing else is wrong."""
        if self.problems.rejected(self.listed.name):
            return
        if self.rows != self.listed.rows:
            reason = f"has {self.rows} rows, the manifest says {self.listed.rows}: send it again"
            self.complain(0, "", "", reason)
        for name, total in self.listed.totals.items():
            if self._sums[name] != total:
                reason = f"adds up to {self._sums[name]}, the manifest says {total}: send it again"
                self.complain(0, name, "", reason)

    def complain(
        self, line: int, column: str, value: str, reason: str, cells: Sequence[str] = ()
    ) -> None:
        """Note a problem of this file."""
        self.problems.add(self.listed.name, line, column, value, reason, cells)

    def _parse_each(
        self, lines: Sequence[int], cells: Cells
    ) -> tuple[list[int], Cells, list[Sequence[Any]]]:
        """Row by row, so that every fault is told: the rows without one, and their values."""
        sound: list[tuple[int, Sequence[str], list[object]]] = []
        for line, row in zip(lines, zip(*cells, strict=True), strict=True):
            values = []
            for column, (parse, _), cell in zip(self.file.columns, self._parsers, row, strict=True):
                try:
                    values.append(parse(cell))
                except ValueError as error:
                    self.complain(line, column.name, cell, str(error), row)
            if len(values) == len(row):
                sound.append((line, row, values))
        return (
            [line for line, _, _ in sound],
            list(zip(*(row for _, row, _ in sound), strict=True)),
            list(zip(*(values for _, _, values in sound), strict=True)),
        )

    def _keep_rules(
        self, lines: Sequence[int], cells: Cells, rows: Sequence[Mapping[str, Any]]
    ) -> list[bool]:
        """Whether each row keeps the file's rules."""
        kept = []
        for place, row in enumerate(rows):
            sound = True
            for rule in self.file.rules:
                if not rule.holds(row):
                    sound = False
                    self._complain_of_rule(lines[place], rule.column, rule.reason, cells, place)
            kept.append(sound)
        return kept

    def _complain_of_rule(
        self, line: int, name: str, reason: str, cells: Cells, place: int
    ) -> None:
        row = [column[place] for column in cells]
        named = dict(zip((column.name for column in self.file.columns), row, strict=True))
        self.complain(line, name, named[name], reason, row)


@dataclass(slots=True)
class CellReader(ABC):
    """A reader (sources.Reader) that turns what it finds into cells, and those into rows."""

    reading: Reading

    @property
    def listed(self) -> Listed:
        """The file as the manifest announces it."""
        return self.reading.listed

    @property
    def rows(self) -> int:
        """Rows met so far, with and without a problem."""
        return self.reading.rows

    def read(self) -> Iterator[Values]:
        """The rows without a problem; the others, and what is wrong with the file, are noted."""
        return chain.from_iterable(self._chunks())

    @abstractmethod
    def _chunks(self) -> Iterator[Iterable[Values]]:
        """The same, some rows at a time."""
