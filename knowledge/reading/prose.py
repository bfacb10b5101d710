"""A Word paragraph's text: what is seen of its runs, fields, symbols, formulas and boxes.

Insertions and moved text are kept where they are now; deletions, instructions of fields, hidden
and struck-out text and what stands in a table of contents are left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from knowledge.reading.styles import Node, Styles, is_on, qn, tag_value
from knowledge.reading.symbols import in_font, sign

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATIVES, CHOICE = f"{_COMPATIBILITY}AlternateContent", f"{_COMPATIBILITY}Choice"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

PARAGRAPH, TABLE, CONTROL = qn("w:p"), qn("w:tbl"), qn("w:sdt")
GONE = frozenset(
    qn(f"w:{name}")
    for name in (
        *("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr", "tblPr", "tblGrid"),
        *("trPr", "tcPr", "tblPrEx", "delText", "delInstrText", "rt", "rubyPr"),
    )
)
"""Elements that hold nothing seen: deletions, properties, readings set above characters."""

_BREAKS = {
    qn("w:tab"): " ",
    qn("w:ptab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_TEXT, _RUN, _INSTRUCTION = qn("w:t"), qn("w:r"), qn("w:instrText")
_FIELD_SIGN, _SIMPLE_FIELD, _SYMBOL = qn("w:fldChar"), qn("w:fldSimple"), qn("w:sym")
_FORMULA, _BOX = f"{_MATH}oMath", qn("w:txbxContent")
_PICTURES = (qn("w:drawing"), qn("w:pict"), qn("w:object"))
_NOTES = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_COUNTED_BY_FIELD = re.compile(r"\s*(?:AUTONUM|LISTNUM)")
_CONTENTS = re.compile(r"\s*TO[CA]\b")


@dataclass(slots=True)
class _Field:
    """A field that has begun: its instruction comes first, then what it shows."""

    instruction: str = ""
    shows: bool = False

    @property
    def mutes(self) -> bool:
        return not self.shows or bool(_CONTENTS.match(self.instruction))


@dataclass(slots=True)
class Reference:
    """A reference to a note, by its kind ("footnote", "endnote") and id."""

    kind: str
    id: str
    own_mark: bool


@dataclass(slots=True)
class Paragraph:
    """A paragraph's text, and what it refers to: notes, and text boxes anchored in it."""

    parts: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    boxes: list[Node] = field(default_factory=list)
    hidden: int = 0
    struck: int = 0

    @property
    def text(self) -> str:
        """The words, a new line where a line is broken."""
        return "".join(self.parts)


def visible_children(parent: Node) -> Iterator[Node]:
    """What stands in an element, wrappers opened: alternatives, filled content controls."""
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in GONE:
            continue
        if child.tag == ALTERNATIVES:
            yield from _chosen(child)
        elif child.tag == CONTROL:
            settings = child.find(qn("w:sdtPr"))
            prompts = settings is not None and is_on(settings.find(qn("w:showingPlcHdr")))
            content = child.find(qn("w:sdtContent"))
            if content is not None and not prompts:
                yield from visible_children(content)
        else:
            yield child


def _chosen(alternatives: Node) -> Iterable[Node]:
    """A fallback repeats what its choice already said, for readers older than the choice."""
    for offered in alternatives:
        if any(True for _ in offered.iter(_TEXT, _SYMBOL)):
            return visible_children(offered)
    return ()


class Prose:
    """Reads paragraphs in order: a field may begin in one and end in another."""

    def __init__(self, styles: Styles, story: Node) -> None:
        """Take the styles and the story (body, note) whose paragraphs will be read."""
        self._styles = styles
        self._fields: list[_Field] = []
        # In a damaged file a field may never end; it must not take the rest along.
        signs = [mark.get(qn("w:fldCharType")) for mark in story.iter(_FIELD_SIGN)]
        self._bounded = signs.count("begin") == signs.count("end")
        self.counts_by_field = False

    def read(self, element: Node) -> Paragraph:
        """A paragraph as it is seen."""
        found = Paragraph()
        self._walk(element, found, self._styles.of(element))
        if not self._bounded:
            self._fields.clear()
        return found

    def _muted(self) -> bool:
        return any(begun.mutes for begun in self._fields)

    def _walk(self, parent: Node, found: Paragraph, style: str | None) -> None:
        for child in visible_children(parent):
            if child.tag == _RUN:
                self._run(child, found, style)
            elif child.tag == _SIMPLE_FIELD:
                self._simple_field(child, found, style)
            elif child.tag == _FORMULA:
                if not self._muted():
                    found.parts.append(_formula(child))
            elif child.tag in _PICTURES:
                self._boxes(child, found)
            else:
                self._walk(child, found, style)

    def _simple_field(self, element: Node, found: Paragraph, style: str | None) -> None:
        begun = _Field(element.get(qn("w:instr")) or "", shows=True)
        self._check(begun)
        self._fields.append(begun)
        self._walk(element, found, style)
        self._fields.pop()

    def _run(self, run: Node, found: Paragraph, style: str | None) -> None:
        properties = run.find(qn("w:rPr"))
        hidden = self._styles.hidden(properties, style)
        struck = properties is not None and any(
            is_on(properties.find(qn(name))) for name in ("w:strike", "w:dstrike")
        )
        for child in visible_children(run):
            if child.tag == _FIELD_SIGN:
                self._field_sign(child.get(qn("w:fldCharType")))
            elif child.tag == _INSTRUCTION:
                if self._fields and not self._fields[-1].shows:
                    self._fields[-1].instruction += child.text or ""
            elif self._muted():
                continue
            elif hidden:
                found.hidden += _length(child)
            elif struck:
                found.struck += _length(child)
            else:
                self._piece(child, found, properties, style)

    def _piece(
        self, child: Node, found: Paragraph, properties: Node | None, style: str | None
    ) -> None:
        if child.tag == _TEXT:
            found.parts.append(_set(child.text or "", properties))
        elif child.tag in _BREAKS:
            found.parts.append(_BREAKS[child.tag])
        elif child.tag == _SYMBOL:
            code = int(child.get(qn("w:char")) or "0", 16)
            found.parts.append(sign(code, child.get(qn("w:font")) or ""))
        elif child.tag in _NOTES:
            own_mark = child.get(qn("w:customMarkFollows")) in ("1", "true", "on")
            note = Reference(_NOTES[child.tag], child.get(qn("w:id")) or "", own_mark)
            found.references.append(note)
        elif child.tag in _PICTURES:
            self._boxes(child, found)
        else:
            self._walk(child, found, style)

    def _boxes(self, picture: Node, found: Paragraph) -> None:
        """Text boxes, not those inside others; the boxes of a fallback repeat their choice."""
        for child in picture:
            if child.tag == _BOX:
                found.boxes.append(child)
            elif child.tag == ALTERNATIVES:
                for chosen in _chosen(child):
                    self._boxes(chosen, found)
            elif isinstance(child.tag, str):
                self._boxes(child, found)

    def _field_sign(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].shows = True
            self._check(self._fields[-1])
        elif kind == "end" and self._fields:
            self._check(self._fields.pop())

    def _check(self, begun: _Field) -> None:
        # Word works these numbers out each time it shows the page; the file does not hold them.
        if _COUNTED_BY_FIELD.match(begun.instruction):
            self.counts_by_field = True


def _length(node: Node) -> int:
    return sum(len((text.text or "").strip()) for text in node.iter(_TEXT))


def _set(text: str, properties: Node | None) -> str:
    """A run's text: raised and lowered figures stay apart, picture fonts become characters."""
    if properties is None:
        return text
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        text = in_font(text, fonts.get(qn("w:ascii")) or "")
    place = tag_value(properties, "w:vertAlign")
    if place in ("superscript", "subscript") and re.fullmatch(r"[-+0-9]+", text):
        return text.translate(_RAISED if place == "superscript" else _LOWERED)
    return text


def _formula(node: Node) -> str:
    """A formula on one line: fractions with a stroke, powers with a caret."""
    if not isinstance(node.tag, str) or node.tag in GONE:
        return ""
    parts = {str(child.tag).removeprefix(_MATH): child for child in node}
    match node.tag.removeprefix(_MATH), parts:
        case "t", _:
            written = node.text or ""
        case "f", {"num": over, "den": under}:
            written = f"{_bracketed(over)}/{_bracketed(under)}"
        case "sSup", {"e": base, "sup": power}:
            written = f"{_bracketed(base)}^{_bracketed(power)}"
        case "sSub", {"e": base, "sub": index}:
            written = f"{_formula(base)}_{_bracketed(index)}"
        case "rad", {"e": base}:
            written = f"√{_bracketed(base)}"
        case "nary", {"e": base}:
            written = f"∑{_formula(base)}"
        case kind, _:
            written = "".join(map(_formula, node))
            written = f"({written})" if kind == "d" else written
    return written


def _bracketed(node: Node) -> str:
    written = _formula(node)
    plain = re.fullmatch(r"[\w.%]*|\(.*\)", written)
    return written if plain else f"({written})"
