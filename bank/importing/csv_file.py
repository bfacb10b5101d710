"""A CSV file of a drop: from bytes to rows of cells, however large, odd or hostile it is."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from bank.importing.disk import CHANGED, DIFFERS, open_plain, state_of, unreadable
from bank.importing.reading import CHUNK, CellReader
from bank.importing.sources import Values

LONGEST_LINE = 1_000_000
"""Bytes; a row of the longest texts has a quarter of it."""
BLOCK = 1 << 18

Lines = range | list[int]
"""The line each row begins on."""

MAGIC = (
    (b"PK\x03\x04", "is a ZIP archive or an Excel workbook: send the CSV file itself"),
    (b"\x1f\x8b", "is compressed with gzip: send the CSV file itself"),
    (b"\xd0\xcf\x11\xe0", "is an Excel workbook: save it as CSV in UTF-8"),
    (b"PAR1", "is a Parquet file: name it .parquet, in the manifest too"),
    (b"\xff\xfe", "is in UTF-16: save it as UTF-8"),
    (b"\xfe\xff", "is in UTF-16: save it as UTF-8"),
    (b"\x28\xb5\x2f\xfd", "is compressed with Zstandard: send the CSV file itself"),
    (b"BZh", "is compressed with bzip2: send the CSV file itself"),
    (b"\xfd7zXZ\x00", "is compressed with xz: send the CSV file itself"),
    (b"7z\xbc\xaf", "is a 7-Zip archive: send the CSV file itself"),
    (b"%PDF", "is a PDF: send the CSV file itself"),
)
"""How files begin that are often sent in the place of CSV."""


@dataclass(slots=True)
class CsvReader(CellReader):
    """Reads a CSV file once, front to back, and keeps no rows."""

    path: Path

    def _chunks(self) -> Iterator[Iterable[Values]]:
        try:
            with open_plain(self.path) as raw:
                sent = state_of(raw)
                if not self._is_what_was_sent(raw) or not self._is_text(raw):
                    return
                yield from self._parse(raw)
                if state_of(raw) != sent:
                    self._complain(0, CHANGED)
        except OSError as error:
            self._complain(0, unreadable(error))

    def _is_what_was_sent(self, raw: io.BufferedReader) -> bool:
        """Compare the digest, and on the way the length of every line, before one is kept."""
        digest = hashlib.sha256()
        line, length = 1, 0
        while block := raw.read(BLOCK):
            digest.update(block)
            end = block.find(b"\n")
            if length + (len(block) if end < 0 else end) > LONGEST_LINE:
                reason = f"is longer than {LONGEST_LINE:,} bytes: end every row with a line end"
                self._complain(line, reason)
                return False
            line += block.count(b"\n")
            length = length + len(block) if end < 0 else len(block) - block.rfind(b"\n") - 1
        if digest.hexdigest() != self.listed.version:
            self._complain(0, DIFFERS)
            return False
        return True

    def _is_text(self, raw: io.BufferedReader) -> bool:
        raw.seek(0)
        head = raw.read(8)
        raw.seek(0)
        for magic, reason in MAGIC:
            if head.startswith(magic):
                self._complain(0, reason)
                return False
        if b"\0" in head:
            self._complain(0, "is in UTF-16 or no text at all: save it as UTF-8")
            return False
        return True

    def _parse(self, raw: io.BufferedReader) -> Iterator[Iterable[Values]]:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="\n")
        records = csv.reader(text, strict=True)
        try:
            yield from self._rows(records)
        except UnicodeDecodeError:
            self._complain_of_encoding(raw)
        except csv.Error as error:
            # A quote that is never closed swallows lines until the field is too long.
            reason = f"cannot be read ({error}): write CSV with commas and closed quotes"
            if "new-line" in str(error):
                reason = "holds a lone carriage return: end every row with LF or CR LF"
            self._complain(records.line_num, reason)
        finally:
            text.detach()

    def _rows(self, records: Any) -> Iterator[Iterable[Values]]:  # noqa: ANN401 - csv's
        header: list[str] = next(records, [])
        if not header:
            self._complain(1, "has no header: begin with the columns' names")
            return
        places = self.reading.places(header, "add the column")
        if places is None:
            return
        error: Exception | None = None
        while not error:
            begun = records.line_num
            rows: list[list[str]] = []
            try:
                rows.extend(islice(records, CHUNK))
            except (csv.Error, UnicodeDecodeError) as found:
                error = found  # told after what was read before it
            if not rows:
                break
            self.reading.rows += len(rows)
            lines, rows = self._whole(_lines(begun, records.line_num, rows), rows, len(header))
            if rows:
                columns = list(zip(*rows, strict=True))
                yield self.reading.parse(lines, [columns[place] for place in places])
        if error:
            raise error
        self.reading.compare()

    def _whole(
        self, lines: Lines, rows: list[list[str]], width: int
    ) -> tuple[Lines, list[list[str]]]:
        """The rows with as many cells as the header."""
        if set(map(len, rows)) == {width}:
            return lines, rows
        whole = []
        for line, row in zip(lines, rows, strict=True):
            if len(row) == width:
                whole.append((line, row))
            else:
                reason = f"has {len(row)} columns instead of {width}"
                self.reading.complain(line, "", "", reason, row)
        return [line for line, _ in whole], [row for _, row in whole]

    def _complain_of_encoding(self, raw: io.BufferedReader) -> None:
        """Name the first line that is not UTF-8, and what it seems to be instead."""
        raw.seek(0)
        for number, line in enumerate(raw, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                self._complain(number, f"is {_encoding(line)}: save the file as UTF-8")
                return

    def _complain(self, line: int, reason: str) -> None:
        self.reading.complain(line, "", "", reason)


def _lines(begun: int, ended: int, rows: list[list[str]]) -> Lines:
    """The line each row begins on: a quoted cell may hold line ends of its own."""
    if ended - begun == len(rows):
        return range(begun + 1, ended + 1)
    lengths = (1 + sum(cell.count("\n") for cell in row) for row in rows)
    return list(accumulate(lengths, initial=begun + 1))[: len(rows)]


def _encoding(line: bytes) -> str:
    try:
        line.decode("gb18030")
    except UnicodeDecodeError:
        return "not UTF-8"
    return "not UTF-8 but GBK, it seems"
