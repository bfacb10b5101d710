"""A Parquet file of a drop: batches of rows, as the text a CSV file would hold.

Only types whose text is certain are accepted, and nothing is unpacked before the file has said
that it fits.
"""

# ruff: noqa: PLC0415 - pyarrow takes a while to load, and only Parquet files need it

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

from bank.importing.disk import CHANGED, DIFFERS, open_plain, state_of, unreadable
from bank.importing.reading import CellReader
from bank.importing.sources import Values

BATCH = 10_000
LARGEST_GROUP = 1 << 29
"""Bytes of a row group once unpacked."""
LONGEST_CELL = 100_000
"""Bytes; above what any kind of value may hold."""
DEEPEST = {"thrift_string_size_limit": 10_000_000, "thrift_container_size_limit": 100_000}
"""What a footer may make pyarrow set aside."""
UNSOUND = "is no sound Parquet file: write it again"
TYPES = "write it as text, whole numbers, date32 or booleans"


@dataclass(slots=True)
class ParquetReader(CellReader):
    """Reads a Parquet file once, front to back, and keeps no rows."""

    path: Path

    def _chunks(self) -> Iterator[Iterable[Values]]:
        import pyarrow as pa

        try:
            with open_plain(self.path) as raw:
                sent = state_of(raw)
                if hashlib.file_digest(raw, "sha256").hexdigest() != self.listed.version:
                    self._complain(0, "", DIFFERS)
                    return
                try:
                    yield from self._batches(raw)
                except (pa.ArrowException, OSError, MemoryError, UnicodeDecodeError):
                    # The library's own words may quote what the file holds.
                    self._complain(0, "", UNSOUND)
                if state_of(raw) != sent:
                    self._complain(0, "", CHANGED)
        except OSError as error:
            self._complain(0, "", unreadable(error))

    def _batches(self, raw: BufferedReader) -> Iterator[Iterable[Values]]:
        import pyarrow.parquet as pq

        plain = pq.ParquetFile(raw, **DEEPEST, arrow_extensions_enabled=False)
        places = self.reading.places(plain.schema_arrow.names, "add the column")
        if places is None or not self._fits(plain.metadata):
            return
        fields = [plain.schema_arrow.field(place) for place in places]
        if not self._are_certain(fields):
            return
        # Texts stay in their dictionaries until their length is known: a long one that is
        # repeated costs the file nothing, but would cost us its length for every row.
        texts = [field.name for field in fields if _is_text(field.type)]
        file = pq.ParquetFile(
            raw, **DEEPEST, arrow_extensions_enabled=False, pre_buffer=False, read_dictionary=texts
        )
        for batch in file.iter_batches(BATCH, use_threads=False):
            first = self.reading.rows + 2
            columns: list[list[str]] = []
            for place, field in zip(places, fields, strict=True):
                cells = self._cells(batch.column(place), field.name, first)
                if cells is None:
                    return
                columns.append(cells)
            self.reading.rows += batch.num_rows
            yield self.reading.parse(range(first, first + batch.num_rows), columns)
        self.reading.compare()

    def _fits(self, footer: Any) -> bool:  # noqa: ANN401 - pyarrow's
        """Whether what the footer announces is what the manifest does, in parts of a fair size."""
        if footer.num_rows != self.listed.rows:
            reason = f"has {footer.num_rows} rows, the manifest says {self.listed.rows}"
            self._complain(0, "", f"{reason}: send it again")
            return False
        for number in range(footer.num_row_groups):
            # Not column by column: a footer with nonsense about one would end the whole process.
            size = footer.row_group(number).total_byte_size
            if size > LARGEST_GROUP:
                reason = f"unpacks to {size:,} bytes in row group {number + 1}"
                self._complain(0, "", f"{reason}: write groups of at most {LARGEST_GROUP:,}")
                return False
        return True

    def _are_certain(self, fields: Sequence[Any]) -> bool:
        """Whether there is only one text that each column's values can stand for."""
        before = self.reading.problems.count
        for field in fields:
            if not (_is_text(field.type) or _is_certain(field.type)):
                self._complain(1, field.name, f"holds {field.type}: {TYPES}")
        return self.reading.problems.count == before

    def _cells(self, column: Any, name: str, first: int) -> list[str] | None:  # noqa: ANN401
        """A batch's column as text; None if it cannot be, which is noted."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if isinstance(column, pa.DictionaryArray):
            longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 0
            if longest > LONGEST_CELL:
                reason = f"holds a text of {longest:,} bytes: shorten it"
                self._complain(first, name, reason)
                return None
            column = column.dictionary_decode()
        text = column.cast(pa.large_string()).fill_null("")
        try:
            cells: list[str] = text.to_pylist()
        except UnicodeDecodeError:
            self._complain(first, name, "is not UTF-8 from here on: write its text as UTF-8")
            return None
        return cells

    def _complain(self, line: int, column: str, reason: str) -> None:
        self.reading.complain(line, column, "", reason)


def _is_text(kind: Any) -> bool:  # noqa: ANN401 - pyarrow's
    from pyarrow import types

    if types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_certain(kind: Any) -> bool:  # noqa: ANN401 - pyarrow's
    from pyarrow import types

    return bool(
        types.is_integer(kind)
        or types.is_date32(kind)
        or types.is_boolean(kind)
        or types.is_null(kind)
    )
