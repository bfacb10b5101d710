"""Reading Word: the body in order, with automatic numbers and tracked changes accepted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from knowledge.errors import ReadingError
from knowledge.reading.document import Block, Document, table_text
from knowledge.reading.numbering import Numbering

# A fallback repeats what its choice already said, for readers older than the choice.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DROPPED = {
    *(qn(name) for name in ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:instrText", "w:sectPr")),
    _FALLBACK,
}
_BREAKS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_TEXT, _RUN, _PARAGRAPH, _TABLE = qn("w:t"), qn("w:r"), qn("w:p"), qn("w:tbl")


def read_word(path: Path) -> Document:
    """The blocks of a .docx file: insertions kept, deletions and hidden text dropped."""
    opened = docx.Document(str(path))
    numbering = Numbering(_part(opened, "numbering_part"), _part(opened, "_styles_part"))
    blocks = []
    pending = ""
    for element in _elements(opened.element.body):
        if element.tag == _TABLE:
            blocks.append(Block(_table(element, numbering)))
            continue
        text = pending + _text(element)
        if _mark_deleted(element):
            # With its paragraph mark gone the text runs on into the next paragraph.
            pending = text
            continue
        pending = ""
        label = numbering.label(element)
        if text.strip():
            blocks.append(Block((label + text.strip()), numbering.heading_level(element)))
    if not blocks:
        raise ReadingError("no text in the Word file: save it again with its text")
    return Document(tuple(blocks))


def _part(opened: Any, name: str) -> Any | None:  # noqa: ANN401 - python-docx is untyped here
    try:
        return getattr(opened.part, name).element
    except (KeyError, NotImplementedError):
        return None


def _elements(parent: Any) -> Iterator[Any]:  # noqa: ANN401 - lxml
    """Paragraphs and tables in reading order, also inside content controls and insertions."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag not in _DROPPED:
            yield from _elements(child)


def _text(element: Any) -> str:  # noqa: ANN401 - lxml
    parts = []
    for child in element:
        if child.tag == _TEXT:
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag not in _DROPPED and not (child.tag == _RUN and _hidden(child)):
            parts.append(_text(child))
    return "".join(parts)


def _hidden(run: Any) -> bool:  # noqa: ANN401 - lxml
    flag = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return flag is not None and flag.get(qn("w:val"), "1") not in ("0", "false", "off")


def _mark_deleted(paragraph: Any) -> bool:  # noqa: ANN401 - lxml
    return paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None


def _table(table: Any, numbering: Numbering) -> str:  # noqa: ANN401 - lxml
    rows = []
    for row in _rows(table):
        cells = []
        for cell in row.xpath("w:tc | w:sdt/w:sdtContent/w:tc"):
            lines = (numbering.label(p) + _text(p).strip() for p in _elements(cell))
            cells.append(" ".join(line for line in lines if line.strip()))
        rows.append(cells)
    return table_text(rows)


def _rows(table: Any) -> Iterator[Any]:  # noqa: ANN401 - lxml
    for row in table.iterfind(qn("w:tr")):
        if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
            yield row
