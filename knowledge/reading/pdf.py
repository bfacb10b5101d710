"""Reading PDF: text with its pages, ruled tables, scans where they can be read."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pypdfium2

from knowledge.errors import ReadingError
from knowledge.reading import ocr
from knowledge.reading.document import Block, Document
from knowledge.reading.paragraphs import blocks_of
from knowledge.reading.printed import Line, Page, Table, read_page
from knowledge.reading.running import without_running_lines, without_running_paragraphs

MOST_PAGES = 2_000

_MOST_SHOWN = 60
_MOST_LISTED = 12
_LEAST_TEXT = 20
"""Characters: a scan with less has been stamped or numbered, not read."""


def read_pdf(path: Path) -> Document:
    """The blocks of a PDF with their pages; ReadingError when it is locked or holds no text.

    Notices say which pages hold no text (or were read from a picture of them), which could not
    be read at all, and on which hidden text was left out.
    """
    opened = _open(path)
    try:
        if len(opened) > MOST_PAGES:
            raise ReadingError(f"{len(opened)} pages: split it, at most {MOST_PAGES} are read")
        pages, damaged = _read_pages(opened)
        bodies = without_running_lines(pages)
        empty = [page for page, items in zip(pages, bodies, strict=True) if _is_empty(page, items)]
        read = _recognise(opened, empty)
    finally:
        opened.close()
    silent = [page.number for page in empty if page.number not in read.paragraphs]
    if not any(bodies) and not read.paragraphs:
        raise ReadingError(_nothing(len(pages), read, damaged))
    blocks = _merge(list(blocks_of(bodies)), read.paragraphs)
    notices = [*_notices(pages, silent, read), *_damage(damaged)]
    return Document(tuple(blocks), notices=tuple(notices))


class _Reading:
    """What came of the pages without text: paragraphs by page, and with what they were read."""

    def __init__(self, recogniser: ocr.Recogniser | None, *, tried: bool) -> None:
        self.recogniser = recogniser
        self.tried = tried
        self.paragraphs: dict[int, list[str]] = {}

    def why_not(self, count: int) -> str:
        """Why the pages that are still without text, `count` of them, are."""
        them = "it" if count == 1 else "them"
        if self.recogniser is None:
            return "tesseract is not installed"
        if self.recogniser.exhausted:
            return f"reading {them} takes too long: split the file"
        if "chi_sim" not in self.recogniser.languages:
            return f"tesseract could not read {them}; it has no Chinese (tesseract-ocr-chi-sim)"
        return f"tesseract could not read {them}"


def _open(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        said = str(error).lower()
        if "password" in said:
            reason = "it is password-protected: remove the password"
        elif "security" in said:
            reason = "it is protected in a way that is not known: save it unprotected"
        else:
            reason = "it is not a PDF, or damaged: save it again"
        raise ReadingError(f"cannot read the PDF: {reason}") from error


def _read_pages(opened: pypdfium2.PdfDocument) -> tuple[list[Page], list[int]]:
    pages, damaged = [], []
    for number in range(1, len(opened) + 1):
        try:
            pages.append(read_page(opened, number))
        except pypdfium2.PdfiumError:
            damaged.append(number)
    return pages, damaged


def _is_empty(page: Page, items: Sequence[Line | Table]) -> bool:
    """A page with a picture of text and no text; one with nothing on it at all is only blank."""
    if items and not (page.scanned and _length(items) < _LEAST_TEXT):
        return False
    return page.draws or page.unreadable


def _length(items: Iterable[Line | Table]) -> int:
    return sum(len(item.text) if isinstance(item, Line) else _LEAST_TEXT for item in items)


def _recognise(opened: pypdfium2.PdfDocument, pages: Sequence[Page]) -> _Reading:
    read = _Reading(ocr.find() if pages else None, tried=bool(pages))
    if read.recogniser is None:
        return read
    for page in pages[: ocr.MOST_PAGES]:
        if read.recogniser.exhausted:
            break
        paragraphs = read.recogniser.read(_picture(opened, page.number))
        if paragraphs:
            read.paragraphs[page.number] = paragraphs
    found = without_running_paragraphs(read.paragraphs)
    read.paragraphs = {number: texts for number, texts in found.items() if texts}
    return read


def _picture(opened: pypdfium2.PdfDocument, number: int) -> ocr.Picture:
    page = opened[number - 1]
    try:
        drawn = page.render(scale=ocr.scale(*page.get_size()), grayscale=True)
        pixels = drawn.to_numpy()
        return ocr.Picture(drawn.width, drawn.height, pixels.reshape(drawn.height, -1).tobytes())
    finally:
        page.close()


def _merge(blocks: Sequence[Block], read: dict[int, list[str]]) -> Iterator[Block]:
    """Pages that were read from pictures, at their place among the others."""
    waiting = sorted(read)
    for block in blocks:
        while waiting and block.page is not None and waiting[0] <= block.page:
            number = waiting.pop(0)
            yield from (Block(text, page=number) for text in read[number])
        yield block
    for number in waiting:
        yield from (Block(text, page=number) for text in read[number])


def _nothing(count: int, read: _Reading, damaged: Sequence[int]) -> str:
    if damaged and not count:
        return "cannot read the PDF: its pages are damaged: save it again"
    where = "on its page" if count == 1 else f"on any of its {count} pages"
    reason = f"; {read.why_not(count)}" if read.tried else ""
    return f"not searchable: no text {where}{reason}; supply a PDF with text"


def _notices(pages: Sequence[Page], silent: Sequence[int], read: _Reading) -> Iterator[str]:
    if silent:
        yield f"{_listed(silent)}: no text, and {read.why_not(len(silent))}: not searchable"
    if read.paragraphs:
        yield f"{_listed(sorted(read.paragraphs))}: read from a picture by OCR, may contain errors"
    unread = {*silent, *read.paragraphs}
    layered = [p.number for p in pages if p.scanned and p.items and p.number not in unread]
    if layered:
        yield f"{_listed(layered)}: a scan with text that OCR put there, may contain errors"
    hidden = [page for page in pages if page.hidden]
    if hidden:
        start = hidden[0].hidden
        shown = start[:_MOST_SHOWN] + ("…" if len(start) > _MOST_SHOWN else "")
        listed = _listed([page.number for page in hidden])
        yield f"{listed}: hidden text was left out, beginning {shown!r}"


def _damage(damaged: Sequence[int]) -> Iterator[str]:
    if damaged:
        yield f"{_listed(damaged)}: damaged, not searchable"


def _listed(numbers: Sequence[int]) -> str:
    """Page numbers in words, runs together: "pages 1, 3-5"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    named = ["-".join(map(str, run)) for run in runs[:_MOST_LISTED]]
    more = " and more" if len(runs) > _MOST_LISTED else ""
    return f"{'page' if len(numbers) == 1 else 'pages'} {', '.join(named)}{more}"
