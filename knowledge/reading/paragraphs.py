"""Printed lines into paragraphs: wrapped lines joined, over columns and pages too."""

import itertools
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.reading.document import Block, table_text
from knowledge.reading.encoding import join_lines
from knowledge.reading.labels import ARTICLE, opens_paragraph
from knowledge.reading.printed import Line, Table

_ENDS_SENTENCE = re.compile(r"[。；：！？.;:!?][”’」』）)\"']*$")
_ARTICLE_WITH_GAP = re.compile(rf"{ARTICLE.pattern}(?<=[\s　])(?=\S)")
_BULLET = re.compile(r"(?:[•●■◆▪○◦][\s　]+|[\ue000-\uf8ff][\s　]*)(?=\S)")
"""Bullets, also those of symbol fonts, which have no characters of their own."""
_BROKEN_WORD = re.compile(r"([A-Za-z]+)[-\u00ad\u2010]$")
_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_NOTE_MARK = re.compile(r"(?:[①-⑳*†‡§]|[⁰¹²³⁴-⁹]+|[\[（(]\d{1,2}[\]）)]|\d{1,2})[\s　.、]*(?=\S)")
_BARE_MARK = re.compile(r"([⁰¹²³⁴-⁹]+|\d{1,2})[\s　]*(?=\D)")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_NOTE_SIZE = 0.92
_HEADING_SIZE = 1.15
_LONGEST_HEADING = 60
_MOST_HEADING_LEVELS = 3
_MOST_CROSSING = 0.2
_FEWEST_IN_COLUMN = 5
_SAME_PLACE = 3.0


@dataclass(slots=True)
class Body:
    """The measures of a document's text: its type's size, its lines' pitch and where they end."""

    size: float
    pitch: float
    edges: dict[tuple[int, int], tuple[float, float]]
    words: Counter[str]
    headings: list[float] = field(default_factory=list)

    def level(self, line: Line) -> int | None:
        """A heading's depth by its type's size, the largest first; None for text."""
        size = round(line.size, 1)
        return self.headings.index(size) + 1 if size in self.headings else None


def blocks_of(pages: Sequence[Sequence[Line | Table]]) -> Iterator[Block]:
    """The paragraphs and tables of pages from which running lines are gone."""
    columned = [_in_columns(items) for items in pages]
    placed = [pair for page in columned for pair in page]
    lines = [line for line, _ in placed if isinstance(line, Line)]
    if lines or placed:
        yield from _Setting(_measure(placed, lines)).blocks(columned)


def _measure(placed: Sequence[tuple[Line | Table, int]], lines: Sequence[Line]) -> Body:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    larger = sorted((s for s in sizes if s > size * _HEADING_SIZE), reverse=True)
    words = Counter(word for line in lines for word in _WORD.findall(line.text))
    return Body(size, _usual_pitch(lines), _edges(placed), words, larger[:_MOST_HEADING_LEVELS])


def _usual_pitch(lines: Sequence[Line]) -> float:
    steps = [
        before.bottom - line.bottom
        for before, line in itertools.pairwise(lines)
        if before.page == line.page and before.bottom > line.bottom
    ]
    return statistics.median_low(steps) if steps else 0.0


def _edges(
    placed: Sequence[tuple[Line | Table, int]],
) -> dict[tuple[int, int], tuple[float, float]]:
    """Where lines begin and may end, for each width of page and column."""
    found: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for item, column in placed:
        if isinstance(item, Line):
            found[round(item.width), column].append(item)
    edges = {}
    for key, lines in found.items():
        lefts = Counter(round(line.left) for line in lines)
        edges[key] = (float(lefts.most_common(1)[0][0]), _right_edge(lines))
    return edges


def _right_edge(lines: Sequence[Line]) -> float:
    """Where most pages' longest lines end: one table that juts out makes no other line short."""
    pages: dict[int, list[float]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line.right)
    full = [max(rights) for rights in pages.values() if len(rights) >= _FEWEST_IN_COLUMN]
    return statistics.median_high(full or [max(line.right for line in lines)])


def _in_columns(items: Sequence[Line | Table]) -> list[tuple[Line | Table, int]]:
    """A page's items with their columns: 0 where lines go over the whole page, else 1 or 2."""
    lines = [item for item in items if isinstance(item, Line)]
    if len(lines) < 2 * _FEWEST_IN_COLUMN:
        return [(item, 0) for item in items]
    middle = (min(line.left for line in lines) + max(line.right for line in lines)) / 2
    sides = [_side(item, middle) for item in items]
    left = [item for item, side in zip(items, sides, strict=True) if side == 1]
    right = [item for item, side in zip(items, sides, strict=True) if side == 2]  # noqa: PLR2004
    crossing = sides.count(0)
    if min(len(left), len(right)) < _FEWEST_IN_COLUMN or crossing > _MOST_CROSSING * len(items):
        return [(item, 0) for item in items]
    return _column_order(items, sides)


def _side(item: Line | Table, middle: float) -> int:
    if isinstance(item, Table) or item.left < middle - 2 < middle + 2 < item.right:
        return 0
    return 1 if item.right <= middle + 2 else 2


def _column_order(
    items: Sequence[Line | Table], sides: Sequence[int]
) -> list[tuple[Line | Table, int]]:
    """Left column before right between what goes over both."""
    ordered: list[tuple[Line | Table, int]] = []
    waiting: dict[int, list[tuple[Line | Table, int]]] = {1: [], 2: []}
    for item, side in zip(items, sides, strict=True):
        if side:
            waiting[side].append((item, side))
        else:
            ordered += [*waiting[1], *waiting[2], (item, 0)]
            waiting = {1: [], 2: []}
    return [*ordered, *waiting[1], *waiting[2]]


class _Setting:
    """Sets lines into paragraphs."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.paragraph = ""
        self.first: Line | None = None
        self.before: tuple[Line, int] | None = None
        self.notes: list[Block] = []
        self.table: Table | None = None

    def blocks(self, pages: Sequence[Sequence[tuple[Line | Table, int]]]) -> Iterator[Block]:
        for page in pages:
            text, notes = self._split_notes(page)
            for item, column in text:
                if isinstance(item, Table):
                    yield from self._close()
                    yield from self._set_table(item)
                else:
                    yield from self._set_line(item, column)
            self.notes += notes
        yield from self._close()

    def _set_line(self, line: Line, column: int) -> Iterator[Block]:
        self.table = None
        if self.before and self._starts(*self.before, line, column):
            yield from self._close()
        if not self.paragraph:
            self.first = line
        text = line.text if self.paragraph else _BULLET.sub("", line.text, count=1)
        self.paragraph = _join(self.paragraph, text, self.body.words)
        self.before = line, column

    def _close(self) -> Iterator[Block]:
        """End the paragraph; the notes of the pages it began on follow it."""
        if self.first is not None and self.paragraph:
            level = self.body.level(self.first)
            if len(self.paragraph) > _LONGEST_HEADING or _ENDS_SENTENCE.search(self.paragraph):
                level = None
            yield Block(self.paragraph, level, self.first.page)
        yield from self.notes
        self.paragraph, self.first, self.before, self.notes = "", None, None, []

    def _set_table(self, table: Table) -> Iterator[Block]:
        rows = table.rows
        before = self.table
        if before and before.page + 1 == table.page and _alike(before.lefts, table.lefts):
            # A table goes on over the page: its header row is said on both.
            header = before.rows[0]
            rows = rows if rows[0] == header else (header, *rows)
        if table.caption:
            yield Block(table.caption, page=table.page)
        yield Block(table_text(rows), page=table.page, table=True)
        self.table = Table(table.page, rows, table.lefts, table.caption)

    def _starts(self, before: Line, before_column: int, line: Line, column: int) -> bool:
        """Whether a line begins a paragraph."""
        same_column = before.page == line.page and before_column == column
        return (
            self._was_cut_short(before, before_column, line)
            or self.body.level(before) != self.body.level(line)
            or bool(before_column) != bool(column)
            or (same_column and before.bottom - line.bottom > 1.2 * self.body.pitch)
            or bool(_ARTICLE_WITH_GAP.match(line.text) or _BULLET.match(line.text))
            or self._begins_anew(before, line, column)
        )

    def _was_cut_short(self, before: Line, column: int, line: Line) -> bool:
        """The next word would have fitted: the writer, not the margin, ended the line."""
        room = self.body.edges[round(before.width), column][1] - before.right
        return room > line.first_word + 1.5 * (before.top - before.bottom)

    def _begins_anew(self, before: Line, line: Line, column: int) -> bool:
        """After a sentence a number or an indent begins a paragraph."""
        if not _ENDS_SENTENCE.search(before.text):
            return False
        left = self.body.edges[round(line.width), column][0]
        indented = left + line.size < line.left > before.left + line.size
        return indented or opens_paragraph(line.text)

    def _split_notes(
        self, page: Sequence[tuple[Line | Table, int]]
    ) -> tuple[Sequence[tuple[Line | Table, int]], list[Block]]:
        """A page's text, and the notes in smaller type at its foot."""
        start = len(page)
        while start > 0 and self._is_small(page[start - 1][0]):
            start -= 1
        while start < len(page) and not _opens_note(page[start][0]):
            start += 1
        notes: list[tuple[str, int]] = []
        for item, _ in page[start:]:
            if not isinstance(item, Line):
                continue
            if _opens_note(item) or not notes:
                text = _BARE_MARK.sub(
                    lambda mark: f"[{mark[1].translate(_DIGITS)}] ", item.text, count=1
                )
                notes.append((text if _BARE_MARK.match(item.text) else item.text, item.page))
            else:
                notes[-1] = (_join(notes[-1][0], item.text, self.body.words), item.page)
        return page[:start], [Block(text, page=number) for text, number in notes]

    def _is_small(self, item: Line | Table) -> bool:
        return isinstance(item, Line) and item.size <= _NOTE_SIZE * self.body.size


def _opens_note(item: Line | Table) -> bool:
    return isinstance(item, Line) and bool(_NOTE_MARK.match(item.text))


def _alike(lefts: Sequence[float], others: Sequence[float]) -> bool:
    return len(lefts) == len(others) and all(
        abs(one - other) <= _SAME_PLACE for one, other in zip(lefts, others, strict=True)
    )


def _join(paragraph: str, line: str, words: Counter[str]) -> str:
    broken = _BROKEN_WORD.search(paragraph)
    rest = _WORD.match(line)
    if not broken or not rest:
        return join_lines(paragraph, line)
    head, tail = broken[1], rest[0]
    # A hyphen that belongs to the word shows elsewhere: as the compound, or as its two words
    # (which were both counted once already, here).
    apart = words[head] > 1 and words[tail] > 1 and not words[head + tail]
    compound = words[f"{head}-{tail}"] or apart
    hyphen = "-" if compound or not line[0].islower() else ""
    return paragraph[: broken.start()] + head + hyphen + line
