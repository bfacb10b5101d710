"""Reading PDF: text with its page, running headers and footers gone, wrapped lines joined."""

import itertools
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from knowledge.errors import ReadingError
from knowledge.reading.document import Block, Document
from knowledge.reading.labels import opens_paragraph
from knowledge.reading.encoding import join_lines

MOST_PAGES = 2_000
MARGIN = 0.1
"""The share of a page's height, at its top and bottom, where running lines stand."""

_PAGE_NUMBER = re.compile(
    r"第\s*\d+\s*页(?:\s*[/，,]?\s*共\s*\d+\s*页)?"
    r"|Page\s+\d+(?:\s+(?:of|/)\s*\d+)?"
    r"|[-–—]?\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-–—]?",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[。；：！？.;:!?][”’」』）)\"']*$")
_SOFT_BREAK = "\ufffe"
"""What PDFium gives for a hyphen at the end of a line, in place of the line's end."""
_BROKEN_WORD = re.compile(r"([A-Za-z]+)[-\u00ad\u2010]$")
_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
# Radicals that fonts give for ordinary characters and that have no normal form of their own.
_RADICALS = str.maketrans(
    "⺁⺎⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "厂兀母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)
_COMPATIBILITY = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line: where it stands (points, y upwards) and the width of its first word."""

    text: str
    page: int
    right: float
    bottom: float
    top: float
    first_word: float
    margin: bool


def read_pdf(path: Path) -> Document:
    """The blocks of a PDF with their pages; ReadingError when it is locked or holds no text."""
    try:
        opened = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        reason = "it is password-protected: remove the password" if locked else "it is not a PDF"
        raise ReadingError(f"cannot read the PDF: {reason}") from error
    try:
        if len(opened) > MOST_PAGES:
            raise ReadingError(f"{len(opened)} pages: split it, at most {MOST_PAGES} are read")
        lines = [line for number in range(len(opened)) for line in _page_lines(opened, number)]
    finally:
        opened.close()
    body = _without_running_lines(lines)
    if not body:
        raise ReadingError("no text in the PDF (a scan is not searchable): supply one with text")
    return Document(tuple(_blocks(body)))


def _page_lines(opened: pypdfium2.PdfDocument, number: int) -> Iterator[_Line]:
    page = opened[number]
    text_page = page.get_textpage()
    try:
        height = page.get_height()
        characters = _characters(text_page)
        start = 0
        for end in range(len(characters) + 1):
            if end == len(characters) or characters[end] in f"\r\n{_SOFT_BREAK}":
                hyphen = end < len(characters) and characters[end] == _SOFT_BREAK
                text = characters[start : end + hyphen]
                line = _line(text_page, text, start, number + 1, height)
                if line is not None:
                    yield line
                start = end + 1
    finally:
        text_page.close()
        page.close()


def _characters(text_page: pypdfium2.PdfTextPage) -> str:
    """A page's text with one character for each of PDFium's, so that places agree."""
    text: str = text_page.get_text_range()
    count = text_page.count_chars()
    if len(text) != count:
        codes = (pypdfium2.raw.FPDFText_GetUnicode(text_page.raw, n) for n in range(count))
        text = "".join(chr(code) for code in codes)
    return text.replace("\x02", _SOFT_BREAK)


def _line(
    text_page: pypdfium2.PdfTextPage, text: str, start: int, page: int, height: float
) -> _Line | None:
    printed = [start + n for n, character in enumerate(text) if not character.isspace()]
    if not printed:
        return None
    word = len(text.split(maxsplit=1)[0]) if text.isascii() else 1
    # Loose boxes are as high as the font, so the first character speaks for the line.
    first, word_end, last = (
        text_page.get_charbox(index, loose=True)
        for index in (printed[0], printed[min(word, len(printed)) - 1], printed[-1])
    )
    middle = (first[1] + first[3]) / 2
    return _Line(
        text=_repair(text.replace(_SOFT_BREAK, "-").strip()),
        page=page,
        right=last[2],
        bottom=first[1],
        top=first[3],
        first_word=word_end[2] - first[0],
        margin=middle < height * MARGIN or middle > height * (1 - MARGIN),
    )


def _repair(text: str) -> str:
    """Ordinary characters for compatibility radicals, ideographs and ligatures, nothing else."""
    return _COMPATIBILITY.sub(
        lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_RADICALS)
    )


def _without_running_lines(lines: Sequence[_Line]) -> list[_Line]:
    """Drop page numbers, and what several pages repeat in their margins."""
    pages: dict[str, set[int]] = {}
    for line in lines:
        if line.margin:
            pages.setdefault(_shape(line), set()).add(line.page)
    return [
        line
        for line in lines
        if not line.margin
        or not (_PAGE_NUMBER.fullmatch(line.text) or len(pages[_shape(line)]) > 1)
    ]


def _shape(line: _Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    column = max(line.right for line in lines)
    pitch = _usual_pitch(lines)
    words = Counter(word for line in lines for word in _WORD.findall(line.text))
    paragraph, page = lines[0].text, lines[0].page
    for before, line in itertools.pairwise(lines):
        if _starts_paragraph(before, line, column, pitch):
            yield Block(paragraph, page=page)
            paragraph, page = line.text, line.page
        else:
            paragraph = _join(paragraph, line.text, words)
    yield Block(paragraph, page=page)


def _usual_pitch(lines: Sequence[_Line]) -> float:
    steps = [
        before.bottom - line.bottom
        for before, line in itertools.pairwise(lines)
        if before.page == line.page and before.bottom > line.bottom
    ]
    return statistics.median_low(steps) if steps else 0.0


def _starts_paragraph(before: _Line, line: _Line, column: float, pitch: float) -> bool:
    height = before.top - before.bottom
    room = column - before.right
    ended = bool(_ENDS_SENTENCE.search(before.text))
    # The next word would have fitted: the writer, not the margin, ended the line.
    if room > line.first_word + 1.5 * height:
        return True
    if before.page == line.page and before.bottom - line.bottom > 1.2 * pitch:
        return True
    return ended and opens_paragraph(line.text)


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
