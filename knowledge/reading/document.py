"""What every reader gives: a file's paragraphs in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

# Control characters, halves of pairs, and what takes no room on a page: zero-width and soft
# hyphens, direction marks and tags, with which text is hidden from people but not from us.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or table.

    `text` carries the number it is printed with. `level` is a heading's depth (1 is the title),
    None for text or where the file does not say. `page` counts from 1, None where the file has
    no pages. `place` says where a block stands in a file without pages: "Fees!12" (sheet and
    row), "slide 3"; "" elsewhere. `table`: `text` is rows, one a line, the header row first,
    cells joined by " | "; a cell merged over several rows is said in each of them, one merged
    over several columns once, and an empty cell is "".
    """

    text: str
    level: int | None = None
    page: int | None = None
    place: str = ""
    table: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file's blocks, and the front matter it carries itself (TOML text, or None).

    `notices` say, a line each, what was left out of the blocks and why.
    """

    blocks: tuple[Block, ...]
    front_matter: str | None = None
    notices: tuple[str, ...] = ()


def table_text(rows: Sequence[Sequence[str]]) -> str:
    """A table's rows as a block's text: every row one line."""
    return "\n".join(" | ".join(" ".join(cell.split()) for cell in row) for row in rows)


def visible(document: Document) -> Document:
    """The document without the characters that nobody sees, and without the blocks they fill."""
    cleaned = []
    for block in document.blocks:
        text = block.text
        if not text.isascii() or not text.isprintable():
            text = _UNSEEN.sub("", text)
        if text.strip():
            cleaned.append(block if text == block.text else replace(block, text=text))
    return replace(document, blocks=tuple(cleaned))
