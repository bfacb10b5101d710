"""Reading plain text: front matter as in Markdown, wrapped lines joined, form feeds as pages."""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.document import Block, Document
from knowledge.reading.encoding import decode, join_lines, without_unseen
from knowledge.reading.labels import opens_paragraph
from knowledge.reading.metadata import split_front_matter

NARROWEST, WIDEST = 40, 120
"""Nobody wraps lines to fewer columns than this, or to more."""

_UNDERLINE = re.compile(r"={3,}|-{3,}")
_RULE = re.compile(r"[=\-_*#~·—─━]{3,}")
_ENDS_SENTENCE = re.compile(r"[。；：！？.;:!?][”’」』）)\"']*$")
_BULLET = re.compile(r"[-*•·●○■◆▪]\s+(?=\S)")
_SLACK = 2
_FEW = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A line's words, how far it is indented and how wide it is (columns, two for Chinese)."""

    text: str
    page: int | None
    indent: int
    width: int


def read_text(path: Path) -> Document:
    """The blocks and front matter of a text file; ReadingError when it is no text."""
    front_matter, lines = split_front_matter(re.split(r"\r\n|[\r\n]", decode(path.read_bytes())))
    body = list(_lines(lines))
    blocks = tuple(_blocks(body, _column(body)))
    if not blocks:
        raise ReadingError("no text in the file")
    return Document(blocks, front_matter)


def _lines(lines: Sequence[str]) -> Iterator[_Line]:
    paged = any("\f" in line for line in lines)
    page = 1 if paged else None
    for raw in lines:
        for part, shown in enumerate(without_unseen(raw).expandtabs(4).split("\f")):
            if part and page is not None:
                page += 1
            text = shown.strip()
            indent = _width(shown[: len(shown) - len(shown.lstrip())]) if text else 0
            # An empty part only says that a page ends, perhaps amid a paragraph.
            if text or not (part or "\f" in raw):
                yield _Line(text, page, indent, _width(shown.rstrip()))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _column(lines: Sequence[_Line]) -> int | None:
    """The column where the file's lines were wrapped, None when every line is a paragraph."""
    widths = [line.width for line in lines if line.text]
    wrapped = [width for width in widths if width <= WIDEST]
    if not wrapped or len(widths) - len(wrapped) > len(widths) // 20:
        return None
    column = max(wrapped)
    if column < NARROWEST:
        return None
    # A line that breaks amid a sentence just where the next word would not fit was wrapped.
    full = [
        not _ENDS_SENTENCE.search(line.text)
        for line, after in itertools.pairwise(lines)
        if line.text and after.text and _is_full(line, after, column)
    ]
    return column if sum(full) >= min(_FEW, len(full)) and any(full) else None


def _is_full(line: _Line, after: _Line, column: int) -> bool:
    word = after.text.split(maxsplit=1)[0] if after.text.isascii() else after.text[0]
    return line.width + _width(word) + _SLACK > column


def _blocks(lines: Sequence[_Line], column: int | None) -> Iterator[Block]:
    paragraph = ""
    before: _Line | None = None
    first: _Line | None = None
    for line in lines:
        if paragraph and _UNDERLINE.fullmatch(line.text) and before is first and first is not None:
            yield Block(paragraph, 1 if line.text[0] == "=" else 2, first.page)
            paragraph, before = "", None
            continue
        if paragraph and first and before and not _goes_on(before, line, first, column):
            yield Block(paragraph, page=first.page)
            paragraph = ""
        if not line.text or _RULE.fullmatch(line.text):
            paragraph, before = "", None
            continue
        if not paragraph:
            first = line
        text = line.text
        if bullet := _BULLET.match(text):
            text = text[bullet.end() :]
        paragraph = join_lines(paragraph, text)
        before = line
    if paragraph and first:
        yield Block(paragraph, page=first.page)


def _goes_on(before: _Line, line: _Line, first: _Line, column: int | None) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if column is None or not line.text or _BULLET.match(line.text):
        return False
    # Amid a sentence a line may well begin with the number of a clause it refers to.
    if opens_paragraph(line.text) and _ENDS_SENTENCE.search(before.text):
        return False
    if _RULE.fullmatch(line.text):
        return False
    # A first line alone may stand further left (a hanging number) or right (an indented start).
    if line.indent > before.indent and before is not first:
        return False
    return _is_full(before, line, column)
