"""A PDF page as it is printed: its lines of text and ruled tables, and what on it nobody sees."""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import pypdfium2
from pypdfium2 import raw

from knowledge.reading.drawing import Box, Drawing, around, look
from knowledge.reading.encoding import without_unseen
from knowledge.reading.ruled import Ruled, find_tables

SOFT_BREAK = "\ufffe"
"""What PDFium gives for a hyphen at the end of a line, in place of the line's end."""

_GONE = "\x00"
_ENDS = f"\r\n{SOFT_BREAK}"
_HAN = "一-鿿〇"
_SPACED = re.compile(rf"(?<![^\s　])[{_HAN}](?: [{_HAN}]){{2,}}(?![^\s　，。；：、！？）」』])")
_SPACED_LINE = re.compile(rf"[{_HAN}](?:[ 　]+[{_HAN}])+")
_SPACED_HEADING = re.compile(rf"(第[{_HAN}0-9]+[编篇章节][\s　]+)([{_HAN}](?:[ 　]+[{_HAN}])+)")
_SPACED_LABEL = re.compile(rf"^第 ?([{_HAN}0-9](?: ?[{_HAN}0-9])*?) ?([编篇章节条款])(?=[\s　]|$)")
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
# Radicals that fonts give for ordinary characters and that have no normal form of their own.
_RADICALS = str.maketrans(
    "⺁⺎⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "厂兀母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)
_COMPATIBILITY = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_AFTER_WORD = re.compile(r"(?<=[^\s\d.,])\d{1,3}(?![\d.,%])|(?<=\d)\d(?!\d)")
_RAISED = re.compile(r"\d{1,3}")
_SMALL = 0.8
_CLOSE = 0.25
"""Of a type's size: what stands nearer to a word than this belongs to it."""
_QUARTER = 90
_LETTER = (0.0, 0.0, 612.0, 792.0)
"""What a page without a usable box is shown as."""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: where it stands (points, y upwards, as the page is looked at).

    `size` is its type's, `first_word` the width of its first word, `depth` how far down the page
    its middle is (0 is the upper edge, 1 the lower).
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    first_word: float
    depth: float
    width: float


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table: its rows, header row first, where its columns begin, what stands over it."""

    page: int
    rows: tuple[tuple[str, ...], ...]
    lefts: tuple[float, ...]
    caption: str


@dataclass(slots=True)
class Page:
    """What one page holds, in the order it was written."""

    number: int
    items: list[Line | Table] = field(default_factory=list)
    hidden: str = ""
    scanned: bool = False
    draws: bool = False
    unreadable: bool = False


def read_page(opened: pypdfium2.PdfDocument, number: int) -> Page:
    """Page `number`, counted from 1."""
    page = opened[number - 1]
    text_page = page.get_textpage()
    try:
        return _Sheet(page, text_page, number).read()
    finally:
        text_page.close()
        page.close()


class _Sheet:
    """A page while it is read."""

    def __init__(
        self, page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage, number: int
    ) -> None:
        self.number = number
        self.text_page = text_page
        self.drawing: Drawing = look(page)
        self.box = _page_box(page)
        self.characters = _characters(text_page)
        self.rotation = self._rotation()
        flat = self.rotation % 180 == 0
        width, height = self.box[2] - self.box[0], self.box[3] - self.box[1]
        self.width, self.height = (width, height) if flat else (height, width)

    def read(self) -> Page:
        found = Page(self.number, scanned=self.drawing.is_scan(self.box))
        found.draws = self.drawing.may_show_text(self.box)
        found.hidden = self._take_out_unseen(found)
        unreadable = len(_UNREADABLE.findall(self.characters))
        if unreadable * 3 > sum(not c.isspace() and c != _GONE for c in self.characters):
            found.unreadable = True
            return found
        items: list[tuple[int, Line | Table]] = list(self._tables())
        items += _whole(self._lines(found))
        found.items = [item for _, item in sorted(items, key=lambda placed: placed[0])]
        return found

    def _rotation(self) -> int:
        """How most of the text is turned, in degrees counter-clockwise: pages may lie on a side."""
        starts = [n for n, c in enumerate(self.characters) if not c.isspace()][::40]
        # PDFium's angles are clockwise.
        angles = Counter(
            round(-math.degrees(raw.FPDFText_GetCharAngle(self.text_page.raw, n)) / _QUARTER) % 4
            for n in starts
        )
        return angles.most_common(1)[0][0] * _QUARTER if angles else 0

    def _view(self, box: Box) -> Box:
        """A box of the page as it is looked at, from its lower left corner."""
        left, bottom, right, top = self.box
        return around(
            {
                0: (x - left, y - bottom),
                90: (y - bottom, right - x),
                180: (right - x, top - y),
                270: (top - y, x - left),
            }[self.rotation]
            for x, y in ((box[0], box[1]), (box[2], box[3]))
        )

    def _char_box(self, index: int, *, loose: bool = False) -> Box:
        left, bottom, right, top = self.text_page.get_charbox(index, loose=loose)
        return left, bottom, right, top

    def _take_out_unseen(self, page: Page) -> str:
        """Take out what is not drawn, too small, white on white; keep the text under a scan."""
        drawing = self.drawing
        unseen = drawing.unseen | (set() if page.scanned else drawing.undrawn)
        if not unseen and not drawing.pale:
            return ""
        hidden = []
        characters = list(self.characters)
        for index, character in enumerate(characters):
            item = raw.FPDFText_GetTextObject(self.text_page.raw, index)
            if character.isspace() or not item:
                hidden.append(" ")
                continue
            address = ctypes.addressof(item.contents)
            if address in unseen or (address in drawing.pale and self._is_lost(index)):
                hidden.append(character)
                characters[index] = _GONE
        self.characters = "".join(characters)
        return " ".join("".join(hidden).split())

    def _is_lost(self, index: int) -> bool:
        left, bottom, right, top = self._char_box(index)
        return not self.drawing.has_ground((left + right) / 2, (bottom + top) / 2)

    def _tables(self) -> Iterator[tuple[int, Table]]:
        tables = find_tables(map(self._view, self.drawing.rules), self.height)
        if not tables:
            return
        taken = self._fill(tables)
        characters = list(self.characters)
        for number, table in enumerate(tables):
            caption, rows = table.rows()
            places = [index for index, owner in taken.items() if owner == number]
            if len(table.words) < 2 or not rows or not places:  # noqa: PLR2004 - a frame
                continue
            for index in places:
                characters[index] = _GONE
            cells = tuple(tuple(map(_repair, row)) for row in rows)
            lefts = tuple(round(left) for left in table.lefts)
            yield places[0], Table(self.number, cells, lefts, _repair(caption))
        self.characters = "".join(characters)

    def _fill(self, tables: list[Ruled]) -> dict[int, int]:
        """Put every character into its table's cell; which table took which character."""
        taken: dict[int, int] = {}
        last: tuple[int, int] | None = None
        for index, character in enumerate(self.characters):
            if character in _ENDS:
                last = None
            if character == _GONE or (character.isspace() and last is None):
                continue
            if not character.isspace():
                last = self._settle(tables, index, last)
            if last is not None:
                tables[last[0]].words[last[1]][-1] += character
                taken[index] = last[0]
        return taken

    def _settle(
        self, tables: list[Ruled], index: int, last: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        left, bottom, right, top = self._view(self._char_box(index))
        x, y = (left + right) / 2, self.height - (bottom + top) / 2
        for number, table in enumerate(tables):
            cell = table.cell_at(x, y)
            if cell is not None:
                if last != (number, cell):
                    table.words.setdefault(cell, []).append("")
                return number, cell
        return None

    def _lines(self, page: Page) -> Iterator[tuple[int, Line]]:
        start = 0
        characters = self.characters
        for end in range(len(characters) + 1):
            if end == len(characters) or characters[end] in _ENDS:
                hyphen = end < len(characters) and characters[end] == SOFT_BREAK
                line = self._line(characters[start : end + hyphen], start)
                if line is not None and _is_outside(line, self.width, self.height):
                    page.hidden = f"{page.hidden} {line.text}".strip()
                elif line is not None:
                    yield start, line
                start = end + 1

    def _line(self, text: str, start: int) -> Line | None:
        printed = [start + n for n, c in enumerate(text) if not c.isspace() and c != _GONE]
        if not printed or self._is_slanted(printed[0]):
            return None
        shown = text.replace(_GONE, "")
        word = len(shown.split(maxsplit=1)[0]) if shown.isascii() else 1
        # Loose boxes are as high as the font, so the first character speaks for the line.
        first, word_end, last = (
            self._view(self._char_box(index, loose=True))
            for index in (printed[0], printed[min(word, len(printed)) - 1], printed[-1])
        )
        shown = self._raise(text, start).replace(_GONE, "")
        shown = _repair(shown.replace(SOFT_BREAK, "-").strip())
        if not shown:
            return None
        return Line(
            text=shown,
            page=self.number,
            left=first[0],
            right=last[2],
            bottom=first[1],
            top=first[3],
            size=self._size(printed[0]),
            first_word=word_end[2] - first[0],
            depth=1 - (first[1] + first[3]) / 2 / self.height,
            width=self.width,
        )

    def _is_slanted(self, index: int) -> bool:
        """Text at an angle across a page is a watermark or a stamp."""
        angle = math.degrees(raw.FPDFText_GetCharAngle(self.text_page.raw, index))
        off = (angle - self.rotation) % _QUARTER
        return min(off, _QUARTER - off) > 5  # noqa: PLR2004 - degrees a scan may be askew

    def _size(self, index: int) -> float:
        found = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.text_page.raw, index, found)
        size: float = raw.FPDFText_GetFontSize(self.text_page.raw, index)
        return size * (math.hypot(found.c, found.d) or 1.0)

    def _raise(self, text: str, start: int) -> str:
        """Small digits after a word or a number stand above it: m², a note's mark."""
        characters = list(text)
        for found in _AFTER_WORD.finditer(text):
            if self._size(start + found.start()) < _SMALL * self._size(start + found.start() - 1):
                for place in range(*found.span()):
                    characters[place] = characters[place].translate(_SUPERSCRIPTS)
        return "".join(characters)


def _whole(lines: Iterable[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """Lines that a raised or lowered character broke in two, as one."""
    whole: list[tuple[int, Line]] = []
    for start, line in lines:
        before = whole[-1][1] if whole else None
        if before is None or not _goes_on(before, line):
            whole.append((start, line))
            continue
        text = line.text
        if line.size < _SMALL * before.size:
            text = _RAISED.sub(lambda found: found[0].translate(_SUPERSCRIPTS), text, count=1)
        whole[-1] = (whole[-1][0], replace(before, text=before.text + text, right=line.right))
    return whole


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a line stands right behind another, at its height."""
    overlap = min(before.top, line.top) - max(before.bottom, line.bottom)
    shorter = min(before.top - before.bottom, line.top - line.bottom)
    gap = line.left - before.right
    return overlap > shorter / 2 and -_CLOSE * before.size < gap < _CLOSE * before.size


def _page_box(page: pypdfium2.PdfPage) -> Box:
    media, crop = page.get_mediabox(), page.get_cropbox()
    box = (
        *(max(media[0], crop[0]), max(media[1], crop[1])),
        *(min(media[2], crop[2]), min(media[3], crop[3])),
    )
    return next((b for b in (box, media) if b[0] < b[2] and b[1] < b[3]), _LETTER)


def _is_outside(line: Line, width: float, height: float) -> bool:
    middle = (line.bottom + line.top) / 2
    return line.right <= 0 or line.left >= width or not 0 <= middle <= height


def _characters(text_page: pypdfium2.PdfTextPage) -> str:
    """A page's text with one character for each of PDFium's, so that places agree."""
    text: str = text_page.get_text_range()
    count = text_page.count_chars()
    if len(text) != count:
        codes = (raw.FPDFText_GetUnicode(text_page.raw, n) for n in range(count))
        text = "".join(chr(code) for code in codes)
    return text.replace("\x02", SOFT_BREAK).replace("\x00", " ")


def _repair(text: str) -> str:
    """Ordinary characters for compatibility forms, words for type that was spaced out."""
    text = _COMPATIBILITY.sub(
        lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_RADICALS)
    )
    text = without_unseen(text)
    if _SPACED_LINE.fullmatch(text):
        return re.sub(r"[ 　]", "", text)
    text = _SPACED_LABEL.sub(lambda found: found[0].replace(" ", ""), text)
    if heading := _SPACED_HEADING.fullmatch(text):
        return heading[1] + re.sub(r"[ 　]", "", heading[2])
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
