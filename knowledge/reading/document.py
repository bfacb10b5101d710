"""What every reader gives: a file's paragraphs in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.reading.encoding import without_unseen

_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of pairs: no text, and not every database takes them."""


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
            text = _BROKEN.sub("", without_unseen(text))
        if text.strip():
            cleaned.append(block if text == block.text else replace(block, text=text))
    return replace(document, blocks=tuple(cleaned))
