"""Reading PowerPoint: each slide's title, text, tables, charts and notes, hidden slides apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from knowledge.errors import ReadingError
from knowledge.reading.document import Block, Document, table_text

_Node = Any  # python-pptx says little of its types

NOTES = "Notes: "
"""What a block of speaker's notes begins with."""

_ROW_HEIGHT = 360_000
"""Shapes whose tops are within a centimetre (in EMU) stand side by side: left before right."""

# The same on every slide, and no part of what it says.
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_BREAK = "\v"
_DEEPEST = 20
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRUCK = ".//a:r[a:rPr[@strike='sngStrike' or @strike='dblStrike']]"


@dataclass(frozen=True, slots=True)
class _Box:
    """A shape and where it is read: inside a group, where the group stands."""

    shape: _Node
    top: int
    left: int


def read_slides(path: Path) -> Document:
    """The blocks of a .pptx file; hidden slides are left out and reported."""
    opened = pptx.Presentation(str(path))
    blocks: list[Block] = []
    notices = []
    for number, slide in enumerate(opened.slides, start=1):
        if slide.element.get("show") in ("0", "false"):
            notices.append(f"slide {number} is hidden: left out")
            continue
        if slide.element.xpath(_STRUCK):
            notices.append(f"slide {number} has struck-out text: left out")
        found = list(_slide(slide, f"slide {number}"))
        if len(found) == 1 and _has_picture(slide.shapes):
            notices.append(f"slide {number} is a picture without text: not searchable")
        elif len(found) > 1 or found[0].text != found[0].place:
            blocks += found
    if not blocks:
        hidden = " that is not hidden" if notices else ""
        raise ReadingError(f"no text{hidden} in the PowerPoint file: supply one with text")
    return Document(tuple(blocks), notices=tuple(notices))


def _slide(slide: _Node, place: str) -> Iterator[Block]:
    """A slide's heading (its place when it has no title), then what it holds in reading order."""
    title = slide.shapes.title
    heading = _text(title.text_frame) if title is not None and title.has_text_frame else ""
    yield Block(" ".join(heading.split()) or place, level=2, place=place)
    for box in _in_order(_boxes(slide.shapes)):
        if title is None or box.shape.shape_id != title.shape_id:
            yield from _shape(box.shape, place)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        text = _text(slide.notes_slide.notes_text_frame)
        if text:
            yield Block(NOTES + text, place=place)


def _shape(shape: _Node, place: str) -> Iterator[Block]:
    if shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            if text := _paragraph(paragraph):
                yield Block(text, place=place)
    elif shape.has_table:
        if text := _table(shape.table):
            yield Block(text, place=place, table=True)
    elif shape.has_chart:
        if text := _chart(shape.chart):
            yield Block(text, place=place)
    else:
        for text in _diagram(shape):
            yield Block(text, place=place)


def _boxes(shapes: _Node, depth: int = 0) -> Iterator[_Box]:
    for shape in shapes:
        at = _Box(shape, shape.top or 0, shape.left or 0)
        if _hidden(shape) or (shape.is_placeholder and _is_furniture(shape)):
            continue
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST:
                inside = _in_order(_boxes(shape.shapes, depth + 1))
                # A group is read as one thing where it stands, in its own order.
                yield from (_Box(box.shape, at.top, at.left) for box in inside)
        else:
            yield at


def _in_order(boxes: Iterator[_Box]) -> list[_Box]:
    """From top to bottom, and within one row from left to right."""
    return sorted(boxes, key=lambda box: (box.top // _ROW_HEIGHT, box.left))


def _hidden(shape: _Node) -> bool:
    properties = shape.element.xpath(".//p:cNvPr")
    return bool(properties) and properties[0].get("hidden") in ("1", "true")


def _is_furniture(shape: _Node) -> bool:
    return shape.placeholder_format.type in _FURNITURE


def _has_picture(shapes: _Node) -> bool:
    return any(shape.element.tag == qn("p:pic") for shape in shapes)


def _text(frame: _Node) -> str:
    return "\n".join(text for paragraph in frame.paragraphs if (text := _paragraph(paragraph)))


def _paragraph(paragraph: _Node) -> str:
    struck = paragraph._p.xpath(_STRUCK)  # noqa: SLF001 - the library says nothing of strokes
    for run in struck:
        run.getparent().remove(run)
    return str(paragraph.text).replace(_BREAK, "\n").strip()


def _table(table: _Node) -> str:
    """The rows; a cell merged downwards is said in each row, one merged across only once."""
    rows: list[list[str]] = []
    down: dict[int, str] = {}
    for row in table.rows:
        said = []
        for column, cell in enumerate(row.cells):
            text = _text(cell.text_frame)
            merge = cell._tc  # noqa: SLF001 - the only place that tells which way it is merged
            if merge.vMerge:
                text = down.get(column, "")
            elif merge.hMerge:
                text = ""
            down[column] = text
            said.append(text)
        rows.append(said)
    return table_text(rows) if any(any(row) for row in rows) else ""


def _diagram(shape: _Node) -> Iterator[str]:
    """The words of a diagram (SmartArt), point by point."""
    for link in shape.element.iter(f"{_DIAGRAM}relIds"):
        part = shape.part.related_part(link.get(f"{_RELATION}dm"))
        for point in parse_xml(part.blob).iter(f"{_DIAGRAM}pt"):
            text = "".join(found.text or "" for found in point.iter(qn("a:t"))).strip()
            if text:
                yield text


def _chart(chart: _Node) -> str:
    """A chart's title, then each series with its values by category."""
    lines = []
    if chart.has_title and chart.chart_title.has_text_frame:
        lines.append(_text(chart.chart_title.text_frame))
    for plot in chart.plots:
        names = [str(category) for category in plot.categories]
        for series in plot.series:
            pairs = zip(names, series.values, strict=False)
            values = [f"{name} {value:g}" for name, value in pairs if value is not None]
            lines.append(f"{series.name}: {'; '.join(values)}")
    return "\n".join(line for line in lines if line.strip())
