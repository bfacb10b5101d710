"""Reading HTML: what a reader of the page sees, in order, without the page's furniture.

Scripts, styles, navigation, form controls and comments go; so does hidden text, which is where
instructions to machines are planted, and a notice says how much. Text in the colour of its ground
or hidden by style sheets outside the file cannot be told from text that is seen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html

from knowledge.errors import ReadingError
from knowledge.reading.counters import write_number
from knowledge.reading.document import Block, Document, table_text
from knowledge.reading.encoding import decode, decode_declared, without_unseen
from knowledge.reading.grid import Cell, spread
from knowledge.reading.labels import ARTICLE, CLAUSE, ITEM, opens_paragraph
from knowledge.reading.metadata import FENCE, split_front_matter
from knowledge.reading.visibility import Style, StyleSheet, is_hidden, read_styles

STRUCK = "struck-out text was left out"

_CHARSET = re.compile(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"\s*<\?xml[^>]+?encoding\s*=\s*[\"']([\w:.-]+)", re.IGNORECASE)
_XML_START = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ARCHIVE = re.compile(
    r"\s*(?:From|MIME-Version|Content-Type|Snapshot-Content-Location):", re.IGNORECASE
)

_NEVER_TEXT = frozenset(
    (
        *("script", "style", "template", "noscript", "head", "title", "svg", "canvas", "map"),
        *("iframe", "frame", "frameset", "object", "embed", "audio", "video", "rp", "rt"),
        *("button", "input", "select", "textarea", "option", "datalist", "meter", "progress"),
        *("nav", "aside", "dialog", "menu"),
    )
)
_FURNITURE_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar")
)
_CONTENT = frozenset(("article", "main", "section", "td", "blockquote"))
_SUBSTANCE = ("p", "h1", "h2", "h3", "table", "li", "article")
_PARTS_OF_PAGES = ("table", "h1", "h2", "h3", "article")
_STRUCK = frozenset(("del", "s", "strike"))
_BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup"),
        *("html", "legend", "li", "main", "ol", "p", "section", "summary", "td", "th", "tr", "ul"),
        *("tbody", "thead", "tfoot", "table"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_WIDE = "[　-鿿＀-￯]"
_WRAPPED = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n][ \t\r\n]*(?={_WIDE})")
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_MARK = re.compile(r"[\[【〔(（]\w{1,3}[\]】〕)）]$|[①-⑳*†‡]$")
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SUBSCRIPTS = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_FORMS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
    "cjk-decimal": "chineseCounting",
}
_UNMARKED = frozenset(("none", "disc", "circle", "square"))
_MOST_HIDDEN_SHOWN = 60


def read_web(path: Path) -> Document:
    """The blocks of an HTML page; ReadingError when it is none or shows no text."""
    text = _decode(path.read_bytes())
    if _ARCHIVE.match(text):
        raise ReadingError("a web archive, not a page: save it as HTML")
    page = _parse(_XML_START.sub("", text, count=1))
    walk = _Walk(read_styles(page))
    root = _root(page)
    if root is not page.find("body"):
        walk.title(page)
    walk.take(root)
    if not walk.blocks:
        hidden = " that is not hidden" if walk.hidden else ""
        raise ReadingError(f"no text in the page{hidden}: pictures and frames are not searchable")
    return Document(tuple(walk.blocks), _front_matter(page), walk.notices())


def read_fragment(text: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks and notices of HTML that stands inside another text."""
    page = _parse(text)
    walk = _Walk(read_styles(page))
    walk.take(page)
    return tuple(walk.blocks), walk.notices()


def _decode(data: bytes) -> str:
    start = data[:4096]
    declared = _XML_CHARSET.match(start) or _CHARSET.search(start)
    return decode_declared(data, declared[1].decode("ascii")) if declared else decode(data)


def _parse(text: str) -> Any:  # noqa: ANN401 - lxml
    parser = lxml.html.HTMLParser(remove_pis=True)
    try:
        page = lxml.html.document_fromstring(text, parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise ReadingError("no text in the page: save it again with its text") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise ReadingError("its elements are nested too deeply: save it in a simpler form")
    return page


def _front_matter(page: Any) -> str | None:  # noqa: ANN401 - lxml
    """Front matter stands in the page's first comment, between its +++ lines."""
    for comment in page.getroottree().xpath("//comment()"):
        lines = (comment.text or "").strip().splitlines()
        if lines and lines[0].rstrip() == FENCE:
            return split_front_matter(lines)[0]
    return None


def _root(page: Any) -> Any:  # noqa: ANN401 - lxml
    """The page's one main part when most of its text is there, else its body."""
    body = page.find("body")
    if body is None:
        return page
    mains = body.xpath(".//main | .//*[@role='main']")
    if len(mains) == 1 and _length(mains[0]) * 2 > _length(body):
        return mains[0]
    return body


def _length(element: Any) -> int:  # noqa: ANN401 - lxml
    return sum(
        len(text.strip())
        for text in element.xpath(".//text()[not(parent::script or parent::style)]")
    )


def _is_furniture(element: Any) -> bool:  # noqa: ANN401 - lxml
    """Parts of a page that are about the site, not about its text."""
    tag = element.tag
    if tag in _NEVER_TEXT or element.get("role", "") in _FURNITURE_ROLES:
        return True
    if tag in ("header", "footer"):
        outside = not any(parent.tag in _CONTENT for parent in element.iterancestors())
        return outside and not (tag == "header" and _element_in(element, ("h1",)) is not None)
    # A page may stand in one form as a whole; a small one is a search or a log-in.
    return tag == "form" and _element_in(element, _SUBSTANCE) is None


def _element_in(element: Any, tags: tuple[str, ...]) -> Any | None:  # noqa: ANN401 - lxml
    """The first of some elements inside another; an XPath would take the square of the time."""
    return next((inner for inner in element.iter(*tags) if inner is not element), None)


@dataclass(slots=True)
class _Walk:
    """One pass over a page: text gathers until a block ends."""

    sheet: StyleSheet
    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    prefix: str = ""
    hidden: list[str] = field(default_factory=list)
    struck: bool = False

    def notices(self) -> tuple[str, ...]:
        """What was left out that someone may want to know of."""
        notices = [STRUCK] if self.struck else []
        if self.hidden:
            start = self.hidden[0]
            shown = start[:_MOST_HIDDEN_SHOWN] + ("…" if len(start) > _MOST_HIDDEN_SHOWN else "")
            places = "1 place" if len(self.hidden) == 1 else f"{len(self.hidden)} places"
            notices.append(f"hidden text was left out ({places}), beginning {shown!r}")
        return tuple(notices)

    def title(self, page: Any) -> None:  # noqa: ANN401 - lxml
        """The page's first heading, when it stands outside its main part."""
        first = next(iter(page.xpath("//h1[normalize-space()]")), None)
        if first is not None and not any(p.tag == "main" for p in first.iterancestors()):
            self.take(first)

    def take(self, element: Any) -> None:  # noqa: ANN401 - lxml
        """Read one element, without what follows it."""
        tag = element.tag
        if not isinstance(tag, str) or _is_furniture(element):
            return
        if tag in _STRUCK:
            self.struck = True
            return
        style = self.sheet.style_of(element)
        if is_hidden(element, style):
            self._leave_out(element)
        else:
            self._take_shown(element, tag, style)

    def _take_shown(self, element: Any, tag: str, style: Style) -> None:  # noqa: ANN401 - lxml
        if tag in _HEADINGS:
            self._flush()
            self._inside(element)
            self._flush(_HEADINGS[tag])
        elif tag == "table":
            self._flush()
            self._take_table(element)
        elif tag in ("ol", "ul"):
            self._take_list(element, style)
        elif tag == "pre":
            self._take_printed(element)
        elif tag in ("br", "hr"):
            self._flush()
        elif tag in ("sup", "sub"):
            self._take_raised(element)
        elif tag in _BLOCKS:
            self._flush()
            self._inside(element)
            self._flush()
        else:
            self._inside(element)

    def _inside(self, element: Any) -> None:  # noqa: ANN401 - lxml
        self.text.append(element.text or "")
        for child in element:
            self.take(child)
            self.text.append(child.tail or "")

    def _flush(self, level: int | None = None) -> None:
        text = _tidy("".join(self.text))
        self.text = []
        if not text:
            return
        numbered = any(label.match(text) for label in (ARTICLE, CLAUSE, ITEM))
        prefix, self.prefix = self.prefix, ""
        self.blocks.append(Block(text if numbered else prefix + text, level))

    def _leave_out(self, element: Any) -> None:  # noqa: ANN401 - lxml
        parts = element.xpath(
            ".//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"
        )
        text = _tidy(" ".join(parts))
        if any(character.isalnum() for character in text):
            self.hidden.append(text)

    def _take_list(self, element: Any, style: Style) -> None:  # noqa: ANN401 - lxml
        self._flush()
        styles = {child: self.sheet.style_of(child) for child in element if child.tag == "li"}
        shown = [item for item, own in styles.items() if not is_hidden(item, own)]
        numbers = dict(zip(shown, _counts(element, shown), strict=True))
        for child in element:
            if child in numbers and element.tag == "ol":
                form = _form(element, child, style | styles[child])
                self.prefix += _label(numbers[child], form) if form else ""
            self.take(child)
            if child.tag == "li":
                # An empty item takes its number with it.
                self.prefix = ""

    def _take_printed(self, element: Any) -> None:  # noqa: ANN401 - lxml
        """Preformatted text keeps its lines; each that opens a clause opens a block."""
        self._flush()
        lines: list[str] = []
        for line in [*without_unseen(element.text_content()).splitlines(), ""]:
            if lines and (not line.strip() or opens_paragraph(line.strip())):
                self.blocks.append(Block("\n".join(lines)))
                lines = []
            if line.strip():
                lines.append(line.rstrip())

    def _take_raised(self, element: Any) -> None:  # noqa: ANN401 - lxml
        """10<sup>8</sup> is 10⁸, never the number 108; a note's mark is no part of the sentence."""
        text = _tidy(element.text_content())
        if element.tag == "sup" and (_element_in(element, ("a",)) is not None or _MARK.match(text)):
            return
        digits = _SUPERSCRIPTS if element.tag == "sup" else _SUBSCRIPTS
        if re.fullmatch(r"[0-9+-]+", text):
            self.text.append(text.translate(digits))
        else:
            self._inside(element)

    def _take_table(self, element: Any) -> None:  # noqa: ANN401 - lxml
        for caption in element.findall("caption"):
            self.take(caption)
        rows = _rows(element)
        if _lays_out(element, rows):
            for _, row in rows:
                self.take(row)
            return
        read: list[list[Cell]] = []
        heads = 0
        for head, row in rows:
            if is_hidden(row, self.sheet.style_of(row)):
                self._leave_out(row)
                continue
            cells = [cell for cell in row if cell.tag in ("td", "th")]
            heads += heads == len(read) and (head or _is_head(cells))
            read.append([self._cell(cell) for cell in cells])
        table = spread(read, heads)
        if any(any(row) for row in table):
            self.blocks.append(Block(table_text(table), table=True))

    def _cell(self, element: Any) -> Cell:  # noqa: ANN401 - lxml
        inner = _Walk(self.sheet, hidden=self.hidden)
        inner.take(element)
        inner._flush()
        self.struck = self.struck or inner.struck
        text = " ".join(block.text.replace("\n", " ") for block in inner.blocks)
        return Cell(text, _span(element, "colspan"), _span(element, "rowspan"))


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", _WRAPPED.sub("", without_unseen(text))).strip()


def _counts(element: Any, items: list[Any]) -> Iterator[int]:  # noqa: ANN401 - lxml
    """The numbers of an ordered list's items, in order."""
    backwards = element.get("reversed") is not None
    number = _whole(element.get("start"), len(items) if backwards else 1)
    for item in items:
        number = _whole(item.get("value"), number)
        yield number
        number += -1 if backwards else 1


def _whole(written: str | None, default: int) -> int:
    return int(written) if written and re.fullmatch(r"\s*-?\d{1,6}\s*", written) else default


def _form(element: Any, item: Any, style: Style) -> str:  # noqa: ANN401 - lxml
    """How a list numbers, "" when it shows no numbers."""
    named = style.get("list-style-type") or style.get("list-style", "")
    words = set(named.split())
    if words & _UNMARKED:
        return ""
    kind = item.get("type") or element.get("type") or "1"
    return next((_FORMS[word] for word in words if word in _FORMS), _FORMS.get(kind, "decimal"))


def _label(number: int, form: str) -> str:
    if form == "decimal":
        return f"{number}. "
    return write_number(number, form) + ("、" if form == "chineseCounting" else ". ")


def _rows(table: Any) -> list[tuple[bool, Any]]:  # noqa: ANN401 - lxml
    """A table's own rows and whether each is of its head, which comes first, as its foot last."""
    found: dict[str, list[tuple[bool, Any]]] = {"thead": [], "": [], "tfoot": []}
    for child in table:
        if child.tag == "tr":
            found[""].append((False, child))
        elif child.tag in ("thead", "tbody", "tfoot"):
            part = "" if child.tag == "tbody" else child.tag
            found[part] += [(part == "thead", row) for row in child if row.tag == "tr"]
    return [*found["thead"], *found[""], *found["tfoot"]]


def _is_head(cells: list[Any]) -> bool:
    return bool(cells) and all(cell.tag == "th" for cell in cells)


def _lays_out(table: Any, rows: list[tuple[bool, Any]]) -> bool:  # noqa: ANN401 - lxml
    """Whether a table only places its page's parts."""
    if table.get("role") in ("presentation", "none"):
        return True
    widest = max((sum(cell.tag in ("td", "th") for cell in row) for _, row in rows), default=0)
    inner = _element_in(table, _PARTS_OF_PAGES)
    return widest <= 1 or inner is not None


def _span(cell: Any, name: str) -> int:  # noqa: ANN401 - lxml
    return max(1, min(_whole(cell.get(name), 1), 1_000))
