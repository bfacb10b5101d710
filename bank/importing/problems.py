"""What is wrong with a drop: each place with its reason, the first thousand and how many more."""

from dataclasses import dataclass, field

KEPT = 1_000
LONGEST_VALUE = 80


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
    lines: dict[str, set[int]] = field(default_factory=dict)
    """Lines with a problem, by file."""

    def add(self, file: str, line: int, column: str, value: str, reason: str) -> None:
        """Note a problem; only the first KEPT are kept whole, a long value only by its start."""
        self.count += 1
        if line > 1:
            self.lines.setdefault(file, set()).add(line)
        if len(self.kept) < KEPT:
            short = value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
            self.kept.append(Problem(file, line, column, short, reason))
