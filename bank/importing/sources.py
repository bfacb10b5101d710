"""Where drops come from: what the import asks of a folder, a warehouse, or anything else."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol

from bank.importing.contract import File
from bank.importing.manifest import Listed, Manifest
from bank.importing.problems import Problems

Values = tuple[Any, ...]
"""A line number, then the values of the file's declared columns in their declared order."""


class Reader(Protocol):
    """Reads one file of a drop once, front to back, and keeps no rows.

    Lines count from 1 with the columns' names, whatever the format: the first row is line 2.
    """

    @property
    def listed(self) -> Listed:
        """The file as the manifest announces it."""

    @property
    def rows(self) -> int:
        """Rows met so far, with and without a problem."""

    def read(self) -> Iterator[Values]:
        """The rows without a problem; the others, and what is wrong with the file, are noted."""


class Source(Protocol):
    """A place that holds one drop."""

    def manifest(self, problems: Problems) -> Manifest | None:
        """What the drop says of itself, or None with every reason why not noted."""

    def reader(self, file: File, listed: Listed, business_date: date, problems: Problems) -> Reader:
        """What reads a file that the manifest lists."""
