"""Reading Markdown: TOML front matter between +++ lines, headings, paragraphs, pipe tables."""

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.document import Block, Document, table_text
from knowledge.reading.labels import opens_paragraph

FENCE = "+++"
_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?$")
_TABLE_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?")
_WIDE = re.compile(r"[　-鿿＀-￯]")


def read_markdown(path: Path) -> Document:
    """The blocks and front matter of a Markdown file; ReadingError when it is not UTF-8."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadingError(f"not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    front_matter, lines = _split_front_matter(text.splitlines())
    return Document(tuple(_blocks(lines)), front_matter)


def _split_front_matter(lines: list[str]) -> tuple[str | None, list[str]]:
    if not lines or lines[0].rstrip() != FENCE:
        return None, lines
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:index]), lines[index + 1 :]
    raise ReadingError(f"the front matter never ends: close it with a {FENCE} line")


def _blocks(lines: list[str]) -> Iterator[Block]:
    paragraph = ""
    table: list[list[str]] = []
    for line in [*(line.strip() for line in lines), ""]:
        is_row = line.startswith("|")
        if table and not is_row:
            yield Block(table_text(table))
            table = []
        heading = _HEADING.match(line)
        if paragraph and (not line or is_row or heading or opens_paragraph(line)):
            yield Block(paragraph)
            paragraph = ""
        if heading:
            yield Block(heading[2].strip(), level=len(heading[1]))
        elif is_row:
            if not _TABLE_RULE.fullmatch(line):
                table.append(line.strip("|").split("|"))
        elif line:
            paragraph = join_lines(paragraph, line)


def join_lines(before: str, line: str) -> str:
    """Two lines of one paragraph: a space between Latin words, none beside Chinese."""
    if not before or _WIDE.match(before[-1]) or _WIDE.match(line[0]):
        return before + line
    return f"{before} {line}"
