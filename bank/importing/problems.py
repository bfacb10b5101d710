"""What is wrong with a drop: each place with its reason, the first thousand and how many more."""

from collections.abc import Sequence
from dataclasses import dataclass, field

KEPT = 1_000
LONGEST_VALUE = 80
LONGEST_ROW = 20_000
"""Characters of a quoted row: what a sound row never reaches, a hostile one must not exceed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. `line` counts from 1 with the header; 0 is the file as a whole."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """The problem as one line: `clients.csv line 3, tier 'gold': is not one of: …`."""
        place = f"{self.file} line {self.line}" if self.line else self.file
        if not self.column:
            return f"{place}: {self.reason}"
        value = f" {self.value!r}" if self.value else ""
        return f"{place}, {self.column}{value}: {self.reason}"


@dataclass(slots=True)
class Problems:
    """The problems found so far."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0
    quoted: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    """The cells of rows with a kept problem, by file and line; a cell that is too long is cut."""
    _marks: dict[str, bytearray] = field(default_factory=dict)
    """A bit for each line with a problem, by file: there may be tens of millions."""

    def add(  # noqa: PLR0917 - a problem's place, then its reason
        self,
        file: str,
        line: int,
        column: str,
        value: str,
        reason: str,
        cells: Sequence[str] = (),
    ) -> None:
        """Note a problem; only the first KEPT are kept whole, a long value only by its start.

        `cells` are the row's own, where they are at hand.
        """
        self.count += 1
        if line > 1:
            self._mark(file, line)
        if len(self.kept) < KEPT:
            self.kept.append(Problem(file, line, _short(column), _short(value), reason))
            if cells:
                self.quote(file, line, cells)

    def quote(self, file: str, line: int, cells: Sequence[str]) -> None:
        """Remember the cells of a row with a problem."""
        left = LONGEST_ROW
        quoted = []
        for cell in cells:
            quoted.append(cell if len(cell) <= left else cell[:left] + "…")
            left -= len(quoted[-1]) + 1
            if left <= 0:
                break
        self.quoted[file, line] = tuple(quoted)

    def rejected(self, file: str) -> int:
        """How many rows of a file have a problem."""
        return int.from_bytes(self._marks.get(file, b"")).bit_count()

    def _mark(self, file: str, line: int) -> None:
        marks = self._marks.setdefault(file, bytearray())
        byte, bit = divmod(line, 8)
        if byte >= len(marks):
            marks.extend(bytes(byte + 1 - len(marks)))
        marks[byte] |= 1 << bit


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
