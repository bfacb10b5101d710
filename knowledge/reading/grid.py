"""Cells that span rows and columns, spread into the rows a table is read as."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1


def spread(rows: Sequence[Sequence[Cell]], heads: int = 1) -> list[list[str]]:
    """A table's rows, all equally long; the first `heads` rows become one header row.

    A cell over several rows is said in each of them. One over several columns is said in the
    first, but in every one of a header, so that each column has its whole name ("Fee Minimum").
    """
    below: dict[int, tuple[str, int]] = {}
    lines: list[dict[int, str]] = []
    for number, row in enumerate(rows):
        line = {column: text for column, (text, _) in below.items()}
        below = {column: (text, left - 1) for column, (text, left) in below.items() if left > 1}
        column = 0
        for cell in row:
            while column in line:
                column += 1
            end = min(column + cell.columns, MOST_COLUMNS)
            for place in range(column, end):
                line[place] = cell.text if place == column or number < heads else ""
                if cell.rows > 1:
                    below[place] = (line[place], cell.rows - 1)
            column = end
        lines.append(line)
    width = 1 + max((place for line in lines for place in line), default=-1)
    spread_rows = [[line.get(place, "") for place in range(width)] for line in lines]
    return [_header(spread_rows[:heads]), *spread_rows[heads:]] if heads > 1 else spread_rows


def _header(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name for each column, from the outermost heading to its own."""
    columns = zip(*rows, strict=True)
    return [" ".join(dict.fromkeys(name for name in column if name)) for column in columns]
