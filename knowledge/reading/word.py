"""Reading Word: the body in order, with automatic numbers, tracked changes taken as accepted.

Headers and footers are furniture and left out. A footnote or endnote is a block of its own
after the paragraph or table that refers to it. A text box follows the paragraph it hangs on. A
table of one column only frames its text and is read as text; a row that spans a whole table is
text before it.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from knowledge.errors import ReadingError
from knowledge.reading.counters import write_number
from knowledge.reading.document import Block, Document, table_text
from knowledge.reading.grid import Cell, spread
from knowledge.reading.numbering import Numbering
from knowledge.reading.prose import PARAGRAPH, TABLE, Paragraph, Prose, visible_children
from knowledge.reading.styles import Node, Styles, is_on, qn, tag_value

_ROW, _CELL, _EMBEDDED = qn("w:tr"), qn("w:tc"), qn("w:altChunk")
_SUBDOCUMENT = qn("w:subDoc")
_CHANGES = tuple(qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo"))
_SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")
_FIGURE = re.compile(r"\d")
_DEEPEST = 30


def read_word(path: Path) -> Document:
    """The blocks of a .docx file; ReadingError when it holds no text that is seen."""
    opened = docx.Document(str(path))
    body = opened.element.body
    if body is None:
        raise ReadingError("no text in the Word file: save it again with its text")
    story = _Story(opened.part, body)
    blocks = tuple(story.blocks(body))
    if not blocks:
        raise ReadingError("no text in the Word file: save it again with its text")
    return Document(blocks, notices=tuple(story.notices(body)))


class _Story:
    """A document being read: the state that runs on from paragraph to paragraph."""

    def __init__(self, part: Node, body: Node) -> None:
        self._styles = Styles(_related(part, RELATIONSHIP_TYPE.STYLES))
        self._numbering = Numbering(_related(part, RELATIONSHIP_TYPE.NUMBERING), self._styles)
        self._prose = Prose(self._styles, body)
        self._notes = {
            (kind, note.get(qn("w:id"))): note
            for kind in ("footnote", "endnote")
            for note in _notes(part, kind)
        }
        self._numbered = {"footnote": 0, "endnote": 0}
        self._hidden = self._struck = 0
        self._depth = 0

    def blocks(self, parent: Node) -> Iterator[Block]:
        """Everything in reading order below a body, a cell or a text box."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ReadingError(f"tables or boxes nested over {_DEEPEST} deep: simplify it")
        # A paragraph whose mark is deleted or hidden runs on into the next one.
        run_on: tuple[str, Paragraph] | None = None
        for element in _elements(parent):
            if element.tag == TABLE:
                if run_on:
                    yield from self._said(*run_on, None)
                    run_on = None
                yield from self._table(element)
                continue
            found = self._read(element)
            if self._styles.in_contents(element):
                continue
            if found.hidden and not found.text.strip() and self._all_hidden(element):
                continue
            deleted, hidden = _mark(element)
            label = "" if deleted else self._numbering.label(element)
            if run_on:
                before, found = run_on[0], _joined(run_on[1], found)
                label = before or label
                run_on = None
            if deleted or hidden:
                run_on = (label, found)
            else:
                yield from self._said(label, found, self._styles.heading_level(element))
        if run_on:
            yield from self._said(*run_on, None)
        self._depth -= 1

    def _read(self, element: Node) -> Paragraph:
        found = self._prose.read(element)
        self._hidden += found.hidden
        self._struck += found.struck
        return found

    def _all_hidden(self, paragraph: Node) -> bool:
        """Whether a paragraph's mark is hidden with its words, by itself or by its style."""
        properties = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
        return self._styles.hidden(properties, self._styles.of(paragraph))

    def notices(self, body: Node) -> Iterator[str]:
        """What was left out of the blocks, and what to know about them."""
        if self._hidden:
            yield f"hidden text was left out ({self._hidden:,} characters)"
        if self._struck:
            yield f"struck-out text was left out ({self._struck:,} characters)"
        if any(True for _ in body.iter(*_CHANGES)):
            yield "tracked changes are read as accepted: accept or reject them in Word"
        if any(True for _ in body.iter(_EMBEDDED, _SUBDOCUMENT)):
            yield "documents embedded in it are not read: paste their text"
        if self._prose.counts_by_field:
            yield (
                "numbers made by AUTONUM or LISTNUM fields are not in the file: use a numbered "
                "list, or turn the fields into text"
            )

    def _said(self, label: str, found: Paragraph, level: int | None) -> Iterator[Block]:
        text = found.text.strip()
        if text:
            yield Block(label + text, level)
        for box in found.boxes:
            yield from self.blocks(box)
        yield from self._notes_of(found)

    def _notes_of(self, found: Paragraph) -> Iterator[Block]:
        for reference in found.references:
            note = self._notes.get((reference.kind, reference.id))
            mark = "*"
            if not reference.own_mark:
                self._numbered[reference.kind] += 1
                form = "decimal" if reference.kind == "footnote" else "lowerRoman"
                mark = write_number(self._numbered[reference.kind], form)
            if note is not None:
                prose = Prose(self._styles, note)
                paragraphs = [prose.read(element) for element in _elements(note)]
                text = " ".join(p.text.strip() for p in paragraphs if p.text.strip())
                if text:
                    yield Block(f"[{mark}] {text}")

    def _table(self, table: Node) -> Iterator[Block]:
        shown = [row for row in _inside(table, _ROW) if not _row_gone(row)]
        rows = [_columns(row) for row in shown]
        if max(map(len, rows), default=0) <= 1:
            for row in rows:
                for cell in row.values():
                    yield from self.blocks(cell)
            return
        while len(rows) > 1 and len(rows[0]) == 1:
            shown.pop(0)
            yield from self.blocks(next(iter(rows.pop(0).values())))
        apart = Paragraph()
        nested: list[Block] = []
        cells = [self._cells(number, rows, apart, nested) for number in range(len(rows))]
        lines = spread(cells, _heads(cells, sum(map(_repeats, shown))))
        if any(any(line) for line in lines):
            yield Block(table_text(lines), table=True)
        yield from nested
        for box in apart.boxes:
            yield from self.blocks(box)
        yield from self._notes_of(apart)

    def _cells(
        self,
        number: int,
        rows: list[dict[int, Node]],
        apart: Paragraph,
        nested: list[Block],
    ) -> list[Cell]:
        """A row's cells; what hangs on their words is collected to follow the table."""
        cells = []
        reached = 0
        for column, cell in rows[number].items():
            above = rows[number - 1].get(column) if number else None
            columns = int(_of_cell(cell, "w:gridSpan") or 1)
            # Columns that the row leaves out before this cell are empty.
            cells += [Cell("")] * (column - reached)
            reached = column + columns
            if _continues(cell) and above is not None and _merges(above):
                continue
            height = 1 + (_reaches(rows, number, column) if _merges(cell) else 0)
            cells.append(Cell(self._words(cell, apart, nested), columns, height))
        return cells

    def _words(self, cell: Node, apart: Paragraph, nested: list[Block]) -> str:
        lines = []
        for element in _elements(cell):
            if element.tag == TABLE:
                nested += self._table(element)
                continue
            found = self._read(element)
            apart.references += found.references
            apart.boxes += found.boxes
            label = "" if _mark(element)[0] else self._numbering.label(element)
            if found.text.strip():
                lines.append(label + found.text.strip())
        return " ".join(lines)


def _related(part: Node, kind: str) -> Node | None:
    """The root of the document's part of a kind, None without one."""
    for relation in part.rels.values():
        if relation.reltype == kind and not relation.is_external:
            part = relation.target_part
            return part.element if hasattr(part, "element") else parse_xml(part.blob)
    return None


def _notes(part: Node, kind: str) -> list[Node]:
    """A document's notes of a kind, without the lines that set them apart on the page."""
    root = _related(part, getattr(RELATIONSHIP_TYPE, f"{kind.upper()}S"))
    notes = [] if root is None else root.iterfind(qn(f"w:{kind}"))
    return [note for note in notes if note.get(qn("w:type")) not in _SEPARATORS]


def _elements(parent: Node) -> Iterator[Node]:
    """Paragraphs and tables in reading order, also inside content controls and insertions."""
    for child in visible_children(parent):
        if child.tag in (PARAGRAPH, TABLE):
            yield child
        else:
            yield from _elements(child)


def _inside(parent: Node, tag: str) -> Iterator[Node]:
    """A table's rows or a row's cells, also inside content controls and the like."""
    for child in visible_children(parent):
        if child.tag == tag:
            yield child
        elif child.tag not in (_ROW, _CELL, PARAGRAPH, TABLE):
            yield from _inside(child, tag)


def _mark(paragraph: Node) -> tuple[bool, bool]:
    """Whether a paragraph's mark is deleted, and whether it is hidden."""
    properties = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    if properties is None:
        return False, False
    deleted = any(properties.find(qn(tag)) is not None for tag in ("w:del", "w:moveFrom"))
    return deleted, is_on(properties.find(qn("w:vanish")))


def _joined(first: Paragraph, second: Paragraph) -> Paragraph:
    return Paragraph(
        first.parts + second.parts,
        first.references + second.references,
        first.boxes + second.boxes,
    )


def _row_gone(row: Node) -> bool:
    """Whether a row is deleted, or hidden."""
    properties = row.find(qn("w:trPr"))
    if properties is None:
        return False
    return properties.find(qn("w:del")) is not None or is_on(properties.find(qn("w:hidden")))


def _repeats(row: Node) -> bool:
    """Whether a row is marked as a header, to be repeated on every page."""
    return is_on(row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}"))


def _columns(row: Node) -> dict[int, Node]:
    """A row's cells by the column they begin at; deleted ones are gone."""
    properties = row.find(qn("w:trPr"))
    column = int((None if properties is None else tag_value(properties, "w:gridBefore")) or 0)
    found = {}
    for cell in _inside(row, _CELL):
        if cell.find(f"{qn('w:tcPr')}/{qn('w:cellDel')}") is None:
            found[column] = cell
            column += int(_of_cell(cell, "w:gridSpan") or 1)
    return found


def _of_cell(cell: Node, tag: str) -> str | None:
    properties = cell.find(qn("w:tcPr"))
    return None if properties is None else tag_value(properties, tag)


def _merges(cell: Node) -> bool:
    """Whether a cell is part of one merged downwards."""
    return cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is not None


def _continues(cell: Node) -> bool:
    """Whether a cell is a lower part of one merged downwards."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"


def _reaches(rows: Sequence[dict[int, Node]], number: int, column: int) -> int:
    """How many rows further down a row's cell merged in that column goes on through."""
    below = (rows[n] for n in range(number + 1, len(rows)))
    on = itertools.takewhile(lambda row: column in row and _continues(row[column]), below)
    return sum(1 for _ in on)


def _heads(rows: Sequence[Sequence[Cell]], repeated: int) -> int:
    """How many rows name the columns: those repeated on every page, else what is merged tells."""
    most = len(rows) - 1
    if repeated:
        return max(1, min(repeated, most))
    if not any(cell.columns > 1 for cell in rows[0]) or most < 2:  # noqa: PLR2004 - none below
        return 1
    height = max(cell.rows for cell in rows[0])
    named = not any(_FIGURE.search(cell.text) for cell in rows[1])
    return min(max(height, 2 if named else 1), most)
