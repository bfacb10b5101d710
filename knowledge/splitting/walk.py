"""One pass over lines under one numbering scheme: which open clauses, which head them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from knowledge.splitting.headings import (
    ANNEX_RANK,
    PART_RANK,
    SECTION_RANK,
    Heading,
    annex_of,
    chapter_of,
    marked,
    without_continued,
)
from knowledge.splitting.lines import LONGEST_HEADING, Line, ends_sentence, is_title
from knowledge.splitting.openers import (
    WHOLE,
    Key,
    Run,
    Scheme,
    Start,
    follows,
    is_answer,
    starts_of,
    written_as,
)

_ANSWER_WITHIN = 6
_LONGEST_SLUG = 24
_PLAIN_STEP = 3 * WHOLE
"""The furthest a lone figure ("5.") may be ahead of the one before: lists count so too."""


@dataclass(slots=True, eq=False)
class Part:
    """What becomes a clause: its lines, the first from character `rest` on.

    `key` is empty for text that has no number of its own and hangs on its heading.
    """

    number: str
    label: str
    path: tuple[Heading, ...]
    lines: list[Line]
    rest: int = 0
    key: Key = ()

    @property
    def opening(self) -> str:
        """The words of its first line."""
        return self.lines[0].text[self.rest :].strip()

    @property
    def is_title(self) -> bool:
        """Whether its first line is a title by its looks."""
        return is_title(self.opening)


@dataclass(slots=True)
class Walked:
    """What a walk made of its lines: each is in exactly one of the three."""

    parts: list[Part] = field(default_factory=list)
    headings: list[Line] = field(default_factory=list)
    left_out: list[Line] = field(default_factory=list)
    scheme: Scheme | None = None
    accepted: int = 0
    refused: int = 0
    first: Key = ()
    """The key of the first clause."""
    titles: int = 0
    """How many clauses' first lines are titles by their looks."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that are numbered by themselves: the main text, an annex, the text in a language.

    `name` precedes the numbers of its clauses ("annex-1"), "" in the main text.
    """

    name: str
    lines: Sequence[Line]
    annex: Heading | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """A list inside a clause: the number of its next entry, and how its entries look."""

    number: int
    stop: str
    titled: bool


_NO_LIST = _List(0, "", titled=False)


class Starts:
    """The lines of a stretch that may open clauses under one scheme, and what they say together."""

    def __init__(self, lines: Sequence[Line], scheme: Scheme | None) -> None:
        """`scheme` is None where nothing is numbered and headings alone make clauses."""
        self.scheme = scheme
        self._starts = dict(starts_of(lines, scheme)) if scheme else {}
        starts = self._starts.values()
        self.top = min((start.level for start in starts), default=1)
        self.dotted = sum(len(start.key) > 1 for start in starts) > 1
        self._run = Run([(at, s) for at, s in self._starts.items() if s.level == self.top], lines)
        kinds = [start.kind for start in starts if start.kind and len(start.key) == 1]
        self._outer = kinds[0] if len(set(kinds)) > 1 else ""
        self._introduced = self._introducing()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._starts)

    def at(self, index: int) -> Start | None:
        """How the line of this index may open a clause."""
        return self._starts.get(index)

    def is_outer(self, start: Start) -> bool:
        """Whether it is one of the Articles over Sections (or the reverse): a heading."""
        return bool(self._outer) and start.kind == self._outer and len(start.key) == 1

    def introduces(self, index: int) -> bool:
        """Whether clauses of this line's number follow it: 2 before 2.1."""
        return self._introduced.get(self._starts[index].key[0]) == index

    def is_taken(self, start: Start) -> bool:
        """Whether some line introduces clauses of this number."""
        return start.key[0] in self._introduced

    def fits(self, start: Start, line: Line, index: int, last: Key) -> bool:
        """Whether its number may follow the last one."""
        return self._run.fits(start, line, index, last)

    def _introducing(self) -> dict[int, int]:
        """For each first part of a number, the lone figure that its clauses follow."""
        found: dict[int, int] = {}
        seen: set[int] = set()
        singles: dict[int, int] = {}
        for index, start in self._starts.items():
            if len(start.key) == 1:
                singles[start.key[0]] = index
            elif start.key and start.key[0] not in seen:
                seen.add(start.key[0])
                if start.key[0] in singles:
                    found[start.key[0]] = singles[start.key[0]]
        return found


class Walk:
    """The walk over the lines of one stretch: the main text, or an annex."""

    def __init__(self, stretch: Stretch, starts: Starts, title: str) -> None:
        """`starts` are those of the stretch's lines under the scheme that is tried."""
        self._lines = stretch.lines
        self._scheme = starts.scheme
        self._title = title
        self._base = f"{stretch.name}/" if stretch.name else ""
        self._prefix = self._base
        self._path = [stretch.annex] if stretch.annex else []
        self._starts = starts
        self._last: Key = ()
        self._levels: tuple[int, ...] = ()
        self._open: Part | None = None
        self._fresh: Heading | None = None
        self._list = _NO_LIST
        self._walked = Walked(scheme=starts.scheme)

    def run(self) -> Walked:
        """Walk over all lines."""
        for at, line in enumerate(self._lines):
            start = self._starts.at(at)
            if start is not None and self._admit(start, line, at):
                self._begin(start, line)
            elif (heading := self._heading(line, at)) is not None:
                self._walked.refused += start is not None
                self._enter(heading, line)
            else:
                self._walked.refused += start is not None
                self._add(line)
        return self._walked

    # Which lines open clauses.

    def _admit(self, start: Start, line: Line, at: int) -> bool:
        if start.scheme is Scheme.QUESTION:
            return self._admit_question(start, at)
        if self._starts.is_outer(start):
            return False
        if start.scheme is Scheme.OUTLINE and not self._place(start, line):
            return False
        if start.scheme is Scheme.DOTTED and len(start.key) == 1 and not start.kind:
            return self._admit_lone(start, line, at)
        return self._fits(start, line, at)

    def _fits(self, start: Start, line: Line, at: int) -> bool:
        return self._starts.fits(start, line, at, self._last) or self._restarts(start)

    def _restarts(self, start: Start) -> bool:
        """Whether numbers begin again under a heading that has just been entered."""
        heading = self._fresh
        if heading is None or start.key > self._last:
            return False
        if not start.strong or not follows(start.key, ()):
            return False
        self._prefix = f"{self._base}{heading.number or slug(heading.text)}/"
        self._last = ()
        return True

    def _admit_lone(self, start: Start, line: Line, at: int) -> bool:
        """Whether "5 Fees" or "5." counts clauses, and not the entries of a list inside one."""
        number = start.key[0] // WHOLE
        entry = (
            self._list if self._list.number == number and self._list.stop == start.stop else None
        )
        fits = self._fits(start, line, at)
        if fits and line.block.level is None and not self._starts.introduces(at):
            fits = self._counts(start, line, entry)
        if not fits:
            begun = number == 1 or entry is not None
            titled = is_title(line.text[start.rest :])
            self._list = _List(number + 1, start.stop, titled) if begun else _NO_LIST
        return fits

    def _counts(self, start: Start, line: Line, entry: "_List | None") -> bool:
        titled = is_title(line.text[start.rest :])
        if self._starts.is_taken(start):
            return False
        if not start.stop or self._starts.dotted:
            return titled and entry is None and follows(start.key, self._last)
        if entry is not None:
            # It could go on with the list as well: only looking unlike its entries tells.
            return titled and not entry.titled
        return not self._last or start.key[0] - self._last[0] <= _PLAIN_STEP

    def _place(self, start: Start, line: Line) -> bool:
        """Give an outline's number its place below the one that is open, if it can have one."""
        if not self._levels and start.level != self._starts.top:
            return False
        depth = sum(level < start.level for level in self._levels)
        if depth and (line.text[-1] in "；;" or not self._heads(self._last[:depth])):
            return False
        start.key = (*self._last[:depth], start.key[-1])
        return True

    def _heads(self, key: Key) -> bool:
        """Whether the outline's clause of this number is, or may become, a heading."""
        if self._open and self._open.key == key:
            return self._open.is_title and not ends_sentence(self._open.lines[-1].text[-1:])
        return any(heading.key == key for heading in self._path)

    def _admit_question(self, start: Start, at: int) -> bool:
        after = self._lines[at + 1 : at + 1 + _ANSWER_WITHIN]
        if not any(is_answer(line) for line in after) and "答：" not in self._lines[at].text:
            return False
        if not start.key:
            start.key = ((self._last[0] if self._last else 0) + WHOLE,)
            start.number = str(start.key[0] // WHOLE)
            start.label += start.number
        return start.key > self._last or self._restarts(start)

    # What becomes of a line.

    def _begin(self, start: Start, line: Line) -> None:
        self._turn_into_heading(start)
        key = start.key
        self._path = [h for h in self._path if not h.key or h.key == key[: len(h.key)] != key]
        self._last = key
        self._fresh = None
        self._list = _NO_LIST
        number, label = start.number, start.label
        if start.scheme is Scheme.OUTLINE:
            self._levels = (*self._levels[: len(key) - 1], start.level)
            number = written_as(key)
            above = [h for h in self._path if h.key]
            label = above[-1].label + label if above else label
        elif start.scheme is Scheme.QUESTION:
            number = f"q{number}"
        part = Part(self._prefix + number, label, tuple(self._path), [line], start.rest, key)
        self._open = part
        walked = self._walked
        walked.parts.append(part)
        walked.first = walked.first or key
        walked.accepted += 1
        walked.titles += part.is_title

    def _turn_into_heading(self, start: Start) -> None:
        """3.2 that only holds a title becomes a heading when 3.2.1 follows it."""
        part = self._open
        if part is None or not part.key or not part.is_title:
            return
        if len(start.key) <= len(part.key) or start.key[: len(part.key)] != part.key:
            return
        titles = 1 if part.opening or len(part.lines) == 1 else 2
        words = " ".join((part.opening, *(line.text for line in part.lines[1:titles]))).strip()
        rank = SECTION_RANK + len(part.key) - 1
        text = f"{part.label} {words}".strip()
        heading = Heading(rank, text, part.label, part.number, part.key)
        self._push(heading)
        self._walked.headings += part.lines[:titles]
        del part.lines[:titles]
        if part.lines:
            part.rest = 0
            part.path = tuple(self._path)
        else:
            self._walked.parts.pop()

    def _heading(self, line: Line, at: int) -> Heading | None:
        if len(line.text) > LONGEST_HEADING:
            return None
        if line.text == self._title and line.block.level is None:
            return Heading(0, line.text)
        return chapter_of(line) or marked(line) or self._other_heading(line, at)

    def _other_heading(self, line: Line, at: int) -> Heading | None:
        """An Article over Sections, 一、 right above an article, the annex's own name again."""
        start = self._starts.at(at)
        if start is not None and self._starts.is_outer(start):
            number = f"{start.kind}-{start.number}"
            return Heading(PART_RANK, line.text, start.label, number)
        if self._scheme is Scheme.ARTICLE and self._starts.at(at + 1) is not None:
            above = next((start for _, start in starts_of([line], Scheme.OUTLINE)), None)
            if above is not None and above.level == 1 and is_title(line.text):
                return Heading(SECTION_RANK + 1, line.text, above.label, f"section-{above.number}")
        if self._path and self._path[0].rank == ANNEX_RANK and (annex := annex_of(line)):
            return replace(self._path[0], text=annex.text) if annex.text in self._texts() else None
        return None

    def _enter(self, heading: Heading, line: Line) -> None:
        text = without_continued(heading.text)
        if text == self._title or text in self._texts():
            repeated = self._open is not None or self._walked.parts or text != self._title
            (self._walked.left_out if repeated else self._walked.headings).append(line)
            return
        self._walked.headings.append(line)
        self._open = None
        self._list = _NO_LIST
        self._fresh = heading
        self._push(heading)

    def _texts(self) -> set[str]:
        return {heading.text for heading in self._path}

    def _push(self, heading: Heading) -> None:
        self._path = [above for above in self._path if above.rank < heading.rank]
        self._path.append(heading)

    def _add(self, line: Line) -> None:
        """Text without a number of its own: it goes on in its clause, or hangs on its heading."""
        if self._fresh and self._fresh.rank > PART_RANK:
            self._fresh = None
        if self._is_running(line):
            self._walked.left_out.append(line)
        elif self._open is not None:
            self._open.lines.append(line)
        else:
            self._open = Part("", "", tuple(self._path), [line])
            self._walked.parts.append(self._open)

    def _is_running(self, line: Line) -> bool:
        """Whether a page's head repeats the clause's own title, or a heading above it."""
        if not self._open or len(line.text) > LONGEST_HEADING or line.header is not None:
            return False
        text = without_continued(line.text)
        if self._open.key and text == self._open.lines[0].text and self._open.is_title:
            return True
        return line.block.page is not None and any(text == above.text for above in self._path)


def slug(text: str) -> str:
    """A short number for what has only words: the words, or their beginning and a digest."""
    words = "-".join(text.casefold().split())
    if len(words) <= _LONGEST_SLUG:
        return words
    return f"{words[: _LONGEST_SLUG - 7]}-{hashlib.sha256(words.encode()).hexdigest()[:6]}"
