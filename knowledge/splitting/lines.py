"""A document as lines with their places, and which of them are its table of contents."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.reading.document import Block, Document
from knowledge.reading.labels import ITEM, folded

LONGEST_HEADING = 80
_SHORTEST_CONTENTS = 3
"""So many headings in a row that all come again later are a table of contents."""

_LEADER = re.compile(r"(?:[.．·…‥_﹒・]\s*){4,}\s*[\dIVXivx]*$|…{2,}\s*\d*$|\t\s*\d{1,4}$")
_CONTENTS = re.compile(r"目\s*[录次]|(?:table of )?contents", re.IGNORECASE)
_PAGE = re.compile(r"[\s.．·…]*\d{1,4}$")
_ENDS_SENTENCE = re.compile(r"[。；：，.;:,][”’』」）)\"']*$")
_NUMBERED = re.compile(r"(?:第|[A-Z][a-z]+ )?[\d.一二三四五六七八九十百零〇]+\s*[编篇章节条、]?")


@dataclass(slots=True, eq=False)
class Line:
    """A line of a block: `text` without the space around it, `at` its place in the document.

    `head` is its beginning with full-width forms folded. `header` is the header row of the table
    it is a row of, None outside tables.
    """

    text: str
    at: int
    block: Block
    head: str
    header: str | None

    @property
    def end(self) -> int:
        """Where it ends in the document."""
        return self.at + len(self.text)


def lines_of(document: Document) -> list[Line]:
    """Every line that is not blank, in order."""
    found = []
    at = 0
    for block in document.blocks:
        header = None
        for raw in block.text.split("\n"):
            text = raw.strip()
            header = (header or text or None) if block.table else None
            if text:
                head = "" if block.table else folded(text)
                found.append(Line(text, at + raw.index(text), block, head, header))
            at += len(raw) + 1
    return found


def ends_sentence(text: str) -> bool:
    """Whether a line ends as sentences and list entries do, and headings do not."""
    return _ENDS_SENTENCE.search(text, max(0, len(text) - 4)) is not None


def is_title(text: str) -> bool:
    """Whether a line may be a heading by its looks: short, and not a sentence."""
    return len(text) <= LONGEST_HEADING and not ends_sentence(text) and "。" not in text


def has_han(text: str) -> bool:
    """Whether a text is Chinese, or partly."""
    return any("㐀" <= character <= "鿿" for character in text)


def tidy(text: str) -> str:
    """A line with the space after its item's label as it always is: （一）text and (a) text."""
    if text[0] not in "（(" and not "①" <= text[0] <= "⑳":
        return text
    found = ITEM.match(text)
    if not found:
        return text
    label = found["label"]
    joint = "" if label[0] == "（" or label[0] >= "①" else " "
    return label + joint + text[found.end() :]


def without_contents(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of the text, and those of its tables of contents."""
    last = {}
    for index, line in enumerate(lines):
        if len(line.text) <= LONGEST_HEADING:
            last[_unpaged(line.text)] = index
    dropped = {*_listed(lines), *_repeated(lines, last)}
    dropped |= {n for n, line in enumerate(lines) if _is_leader(line)}
    kept = [line for n, line in enumerate(lines) if n not in dropped]
    return kept, [lines[n] for n in sorted(dropped)]


def _is_leader(line: Line) -> bool:
    return (
        line.header is None
        and len(line.text) <= 2 * LONGEST_HEADING
        and _LEADER.search(line.text) is not None
    )


def _listed(lines: Sequence[Line]) -> Iterator[int]:
    """The lines under a heading 目录 or Contents, until they are not short or begin again."""
    reached = 0
    for start, heading in enumerate(lines):
        # The pages of a long one repeat its heading: that begins no other.
        if start < reached or len(heading.text) >= 20 or not _CONTENTS.fullmatch(heading.text):  # noqa: PLR2004
            continue
        seen: set[str] = set()
        reached = start + 1
        for line in itertools.islice(lines, start + 1, None):
            if line.header is not None or not is_title(line.text):
                break
            number = _NUMBERED.match(line.text)
            key = number[0] if number else _unpaged(line.text)
            if key in seen:
                break
            seen.add(key)
            reached += 1
        if reached - start > 2:  # noqa: PLR2004 - the heading and two entries
            yield from range(start, reached)


def _repeated(lines: Sequence[Line], last: dict[str, int]) -> Iterator[int]:
    """Runs of headings that all come again later, one after another."""
    run: list[int] = []
    for n, line in enumerate(lines):
        again = (
            line.header is None and is_title(line.text) and last.get(_unpaged(line.text), n) > n + 1
        )
        if again:
            run.append(n)
        if not again or n == len(lines) - 1:
            numbered = sum(_NUMBERED.match(lines[at].head) is not None for at in run)
            if len(run) >= _SHORTEST_CONTENTS and numbered * 2 >= len(run):
                yield from run
            run = []


def _unpaged(text: str) -> str:
    return _PAGE.sub("", text) or text if text[-1].isdigit() else text
