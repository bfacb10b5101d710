"""Lines that may open a clause, under each of the ways clauses are numbered.

Whether one does is for the walk to say, from the numbers around it: a line opening with
第三条规定的… looks like an article and is a cross-reference.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from knowledge.numerals import HAN_NUMBER, number_of
from knowledge.reading.labels import (
    ANSWER,
    ARTICLE,
    BRACKETED,
    CLAUSE,
    KEYWORD,
    OUTLINE,
    PLAIN,
    QUESTION,
)
from knowledge.splitting.lines import Line

Key = tuple[int, ...]
"""A number part by part, each in hundredths, so that inserted ones fit between: 12A is 1201."""

WHOLE = 100
ARTICLE_KIND = "article"
SECTION_KIND = "section"

_LARGEST_STEP = 10 * WHOLE
"""Repealed clauses leave gaps; a number further ahead than this is a reference."""
_REFERENCE = re.compile(
    r"[的所、和至及或与，,或]|规定|第|款|项|之|中(?![国小央介期])|以[上下外]|"
    r"\(\s*[\da-z一二三四五六七八九十]{1,3}\s*\)\s*[项款的规]"
)
_NAMES_ITEM = re.compile(
    r"第[一二三四五六七八九十\d]+[款项目]|\([^)]{1,4}\)\s*(?:of|and|or|above)\b"
)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


class Scheme(Enum):
    """A way of numbering clauses."""

    ARTICLE = "第十二条"
    DOTTED = "3.2, 3., Article 3, Section 3.2"
    OUTLINE = "一、（一）1."
    QUESTION = "问：答："


@dataclass(slots=True, eq=False)
class Start:
    """A line that may open a clause.

    `key` is its number (for an outline, its own place at `level` alone; for a question without a
    number, empty). `rest` is where its words begin in the line. `strong` lines are set off from
    their number, as clauses are and references seldom. `stop` is what follows a lone figure.
    """

    scheme: Scheme
    key: Key
    number: str
    label: str
    rest: int
    strong: bool = True
    stop: str = "."
    level: int = 1
    kind: str = ""


def starts_of(lines: Sequence[Line], scheme: Scheme) -> Iterator[tuple[int, Start]]:
    """The lines that would open a clause under a scheme, and how."""
    read, firsts = _READERS[scheme]
    for at, line in enumerate(lines):
        if line.head and line.head[0] in firsts and (start := read(line)) is not None:
            yield at, start


def _article(line: Line) -> Start | None:
    found = ARTICLE.match(line.head)
    if not found:
        return None
    number = number_of(found["number"])
    inserted = number_of(found["inserted"]) if found["inserted"] else 0
    if number is None or inserted is None:
        return None
    written = f"{number}-{inserted}" if inserted else str(number)
    rest = line.text[found.end() :]
    strong = not rest or bool(found["gap"]) or rest[0] in "【[：:"
    label = line.text[: found.end()].strip()
    return Start(Scheme.ARTICLE, (number * WHOLE + inserted,), written, label, found.end(), strong)


def _dotted(line: Line) -> Start | None:
    first = line.head[0]
    if first.isdigit():
        found = CLAUSE.match(line.head)
        if found:
            return _numbered(line, found["number"], found["number"], found.end())
        found = PLAIN.match(line.head)
        if found and found["number"].strip("0"):
            stop = found["stop"] or ""
            return _numbered(line, found["number"], found["number"], found.end(), stop=stop)
    else:
        found = KEYWORD.match(line.head)
        if found:
            kind = ARTICLE_KIND if found["kind"][0] == "A" else SECTION_KIND
            label = line.text[: found.end("number")]
            return _numbered(line, found["number"], label, found.end(), kind=kind)
    return None


def _numbered(
    line: Line, number: str, label: str, rest: int, *, stop: str = ".", kind: str = ""
) -> Start | None:
    words = line.text[rest : rest + 1]
    if words.islower() or (kind and _NAMES_ITEM.match(line.head, rest)):
        return None
    key = key_of(number)
    return (
        Start(Scheme.DOTTED, key, written_as(key), label, rest, stop=stop, kind=kind)
        if key
        else None
    )


def _outline(line: Line) -> Start | None:
    head = line.head
    if head[0] == "(":
        found, level = BRACKETED.match(head), 2
    elif head[0].isdigit():
        found, level = PLAIN.match(head), 3
        if found and not found["stop"]:
            return None
    else:
        found, level = OUTLINE.match(head), 1
    number = number_of(found["number"]) if found else None
    if not found or not number:
        return None
    label = line.text[: found.end()].rstrip(" \u3000、.．:：")
    return Start(Scheme.OUTLINE, (number * WHOLE,), str(number), label, found.end(), level=level)


def _question(line: Line) -> Start | None:
    found = QUESTION.match(line.head)
    if not found:
        return None
    number = number_of(found["number"]) if found["number"] else None
    key = (number * WHOLE,) if number else ()
    return Start(Scheme.QUESTION, key, str(number or ""), found["label"].strip(), found.end())


_FIGURES = frozenset("0123456789")
_READERS = {
    Scheme.ARTICLE: (_article, frozenset("第")),
    Scheme.DOTTED: (_dotted, _FIGURES | set("ASCRP§")),
    Scheme.OUTLINE: (_outline, _FIGURES | set(HAN_NUMBER) | {"("}),
    Scheme.QUESTION: (_question, frozenset("问Q")),
}
"""How each is read, and what a line that is one begins with."""


def is_answer(line: Line) -> bool:
    """Whether a line opens the answer to a question."""
    return bool(line.head) and line.head[0] in "答A" and ANSWER.match(line.head) is not None


def key_of(number: str) -> Key:
    """The key of "3.2", "12A" or "IV"; () when it is no number."""
    if number[0] in _ROMAN_VALUES:
        value = _roman(number)
        return (value * WHOLE,) if value else ()
    parts = []
    for part in number.split("."):
        letter = part[-1] if part[-1].isalpha() else ""
        inserted = ord(letter) - ord("A") + 1 if letter else 0
        parts.append(int(part.removesuffix(letter)) * WHOLE + inserted)
    return tuple(parts)


def written_as(key: Key) -> str:
    """A key as the one way to write it: 1.01 and 1.1 are "1.1", XII is "12"."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return ".".join(
        f"{part // WHOLE}{letters[part % WHOLE - 1] if part % WHOLE else ''}" for part in key
    )


def _roman(number: str) -> int:
    values = [_ROMAN_VALUES[digit] for digit in number]
    later = [*values[1:], 0]
    total = sum(-one if one < two else one for one, two in zip(values, later, strict=True))
    return max(0, total)


class Run:
    """Where each number of a stretch of lines stands, to tell a gap from a reference."""

    def __init__(self, starts: Sequence[tuple[int, Start]], lines: Sequence[Line]) -> None:
        self._last: dict[Key, int] = {}
        for at, start in starts:
            if start.strong and not refers(start, lines[at]):
                self._last[start.key] = at

    def comes_after(self, key: Key, at: int) -> bool:
        """Whether a line that clearly opens this number comes later."""
        return self._last.get(key, -1) > at

    def fits(self, start: Start, line: Line, at: int, last: Key) -> bool:
        """Whether a clause's number may follow the last one; if not, its line is text."""
        key = start.key
        if key <= last or _NAMES_ITEM.match(line.head, start.rest):
            return False
        doubtful = refers(start, line)
        if follows(key, last):
            return not doubtful or (start.strong and not self.comes_after(key, at))
        if doubtful or not start.strong:
            return False
        if not _near(key, last) and (last or not self._goes_on(key, at)):
            return False
        missing = (number for number in _successors(last) if number < key)
        return not any(self.comes_after(number, at) for number in missing)

    def _goes_on(self, key: Key, at: int) -> bool:
        """Whether a number that follows this one comes later."""
        return any(self.comes_after(after, at) for after in _successors(key))


def refers(start: Start, line: Line) -> bool:
    """Whether the words after a number read on as a mention of it."""
    return start.scheme is Scheme.ARTICLE and bool(_REFERENCE.match(line.head, start.rest))


def follows(key: Key, last: Key) -> bool:
    """Exactly the next number at some depth: 13 or 12-1 after 12; 3.3, 4.1 or 3.2.1 after 3.2."""
    shared = _shared(key, last)
    reached = last[shared] if shared < len(last) else 0
    is_next = (
        key[shared] in (_next_whole(reached), reached + 1) if reached else (key[shared] <= WHOLE)
    )
    return is_next and all(part <= WHOLE for part in key[shared + 1 :])


def _near(key: Key, last: Key) -> bool:
    shared = _shared(key, last)
    reached = last[shared] if shared < len(last) else 0
    return key[shared] - reached <= _LARGEST_STEP and all(
        part <= _LARGEST_STEP for part in key[shared + 1 :]
    )


def _shared(key: Key, last: Key) -> int:
    shared = 0
    while shared < min(len(key), len(last)) and key[shared] == last[shared]:
        shared += 1
    return shared


def _next_whole(part: int) -> int:
    return (part // WHOLE + 1) * WHOLE


def _successors(last: Key) -> list[Key]:
    found: list[Key] = [(*last, WHOLE)]
    for depth, part in enumerate(last):
        for after in (part + 1, _next_whole(part)):
            found += [(*last[:depth], after), (*last[:depth], after, WHOLE)]
    return found if last else [(WHOLE,), (WHOLE, WHOLE)]
