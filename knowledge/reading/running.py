"""What a PDF's pages carry beside their text: running heads and feet, page numbers, contents."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from knowledge.numerals import HAN_NUMBER
from knowledge.reading.labels import opens_paragraph
from knowledge.reading.printed import Line, Page, Table

MARGIN = 0.1
"""The share of a page's height, at its top and bottom, where running lines stand."""

_NUMBER = rf"(?:\d{{1,4}}|[{HAN_NUMBER}]{{1,5}}|[ivxlc]{{1,6}}|[IVXLC]{{1,6}})"
_DASH = r"[-–—―~·•.|/\[\]()（）【】\s]*"
_PAGE_NUMBER = re.compile(
    rf"{_DASH}第\s*{_NUMBER}\s*页{_DASH}[,，;；]?\s*(?:[共总]\s*(?:计\s*)?{_NUMBER}\s*页)?{_DASH}"
    rf"|{_DASH}(?:Page|Pg\.?|P\.|页码|页)\s*[:：]?\s*{_NUMBER}(?:\s*(?:of|/|共)\s*{_NUMBER})?{_DASH}"
    rf"|{_DASH}(?:\d{{1,4}}|[ivxlc]{{1,6}}|[-–—―]\s*[{HAN_NUMBER}]{{1,5}}\s*[-–—―])"
    rf"(?:\s*(?:/|of)\s*\d{{1,4}})?{_DASH}"
    rf"|共\s*{_NUMBER}\s*页",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"\d+|第[{HAN_NUMBER}]+(?=[页章节篇编])")
_SAME_HEIGHT = 4.0
"""Points by which a running line's height may differ from page to page."""
_MOST = 0.6
_FEWEST_PAGES = 3
_MOST_RUNNING = 3
_MIDDLE = 0.5

_LEADER = re.compile(
    r"(?:\.{4,}|(?:\. ){3,}\.?|…{2,}|(?:· ?){4,}|[-_]{6,})\s*[(（]?\d{1,4}[)）]?\s*$"
)
_NUMBER_AT_END = re.compile(r"\S[\s　]+\d{1,4}$")
_CONTENTS = re.compile(r"目\s*[录次]|(?:Table\s+of\s+)?Contents", re.IGNORECASE)
_ENOUGH_LEADERS = 3


def without_running_lines(pages: Sequence[Page]) -> list[list[Line | Table]]:
    """Each page's items without running lines, page numbers and entries of the contents."""
    lines = [item for page in pages for item in page.items if isinstance(item, Line)]
    repeated = _repeated(lines, len(pages), _set_apart(pages))
    kept = [
        [item for item in page.items if isinstance(item, Table) or id(item) not in repeated]
        for page in pages
    ]
    return _without_contents(kept)


def without_running_paragraphs(pages: Mapping[int, Sequence[str]]) -> dict[int, list[str]]:
    """The same for pages whose lines' places are not known: page number to paragraphs."""
    counts = Counter(
        shape for texts in pages.values() for shape in {_plain_shape(t) for t in texts}
    )
    often = max(_FEWEST_PAGES, _MOST * len(pages))
    return {
        number: [
            text
            for text in texts
            if not _PAGE_NUMBER.fullmatch(text) and counts[_plain_shape(text)] < often
        ]
        for number, texts in pages.items()
    }


def _set_apart(pages: Iterable[Page]) -> set[int]:
    """The few lines (by identity) at a page's edge that a gap sets apart from its text."""
    found: set[int] = set()
    for page in pages:
        lines = sorted(
            (item for item in page.items if isinstance(item, Line)), key=lambda line: -line.top
        )
        upper, lower = (
            [line for line in lines if (line.depth > _MIDDLE) == down] for down in (0, 1)
        )
        for run in (lines[: len(upper) + 1], lines[::-1][: len(lower) + 1]):
            for n, (outer, inner) in enumerate(itertools.pairwise(run[: _MOST_RUNNING + 1])):
                gap = max(outer.bottom - inner.top, inner.bottom - outer.top)
                if gap > outer.top - outer.bottom:
                    found.update(map(id, run[: n + 1]))
                    break
    return found


def _repeated(lines: Iterable[Line], pages: int, apart: set[int]) -> set[int]:
    """The lines (by identity) that stand at the same height of several pages, or number them."""
    alike: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        alike[_shape(line)].append(line)
    found: set[int] = set()
    running_heights: list[float] = []
    for same in alike.values():
        for group in _by_height(same):
            often = len({line.page for line in group})
            in_margin = _in_margin(group[0])
            everywhere = often >= max(_FEWEST_PAGES, _MOST * pages) and all(
                id(line) in apart and _near_edge(line) for line in group
            )
            if (often > 1 and in_margin) or everywhere:
                found.update(map(id, group))
                if in_margin and often > 1:
                    running_heights += [_from_edge(line) for line in group]
    in_margins = [line for same in alike.values() for line in same if _in_margin(line)]
    found.update(id(line) for line in in_margins if _PAGE_NUMBER.fullmatch(line.text))
    others = [line for line in in_margins if id(line) in apart - found]
    return found | _at_running_heights(others, running_heights)


def _at_running_heights(lines: Iterable[Line], heights: Sequence[float]) -> set[int]:
    """A chapter of one page has its own running head: it stands where the others do."""
    counts = Counter(round(height) for height in heights)
    usual = {height for height, count in counts.items() if count >= _FEWEST_PAGES}
    others = {id(line) for line in lines if round(_from_edge(line)) in usual}
    # Text that begins at the height of running lines is not one of them: there would be many.
    return others if len(others) * 2 < len(heights) else set()


def _by_height(lines: Iterable[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in sorted(lines, key=_from_edge):
        if groups and _from_edge(line) - _from_edge(groups[-1][-1]) <= _SAME_HEIGHT:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _from_edge(line: Line) -> float:
    """How far a line stands from the page's lower edge, or below zero from its upper."""
    middle = (line.bottom + line.top) / 2
    height = middle / (1 - line.depth) if line.depth < 1 else middle
    return middle if line.depth > _MIDDLE else middle - height


def _near_edge(line: Line) -> bool:
    return line.depth < 2 * MARGIN or line.depth > 1 - 2 * MARGIN


def _in_margin(line: Line) -> bool:
    return line.depth < MARGIN or line.depth > 1 - MARGIN


def _shape(line: Line) -> str:
    """A line with its numbers left out; a clause's number tells it from others like it."""
    return _plain_shape(line.text)


def _plain_shape(text: str) -> str:
    text = " ".join(text.split())
    return text if opens_paragraph(text) else _COUNTED.sub("#", text)


def _without_contents(pages: Sequence[list[Line | Table]]) -> list[list[Line | Table]]:
    """Entries of a table of contents are no clauses, however they are numbered."""
    kept = []
    going_on = False
    for items in pages:
        entries = [n for n, item in enumerate(items) if isinstance(item, Line) and _is_entry(item)]
        heading = next(
            (
                n
                for n, item in enumerate(items)
                if isinstance(item, Line) and _CONTENTS.fullmatch(item.text)
            ),
            None,
        )
        if heading is not None and len(entries) < _ENOUGH_LEADERS:
            entries = _numbered_after(items, heading)
        if len(entries) < (1 if going_on else _ENOUGH_LEADERS):
            kept.append(items)
            going_on = False
            continue
        first, last = entries[0], entries[-1]
        start = heading if heading is not None and heading < first else first
        # Between entries stand the first lines of those that take two.
        dense = len(entries) * 2 >= last - first + 1
        dropped = set(range(start, last + 1)) if dense else {*entries, start}
        kept.append([item for n, item in enumerate(items) if n not in dropped])
        going_on = last >= len(items) - 2
    return kept


def _is_entry(line: Line) -> bool:
    return bool(_LEADER.search(line.text))


def _numbered_after(items: Sequence[Line | Table], heading: int) -> list[int]:
    """The lines after the word "Contents" that end in a page's number, without leaders."""
    found = []
    for n, item in enumerate(items[heading + 1 :], start=heading + 1):
        if not isinstance(item, Line) or not _NUMBER_AT_END.search(item.text):
            break
        found.append(n)
    return found
