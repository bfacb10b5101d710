"""What a workbook's XML says beside its values: formats, hidden rows, formulas never worked out.

The values themselves come from calamine, which does not tell these.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from lxml import etree

from knowledge.errors import ReadingError
from knowledge.reading.figures import BUILT_IN

MOST_ROWS = 50_000
MOST_VALUES = 1_000_000
MOST_CELLS = 4_000_000
"""Cells of the rectangle that a sheet's values span: calamine holds them all, empty or not."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
_TRUE = ("1", "true")


@dataclass(slots=True)
class Look:
    """How one sheet is set: rows and columns count from 0, as calamine's do."""

    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    unsolved: list[str] = field(default_factory=list)
    """Cells, such as "B7", that hold a formula without a value or with an error for one."""

    def hides_column(self, column: int) -> bool:
        """Whether a column is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)


@dataclass(slots=True)
class Workbook:
    """What all sheets share: the formats by style, and where days are counted from.

    `struck` are the styles whose text is struck out.
    """

    formats: list[str]
    struck: frozenset[int]
    from_1904: bool
    looks: dict[str, Look]


def read_looks(archive: zipfile.ZipFile, sheets: list[str]) -> Workbook:
    """The looks of the named sheets; ReadingError for one too large to be read."""
    with archive.open("xl/workbook.xml") as part:
        root = _parse(part)
    properties = root.find(f"{_MAIN}workbookPr")
    calculation = root.find(f"{_MAIN}calcPr")
    # A program that cannot calculate stores 0 and asks Excel to work everything out on opening.
    uncalculated = calculation is not None and calculation.get("fullCalcOnLoad") in _TRUE
    targets = _targets(archive)
    looks = {}
    for sheet in root.iter(f"{_MAIN}sheet"):
        name = sheet.get("name") or ""
        target = targets.get(sheet.get(_RELATION) or "")
        if name in sheets and target in archive.namelist():
            with archive.open(target) as part:
                looks[name] = _look(part, name, uncalculated=uncalculated)
    formats, struck = _styles(archive)
    return Workbook(
        formats,
        struck,
        properties is not None and properties.get("date1904") in _TRUE,
        looks,
    )


def _parse(part: IO[bytes]) -> Any:  # noqa: ANN401 - lxml
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.parse(part, parser).getroot()


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The parts of the sheets by the relation's name."""
    with archive.open("xl/_rels/workbook.xml.rels") as part:
        root = _parse(part)
    return {
        relation.get("Id"): posixpath.normpath(posixpath.join("xl", relation.get("Target"))).lstrip(
            "/"
        )
        for relation in root
        if relation.get("Id") and relation.get("Target")
    }


def _styles(archive: zipfile.ZipFile) -> tuple[list[str], frozenset[int]]:
    """The number formats by style, and the styles that strike their text out."""
    if "xl/styles.xml" not in archive.namelist():
        return [], frozenset()
    with archive.open("xl/styles.xml") as part:
        root = _parse(part)
    own = {
        int(form.get("numFmtId")): form.get("formatCode") or ""
        for form in root.iter(f"{_MAIN}numFmt")
    }
    strikes = [
        (strike := font.find(f"{_MAIN}strike")) is not None and strike.get("val", "1") in _TRUE
        for font in root.iterfind(f"{_MAIN}fonts/{_MAIN}font")
    ]
    cells = root.findall(f"{_MAIN}cellXfs/{_MAIN}xf")
    fonts = [int(cell.get("fontId") or 0) for cell in cells]
    ids = [int(cell.get("numFmtId") or 0) for cell in cells]
    return (
        [own.get(number, BUILT_IN.get(number, "")) for number in ids],
        frozenset(n for n, font in enumerate(fonts) if font < len(strikes) and strikes[font]),
    )


def _look(part: IO[bytes], name: str, *, uncalculated: bool) -> Look:
    look = Look()
    filled = number = 0
    hides_rows = False
    extent = [0, 0]
    for element in _elements(part):
        match element.tag:
            case "sheetFormatPr":
                hides_rows = element.get("zeroHeight") in _TRUE
            case "col":
                if element.get("hidden") in _TRUE or element.get("width") == "0":
                    first, last = int(element.get("min")), int(element.get("max"))
                    look.hidden_columns.append((first - 1, last - 1))
            case "row":
                number = int(element.get("r") or number + 1)
                hidden = element.get("hidden") in _TRUE or element.get("ht") == "0"
                if hidden or (hides_rows and element.get("hidden") is None):
                    look.hidden_rows.add(number - 1)
                before = len(look.styles)
                _row(element, number - 1, look, extent, uncalculated=uncalculated)
                filled += len(look.styles) > before
                _check_size(name, filled, len(look.styles), extent)
    return look


def _check_size(name: str, rows: int, values: int, extent: list[int]) -> None:
    if rows > MOST_ROWS or values > MOST_VALUES:
        raise ReadingError(
            f"sheet '{name}' has over {MOST_ROWS:,} rows or {MOST_VALUES:,} values: "
            "split it, or keep it out of the policies"
        )
    if extent[0] * extent[1] > MOST_CELLS:
        raise ReadingError(
            f"sheet '{name}' spans {extent[0]:,} rows by {extent[1]:,} columns: "
            "clear the cells far from the tables, or split it"
        )


def _elements(part: IO[bytes]) -> Iterator[Any]:
    """Every row, and every column's and rows' setting, with its name alone for a tag."""
    tags = tuple(f"{_MAIN}{tag}" for tag in ("row", "col", "sheetFormatPr"))
    walk = etree.iterparse(
        part, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
    )
    for _, element in walk:
        element.tag = element.tag.removeprefix(_MAIN)
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _row(row: Any, number: int, look: Look, extent: list[int], *, uncalculated: bool) -> None:  # noqa: ANN401 - lxml
    column = -1
    for cell in row:
        reference = cell.get("r")
        column = _column(reference) if reference else column + 1
        value = formula = None
        for child in cell:
            if child.tag == f"{_MAIN}f":
                formula = child
            elif child.tag in (f"{_MAIN}v", f"{_MAIN}is"):
                value = child
        said = value is not None and (value.text or len(value))
        if formula is not None or cell.get("t") == "e":
            doubtful = uncalculated and value is not None and value.text == "0"
            if not said or doubtful or cell.get("t") == "e":
                look.unsolved.append(reference or "")
                continue
        if said:
            look.styles[number, column] = int(cell.get("s") or 0)
            extent[0] = max(extent[0], number + 1)
            extent[1] = max(extent[1], column + 1)


def _column(reference: str) -> int:
    """A cell's column from 0: that of "AB7" is 27."""
    found = _REFERENCE.match(reference)
    number = 0
    for letter in found[1] if found else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
