"""Reading Excel: every row of every visible sheet with the names of its columns.

A sheet is cut into tables by its empty rows. A table's first rows may be its title, then come
its header (one row, or more where cells are merged), then a block for each row:
"header: value; header: value".
"""

import bisect
import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from knowledge.errors import ReadingError
from knowledge.reading.document import Block, Document
from knowledge.reading.figures import shown
from knowledge.reading.workbook import Look, Workbook, read_looks

_EXAMPLES = 3
_LONGEST_TITLE = 80
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell's text; where it truly stands (merged cells share that), its kind and style."""

    text: str
    origin: tuple[int, int]
    named: bool
    style: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that holds something: its number as Excel shows it, its cells by column."""

    number: int
    cells: Mapping[int, _Cell]

    @property
    def distinct(self) -> list[_Cell]:
        """The cells, merged ones once."""
        return list({cell.origin: cell for cell in self.cells.values()}.values())


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns' names, and the style of the row that gave them."""

    names: Mapping[int, str]
    styles: frozenset[int]


def read_sheets(path: Path) -> Document:
    """The blocks of an .xlsx file; hidden sheets, rows and columns are left out and reported."""
    try:
        opened = CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        raise ReadingError("the Excel workbook is damaged: save it again") from error
    notices = [notice for sheet in opened.sheets_metadata if (notice := _left_out(sheet))]
    names = [sheet.name for sheet in opened.sheets_metadata if not _left_out(sheet)]
    with zipfile.ZipFile(path) as archive:
        workbook = read_looks(archive, names)
    blocks: list[Block] = []
    for name in names:
        look = workbook.looks.get(name, Look())
        rows = _rows(opened.get_sheet_by_name(name), look, workbook)
        notices += _notices(name, look, workbook)
        if rows:
            blocks += [Block(name, level=2), *_sheet_blocks(name, list(_tables(rows, look)))]
    if not blocks:
        hidden = " that is not hidden" if notices else ""
        raise ReadingError(f"no text{hidden} in the Excel workbook: supply one with text")
    return Document(tuple(blocks), notices=tuple(notices))


def _left_out(sheet: SheetMetadata) -> str:
    if sheet.visible != SheetVisibleEnum.Visible:
        return f"sheet '{sheet.name}' is hidden: left out"
    if sheet.typ != SheetTypeEnum.WorkSheet:
        return f"sheet '{sheet.name}' is a chart or macro sheet: not searchable"
    return ""


def _notices(name: str, look: Look, workbook: Workbook) -> Iterator[str]:
    # Empty ones are often hidden to tidy the edges up.
    if hidden := len(look.hidden_rows & {row for row, _ in look.styles}):
        yield f"sheet '{name}' has hidden rows ({hidden:,}): left out"
    if any(look.hides_column(column) for column in {column for _, column in look.styles}):
        yield f"sheet '{name}' has hidden columns: left out"
    if struck := sum(style in workbook.struck for style in look.styles.values()):
        yield f"sheet '{name}' has struck-out cells ({struck:,}): left out"
    if look.unsolved:
        named = ", ".join(look.unsolved[:_EXAMPLES])
        more = f" and {len(look.unsolved) - _EXAMPLES:,} more" if look.unsolved[_EXAMPLES:] else ""
        yield (
            f"sheet '{name}' has formulas without a value ({named}{more}): "
            "open it in Excel, correct and save it"
        )


def _rows(sheet: CalamineSheet, look: Look, workbook: Workbook) -> list[_Row]:
    """The rows that are seen and hold something, merged ranges filled."""
    if not look.styles:
        return []
    values = sheet.to_python(skip_empty_area=False)
    merged = _merged(sheet, look)
    extra = {row for row, _ in merged}
    wanted = sorted({row for row, _ in look.styles} | extra)
    by_row: dict[int, dict[int, _Cell]] = {row: {} for row in wanted}
    for place in [*look.styles, *merged]:
        row, column = place
        origin = merged.get(place, place)
        if row in look.hidden_rows or look.hides_column(column) or origin not in look.styles:
            continue
        if look.styles[origin] in workbook.struck:
            continue
        cell = _cell(values[origin[0]][origin[1]], origin, look, workbook)
        if cell.text:
            by_row[row][column] = cell
    return [_Row(row + 1, dict(sorted(cells.items()))) for row, cells in by_row.items() if cells]


def _merged(sheet: CalamineSheet, look: Look) -> dict[tuple[int, int], tuple[int, int]]:
    """Where the value of each merged cell stands."""
    bottom = max((row for row, _ in look.styles), default=0)
    right = max((column for _, column in look.styles), default=0)
    return {
        (row, column): (top, left)
        for (top, left), (last_row, last_column) in sheet.merged_cell_ranges or ()
        if (top, left) in look.styles
        for row in range(top, min(last_row, bottom) + 1)
        for column in range(left, min(last_column, right) + 1)
    }


def _cell(value: Any, origin: tuple[int, int], look: Look, workbook: Workbook) -> _Cell:  # noqa: ANN401 - calamine
    style = look.styles[origin]
    form = workbook.formats[style] if style < len(workbook.formats) else ""
    year = isinstance(value, float) and value.is_integer() and int(value) in _YEARS
    return _Cell(
        shown(value, form, from_1904=workbook.from_1904),
        origin,
        named=isinstance(value, str) or year,
        style=style,
    )


def _sheet_blocks(name: str, tables: Sequence[Sequence[_Row]]) -> Iterator[Block]:
    header: _Header | None = None
    for table, after in itertools.zip_longest(tables, tables[1:]):
        columns = {column for row in table for column in row.cells}
        body = list(table)
        while body and len(columns) > 1 and len(body) > 1 and len(body[0].distinct) == 1:
            title = body.pop(0)
            header = None
            yield Block(title.distinct[0].text, level=3, place=f"{name}!{title.number}")
        if _names_next(table, after):
            header = None
            yield Block(table[0].distinct[0].text, level=3, place=f"{name}!{table[0].number}")
            continue
        if len(columns) > 1 and _has_header(body, header):
            header, body = _take_header(body)
        for row in body:
            yield Block(_say(row, header, len(columns)), place=f"{name}!{row.number}")


def _tables(rows: Sequence[_Row], look: Look) -> Iterator[list[_Row]]:
    """Rows that follow each other as they are seen, without an empty one between them."""
    shown = {row.number - 1 for row in rows}
    unseen = sorted((look.hidden_rows | {row for row, _ in look.styles}) - shown)
    seen_at = [row.number - bisect.bisect(unseen, row.number - 1) for row in rows]
    numbered = enumerate(zip(rows, seen_at, strict=True))
    for _, group in itertools.groupby(numbered, lambda pair: pair[1][1] - pair[0]):
        yield [row for _, (row, _) in group]


def _names_next(table: Sequence[_Row], after: Sequence[_Row] | None) -> bool:
    """Whether a cell that stands alone is the title of the table below it, not a remark."""
    if after is None or len(table) > 1 or len(table[0].distinct) > 1:
        return False
    text = table[0].distinct[0].text
    wide = any(len(row.cells) > 1 for row in after)
    return wide and len(text) <= _LONGEST_TITLE and not text.endswith(("。", ".", "；", ";"))


def _has_header(table: Sequence[_Row], before: _Header | None) -> bool:
    """Whether a table begins with names for its columns, not with a row of what came before."""
    first = table[0]
    if len(table) == 1 or not all(cell.named for cell in first.cells.values()):
        return False
    styles = frozenset(cell.style for cell in first.cells.values())
    same_columns = before is not None and first.cells.keys() <= before.names.keys()
    body_styles = {cell.style for row in table[1:] for cell in row.cells.values()}
    # Empty rows may only set a table's groups apart: its header looks unlike its rows.
    return not (before and same_columns and styles != before.styles and styles <= body_styles)


def _take_header(table: Sequence[_Row]) -> tuple[_Header, list[_Row]]:
    depth = _header_depth(table)
    names: dict[int, str] = {}
    for column in sorted({column for row in table[:depth] for column in row.cells}):
        parts = [row.cells[column].text for row in table[:depth] if column in row.cells]
        names[column] = " ".join(dict.fromkeys(parts))
    styles = frozenset(cell.style for cell in table[0].cells.values())
    return _Header(names, styles), list(table[depth:])


def _header_depth(table: Sequence[_Row]) -> int:
    """How many rows name the columns: more than one where the first has merged cells."""
    first = table[0]
    top = first.number - 1
    spread = len(first.cells) > len(first.distinct)
    depth = 1
    for row in table[1:-1]:
        carried = any(cell.origin[0] == top for cell in row.cells.values())
        if not (carried or (spread and depth == 1 and all(c.named for c in row.cells.values()))):
            break
        depth += 1
    return depth


def _say(row: _Row, header: _Header | None, width: int) -> str:
    """A row as one line. A row of one cell in a wide table is a remark, said alone."""
    distinct = row.distinct
    if len(distinct) == 1 and (width > 2 or len(row.cells) > 1):  # noqa: PLR2004 - a pair is no remark
        return distinct[0].text
    names = header.names if header else {}
    parts = []
    said = set()
    for column, cell in row.cells.items():
        name = names.get(column, "")
        if name or cell.origin not in said:
            parts.append(f"{name}: {cell.text}" if name else cell.text)
        said.add(cell.origin)
    return "; ".join(parts)
