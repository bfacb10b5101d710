"""Reading Markdown: TOML front matter between +++ lines, then its blocks, their words plain.

Ordered lists keep the numbers they are printed with, bullets are paragraphs of their own, quotes
and fenced blocks keep their words, comments are dropped, and HTML inside is read as HTML.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.document import Block, Document, table_text
from knowledge.reading.encoding import decode, join_lines, without_unseen
from knowledge.reading.inline import plain, strikes
from knowledge.reading.labels import opens_paragraph
from knowledge.reading.metadata import split_front_matter

_HEADING = re.compile(r"(#{1,6})(?:\s+(.*?))?(?:\s+#+)?$")
_UNDERLINE = re.compile(r"=+|-{2,}")
_BREAK = re.compile(r"(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}")
_TABLE_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_CELL_JOINT = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*$")
_QUOTE = re.compile(r"(?:>\s?)+")
_BULLET = re.compile(r"[-*+]\s+(?:\[[ xX]\]\s+)?(?=\S)")
_NUMBERED = re.compile(r"(?P<number>\d{1,9})(?P<mark>[.)])\s+(?=\S)")
_DEFINITION = re.compile(r"\[(?P<name>[^\]^][^\]]*)\]:\s*\S+(?:\s+[\"'(].*)?$")
_FOOTNOTE = re.compile(r"\[\^(?P<name>[^\]]+)\]:\s*")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HTML = re.compile(r"<(table|div|section|article|details|ul|ol|dl|p|h[1-6])\b", re.IGNORECASE)
_HARD_BREAK = re.compile(r"(?:\\| {2,})$|<br\s*/?>$", re.IGNORECASE)
_INNER_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_KEYED = re.compile(r"[\w-]+\s*:.*|\s*-\s.*|\s*#.*|\s+.*|")
_SPACES = re.compile(r"[ \t\xa0]+")

STRUCK = "struck-out text was left out"


def read_markdown(path: Path) -> Document:
    """The blocks and front matter of a Markdown file; ReadingError when it is no text."""
    text = decode(path.read_bytes())
    front_matter, lines = split_front_matter(text.splitlines())
    walk = _Walk(_without_comments("\n".join(_without_yaml(lines)).split("\n")))
    blocks = tuple(walk.blocks())
    if not blocks:
        raise ReadingError("no text in the file")
    return Document(blocks, front_matter, tuple(walk.notices))


def _without_yaml(lines: Sequence[str]) -> Sequence[str]:
    """Without the keys that other programs put between --- lines at the top."""
    if not lines or lines[0].rstrip() != "---":
        return lines
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return lines[index + 1 :]
        if not _KEYED.fullmatch(line):
            break
    return lines


def _without_comments(lines: list[str]) -> list[str]:
    """Comments go, but not those that fenced blocks show."""
    pieces: list[str] = []
    fence = ""
    start = 0
    for index, line in enumerate([*lines, None]):
        found = _FENCE.match(line.strip()) if line is not None else None
        if line is None or (found and not fence) or (fence and _closes(line, fence)):
            upto = len(lines) if line is None else index + bool(fence)
            text = "\n".join(lines[start:upto])
            pieces += (
                (text if fence else _COMMENT.sub("", text)).split("\n") if upto > start else []
            )
            start = upto
            fence = "" if fence or not found else found[1]
    return pieces


def _closes(line: str, fence: str) -> bool:
    return line.strip().startswith(fence) and not line.strip().strip(fence[0])


@dataclass(slots=True)
class _List:
    """An ordered list that may go on: how deep it stands and its last number, twice."""

    indent: int
    written: int
    printed: int


@dataclass(slots=True)
class _Walk:
    """One pass over a file's lines."""

    lines: list[str]
    at: int = 0
    paragraph: str = ""
    quoted: bool = False
    lists: list[_List] = field(default_factory=list)
    references: frozenset[str] = frozenset()
    notices: list[str] = field(default_factory=list)

    def blocks(self) -> Iterator[Block]:
        named = (_DEFINITION.fullmatch(line.strip()) for line in self.lines)
        self.references = frozenset(found["name"].lower() for found in named if found)
        while self.at < len(self.lines):
            raw = self.lines[self.at].expandtabs(4)
            line = raw.strip()
            quote = _QUOTE.match(line)
            if quote:
                raw = line = line[quote.end() :].strip()
            if bool(quote) != self.quoted and (quote or not line):
                yield from self._close()
                self.quoted = bool(quote)
            self.at += 1
            yield from self._take(raw, line)
        yield from self._close()

    def _take(self, raw: str, line: str) -> Iterator[Block]:
        if not line or _DEFINITION.fullmatch(line):
            yield from self._close()
        elif self.paragraph and _UNDERLINE.fullmatch(line):
            level = 1 if line[0] == "=" else 2
            yield from self._heading(self.paragraph, level)
        elif _BREAK.fullmatch(line):
            yield from self._close()
        elif heading := _HEADING.match(line):
            yield from self._close()
            yield from self._heading(heading[2] or "", len(heading[1]))
        else:
            yield from self._take_text(raw, line)

    def _take_text(self, raw: str, line: str) -> Iterator[Block]:
        opener = next((take for test, take in _OPENERS if test(self, line)), None)
        if opener:
            yield from self._close()
            yield from opener(self, line)
            return
        start = self._start(raw, line)
        if start is not None or opens_paragraph(line):
            yield from self._close()
        if not self.paragraph and raw[:1].strip() and start is None:
            self.lists = []
        before = self.paragraph
        text = line if start is None else start
        if before and _HARD_BREAK.search(before):
            yield from self._close()
        ends = "  " if raw.endswith("  ") else ""
        self.paragraph = join_lines(self.paragraph, text) + ends

    def _start(self, raw: str, line: str) -> str | None:
        """A line that opens a list's item, with the number it is printed with."""
        if bullet := _BULLET.match(line):
            return line[bullet.end() :]
        if footnote := _FOOTNOTE.match(line):
            return f"[{footnote['name']}] {line[footnote.end() :]}".strip()
        numbered = _NUMBERED.match(line)
        indent = len(raw) - len(raw.lstrip())
        if not numbered or (self.paragraph and not self.lists and numbered["number"] != "1"):
            return None
        number = self._number(indent, int(numbered["number"]))
        return f"{number}{numbered['mark']} {line[numbered.end() :]}"

    def _number(self, indent: int, written: int) -> int:
        """The number as printed: an author who writes 1. 1. 1. means them to be counted."""
        while self.lists and self.lists[-1].indent > indent:
            self.lists.pop()
        if not self.lists or self.lists[-1].indent < indent:
            self.lists.append(_List(indent, written, written))
            return written
        last = self.lists[-1]
        last.printed = last.printed + 1 if written == last.written else written
        last.written = written
        return last.printed

    def _heading(self, text: str, level: int) -> Iterator[Block]:
        self.paragraph = ""
        self.lists = []
        if words := self._plain(text):
            yield Block(words, level)

    def _close(self) -> Iterator[Block]:
        paragraph, self.paragraph = self.paragraph, ""
        for text in _INNER_BREAK.split(_HARD_BREAK.sub("", paragraph.rstrip(" "))):
            if words := self._plain(text):
                yield Block(words)

    def _plain(self, text: str) -> str:
        if strikes(text) and STRUCK not in self.notices:
            self.notices.append(STRUCK)
        return _SPACES.sub(" ", without_unseen(plain(text, self.references))).strip()

    def _code(self, line: str) -> Iterator[Block]:
        fence = line[: len(line) - len(line.lstrip(line[0]))]
        start = self.at
        while self.at < len(self.lines) and not _closes(self.lines[self.at], fence):
            self.at += 1
        text = without_unseen("\n".join(self.lines[start : self.at])).strip("\n")
        self.at += 1
        if text.strip():
            yield Block(text)

    def _is_table(self, line: str) -> bool:
        if line.startswith("|"):
            return True
        after = self.lines[self.at].strip() if self.at < len(self.lines) else ""
        is_ruled = "|" in line and "|" in after and bool(_TABLE_RULE.fullmatch(after))
        return is_ruled and len(_cells(line)) == len(_cells(after))

    def _table(self, line: str) -> Iterator[Block]:
        bare = not line.startswith("|")
        rows = [line]
        while self.at < len(self.lines):
            after = self.lines[self.at].strip()
            if not (after.startswith("|") or (bare and "|" in after)):
                break
            rows.append(after)
            self.at += 1
        cells = [
            [self._cell(cell) for cell in _cells(row)]
            for row in rows
            if not _TABLE_RULE.fullmatch(row)
        ]
        if cells:
            yield Block(table_text(cells), table=True)

    def _cell(self, cell: str) -> str:
        return self._plain(_INNER_BREAK.sub(" ", cell.replace("\\|", "|")))

    def _html(self, line: str) -> Iterator[Block]:
        """A block of HTML, to the line that closes what opens it."""
        from knowledge.reading.web import read_fragment  # noqa: PLC0415 - lxml, seldom needed here

        found = _HTML.match(line)
        name = found[1].lower() if found else ""
        opens, closes = re.compile(rf"<{name}\b", re.IGNORECASE), f"</{name}"
        taken: list[str] = []
        depth = 0
        rest: str | None = line
        while rest is not None:
            taken.append(rest)
            depth += len(opens.findall(rest)) - rest.lower().count(closes)
            more = depth > 0 and self.at < len(self.lines)
            rest = self.lines[self.at] if more else None
            self.at += more
        blocks, notices = read_fragment("\n".join(taken))
        self.notices += [notice for notice in notices if notice not in self.notices]
        yield from blocks


_OPENERS: tuple[
    tuple[Callable[[_Walk, str], bool], Callable[[_Walk, str], Iterator[Block]]], ...
] = (
    (lambda _walk, line: bool(_FENCE.match(line)), _Walk._code),  # noqa: SLF001 - its own rules
    (_Walk._is_table, _Walk._table),  # noqa: SLF001
    (lambda _walk, line: bool(_HTML.match(line)), _Walk._html),  # noqa: SLF001
)


def _cells(row: str) -> list[str]:
    inner = row.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return _CELL_JOINT.split(inner)
