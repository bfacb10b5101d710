"""What every reader gives: a file's paragraphs in order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or table.

    `text` carries the number it is printed with. A table is one line per row, header row first,
    its cells joined by " | ". `level` is a heading's depth (1 is the title), None for text or
    where the file does not say. `page` counts from 1, None where the file has no pages.
    """

    text: str
    level: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file's blocks, and the front matter it carries itself (TOML text, or None)."""

    blocks: tuple[Block, ...]
    front_matter: str | None = None


def table_text(rows: list[list[str]]) -> str:
    """A table's rows as a block's text."""
    return "\n".join(" | ".join(cell.strip() for cell in row) for row in rows)
