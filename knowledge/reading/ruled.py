"""Tables between ruled lines: which cells they have, what stands in each, and its rows."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.reading.drawing import Box
from knowledge.reading.encoding import join_lines
from knowledge.reading.grid import Cell, spread

_TOLERANCE = 3.0
_MOST_CROSSINGS = 20_000
_LONGEST_HEADER = 3


@dataclass(slots=True)
class Ruled:
    """A table on a page: its box, where its columns and rows begin, and each cell's words.

    Boxes have their upper edge first here: left, top, right, bottom, downwards from the page's
    upper edge.
    """

    cells: Sequence[Box]
    lefts: list[float] = field(default_factory=list)
    tops: list[float] = field(default_factory=list)
    spans: dict[tuple[int, int], tuple[int, int, int]] = field(default_factory=dict)
    words: dict[int, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find out which of the table's places each cell covers."""
        self.lefts = sorted({cell[0] for cell in self.cells})
        self.tops = sorted({cell[1] for cell in self.cells})
        for number, (left, top, right, bottom) in enumerate(self.cells):
            columns = [n for n, edge in enumerate(self.lefts) if left <= edge < right - 1]
            rows = [n for n, edge in enumerate(self.tops) if top <= edge < bottom - 1]
            for row in rows:
                for column in columns:
                    self.spans[row, column] = (number, len(rows), len(columns))

    @property
    def box(self) -> Box:
        """The table's outline."""
        lefts, tops, rights, bottoms = zip(*self.cells, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    def cell_at(self, x: float, y: float) -> int | None:
        """The cell under a point, None beside the table."""
        place = bisect_right(self.tops, y) - 1, bisect_right(self.lefts, x) - 1
        found = self.spans.get(place)
        if found is None:
            return None
        left, top, right, bottom = self.cells[found[0]]
        return found[0] if left <= x <= right and top <= y <= bottom else None

    def rows(self) -> tuple[str, list[list[str]]]:
        """What stands over the whole table in its first row, and its rows, header row first."""
        rows = [self._row(number) for number in range(len(self.tops))]
        caption = ""
        if rows and len(rows[0]) == 1 and rows[0][0].columns == len(self.lefts) > 1:
            caption = rows.pop(0)[0].text
        heads = 1
        if rows and any(cell.columns > 1 for cell in rows[0]):
            heads = min(max(cell.rows for cell in rows[0]), _LONGEST_HEADER)
        return caption, [row for row in spread(rows, heads) if any(row)]

    def _row(self, number: int) -> list[Cell]:
        row = []
        for column in range(len(self.lefts)):
            found = self.spans.get((number, column))
            if found is None:
                row.append(Cell(""))
            elif self._begins(found[0], number, column):
                row.append(Cell(self._words(found[0]), columns=found[2], rows=found[1]))
        return row

    def _begins(self, cell: int, row: int, column: int) -> bool:
        left, top, _, _ = self.cells[cell]
        return left == self.lefts[column] and top == self.tops[row]

    def _words(self, cell: int) -> str:
        joined = ""
        for line in self.words.get(cell, ()):
            joined = join_lines(joined, line.strip())
        return joined


def find_tables(rules: Iterable[Box], height: float) -> list[Ruled]:
    """The tables of at least two columns that a page's rules (left, bottom, right, top) make."""
    edges = [_edge(*_downwards(rule, height)) for rule in rules]
    level = sum(edge["orientation"] == "h" for edge in edges)
    if level < 2 or len(edges) - level < 2:  # noqa: PLR2004 - a cell has two of each
        return []
    from pdfplumber import table as plumb  # noqa: PLC0415 - a third of a second, for ruled pages

    merged = plumb.merge_edges(edges, *[_TOLERANCE] * 4)
    merged = plumb.merge_edges([*merged, *_ends(merged)], *[_TOLERANCE] * 4)
    level = sum(edge["orientation"] == "h" for edge in merged)
    if level * (len(merged) - level) > _MOST_CROSSINGS:
        return []
    crossings = plumb.edges_to_intersections(merged, _TOLERANCE, _TOLERANCE)
    cells = plumb.intersections_to_cells(crossings)
    found = [Ruled(tuple(table)) for table in plumb.cells_to_tables(cells)]
    return [table for table in found if len(table.lefts) > 1]


def _ends(edges: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Where upright rules end together a table ends, though the page's end left it open."""
    ends: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for edge in edges:
        if edge["orientation"] == "v":
            for end in (edge["top"], edge["bottom"]):
                ends[round(end / _TOLERANCE)].append((edge["x0"], end))
    for points in ends.values():
        across = [x for x, _ in points]
        if max(across) - min(across) > _TOLERANCE:
            yield _edge(min(across), points[0][1], max(across), points[0][1])


def _downwards(box: Box, height: float) -> Box:
    left, bottom, right, top = box
    return left, height - top, right, height - bottom


def _edge(left: float, top: float, right: float, bottom: float) -> dict[str, Any]:
    return {
        "x0": left,
        "x1": right,
        "top": top,
        "bottom": bottom,
        "width": right - left,
        "height": bottom - top,
        "orientation": "h" if right - left >= bottom - top else "v",
        "object_type": "line",
    }
