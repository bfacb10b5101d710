"""Rows of the demo's files: named tuples of the contract's columns, ready for a CSV writer.

A cell is text, a whole number, a date, or None where it is empty.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from bank.importing.contract import FILES

Row = Any
"""A named tuple whose type is named like its file."""
Batch = Mapping[str, list[Row]]
"""Rows by file."""

_named: Any = namedtuple  # noqa: PYI024 - the fields are only known when the contract is read
_TYPES: Mapping[str, Callable[..., Row]] = {
    file.name: _named(file.name, [column.name for column in file.columns]) for file in FILES
}


def row_type(file: str) -> Callable[..., Row]:
    """What makes a file's rows, by the contract's column names; a missing one is a TypeError."""
    return _TYPES[file]


def by_file(rows: Iterable[Row]) -> Batch:
    """The rows of each file, in their order."""
    batch: dict[str, list[Row]] = {name: [] for name in _TYPES}
    append = {made: batch[name].append for name, made in _TYPES.items()}
    for row in rows:
        append[type(row)](row)
    return batch


def flag(value: bool) -> str:  # noqa: FBT001 - a cell's value, not a switch
    """A truth value as the contract writes it."""
    return "true" if value else "false"


def until(day: date) -> date | None:
    """The last cell of a span: empty while it has not ended."""
    return None if day == date.max else day
