"""Long clauses into overlapping pieces, cut where a sentence or an entry ends."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.splitting.lines import Line, tidy

LONGEST_CLAUSE = 1_500
PIECE = 1_200
OVERLAP = 150

_LONGEST_HEADER = 400
_CUTS = (
    re.compile(r"(?<=[。；！？])(?![”’」』）)\"'])|(?<=[.;!?])(?=\s)"),
    re.compile(r"(?<=[，、：])|(?<=[,:|])(?=\s)"),
    re.compile(r"(?<=\s)"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of one line that stay together."""

    line: Line
    start: int
    end: int

    @property
    def size(self) -> int:
        """Its characters, and the line end that may follow."""
        return self.end - self.start + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause's text, or a stretch of it: see Clause for what `text` is of [start, end)."""

    text: str
    start: int
    end: int
    line: Line


def pieces_of(lines: Sequence[Line], rest: int) -> list[Piece]:
    """The text of a clause whose first line's words begin at `rest`, in pieces if it is long."""
    spans = [Span(line, 0, len(line.text)) for line in lines]
    first = lines[0]
    begin = rest + len(first.text[rest:]) - len(first.text[rest:].lstrip())
    spans[0] = Span(first, begin, len(first.text))
    if begin >= len(first.text):
        del spans[0]
    # Tidying may add a space to a line.
    if sum(span.size + 1 for span in spans) <= LONGEST_CLAUSE:
        return [_whole(spans)] if spans else []
    parts = [part for span in spans for part in _cut(span, PIECE - _header_room(span), 0)]
    pieces = (_piece(group) for group in _grouped(parts))
    return [piece for piece in pieces if piece.text]


def _whole(spans: Sequence[Span]) -> Piece:
    """All the lines of a clause that is short enough."""
    first, last = spans[0], spans[-1]
    texts = [tidy(span.line.text) for span in spans]
    if first.start:
        texts[0] = first.line.text[first.start :]
    return Piece("\n".join(texts), first.line.at + first.start, last.line.end, first.line)


def _cut(span: Span, most: int, step: int) -> Iterator[Span]:
    """A span as sentences; those that are still too long at commas, at spaces, anywhere."""
    text = span.line.text
    if step == len(_CUTS):
        size = OVERLAP
        for start in range(span.start, span.end, size):
            yield Span(span.line, start, min(start + size, span.end))
        return
    start = span.start
    ends = [found.start() for found in _CUTS[step].finditer(text, span.start, span.end)]
    for end in [*(end for end in ends if end < span.end), span.end]:
        if end == start:
            continue
        part = Span(span.line, start, end)
        if part.size <= most:
            yield part
        else:
            yield from _cut(part, most, step + 1)
        start = end


def _grouped(parts: Sequence[Span]) -> Iterator[list[Span]]:
    group: list[Span] = []
    size = 0
    for part in parts:
        if group and size + part.size > PIECE - _header_room(group[0]):
            yield group
            group = _tail(group)
            size = sum(span.size for span in group)
        group.append(part)
        size += part.size
    yield group


def _tail(group: Sequence[Span]) -> list[Span]:
    """The end of a piece that the next one begins with."""
    kept: list[Span] = []
    size = 0
    for span in reversed(group):
        size += span.size
        if size > OVERLAP + 1:
            break
        kept.insert(0, span)
    return kept


def _header_room(span: Span) -> int:
    header = _header(span)
    return len(header) + 1 if header else 0


def _header(span: Span) -> str:
    """The header row to say again above a piece that begins with this span, or ""."""
    header = span.line.header
    if header is None or header == span.line.text:
        return ""
    if len(header) <= _LONGEST_HEADER:
        return header
    return header[:_LONGEST_HEADER].rpartition(" | ")[0] or header[:_LONGEST_HEADER]


def _piece(spans: Sequence[Span]) -> Piece:
    """Spans that follow one another as one text."""
    joined: list[tuple[Line, int, int]] = []
    for span in spans:
        if joined and joined[-1][0] is span.line:
            line, start, _ = joined.pop()
            joined.append((line, start, span.end))
        else:
            joined.append((span.line, span.start, span.end))
    texts = []
    for line, start, end in joined:
        text = line.text[start:end].strip()
        if text:
            texts.append(tidy(text) if start == 0 else text)
    first, begin, _ = joined[0]
    last, _, end = joined[-1]
    if header := _header(spans[0]):
        texts.insert(0, header)
    lead = len(first.text[begin:]) - len(first.text[begin:].lstrip())
    trail = len(last.text[:end]) - len(last.text[:end].rstrip())
    return Piece("\n".join(texts), first.at + begin + lead, last.at + end - trail, first)
