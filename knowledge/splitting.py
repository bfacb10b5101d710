"""Documents into clauses: the atoms that are found, quoted and cited.

A clause is an article (第十二条, Article 12) or a numbered paragraph (3.2). What a line is follows
from its number fitting the sequence, not from its look: 第三条规定的… at the start of a line is a
cross-reference. Headings belong to the clauses under them and are no clauses themselves.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from knowledge.errors import ReadingError
from knowledge.numerals import number_of
from knowledge.reading.document import Block, Document
from knowledge.reading.labels import (
    ANNEX,
    ARTICLE,
    CHAPTER,
    CLAUSE,
    ENGLISH_ARTICLE,
    ITEM,
    SECTION,
)

LONGEST_CLAUSE = 1_500
PIECE = 1_200
OVERLAP = 150
HEADING_JOINT = " › "

_LONGEST_HEADING = 80
_LARGEST_STEP = 10
"""Repealed clauses leave gaps; a number further ahead than this is a reference."""
_REFERENCE = re.compile(r"[的所、和至及或与]|规定|第|款|项|之")
_ENDS_SENTENCE = re.compile(r"[。；：.;:]$")
_RANKS = {"annex": 1, "编": 2, "篇": 2, "章": 3, "节": 4, "section": 3}
_RANK_OF_LEVEL = 1

Key = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `number` is normalised ("12", "12-1", "3.2"), `label` as printed ("第十二条").

    `text` is without the label; its items and table rows stand on lines of their own. Inside an
    annex the number is preceded by the annex's ("annex-1/3"). Pieces of a long clause share
    number and label.
    """

    number: str
    label: str
    heading: str
    text: str
    page: int | None


@dataclass(frozen=True, slots=True)
class _Start:
    """A line that opens a clause under one numbering scheme."""

    key: Key
    number: str
    label: str
    rest: str
    gap: bool


@dataclass(frozen=True, slots=True)
class _Heading:
    rank: int
    text: str
    number: str


def split(document: Document, title: str) -> tuple[Clause, ...]:
    """The clauses of a document in order; ReadingError when nothing in it is numbered."""
    attempts = (_Walk(title, scheme).split(document.blocks) for scheme in _SCHEMES)
    best = max(attempts, key=len)
    if not best:
        raise ReadingError("no numbered clauses found: number them 第一条 or 1.1")
    return tuple(piece for clause in best for piece in _pieces(clause))


def _chinese_article(line: str) -> _Start | None:
    found = ARTICLE.match(line)
    if not found:
        return None
    number = number_of(found["number"].translate(_HALF_WIDTH)) or 0
    inserted = number_of(found["inserted"]) if found["inserted"] else None
    rest = line[found.end() :]
    key = (number, inserted or 0)
    written = f"{number}-{inserted}" if inserted else str(number)
    label = found[0].strip()
    return _Start(key, written, label, rest, gap=bool(found["gap"]) or not rest)


def _english_article(line: str) -> _Start | None:
    return _dotted(ENGLISH_ARTICLE.match(line), line)


def _decimal(line: str) -> _Start | None:
    return _dotted(CLAUSE.match(line), line)


def _dotted(found: re.Match[str] | None, line: str) -> _Start | None:
    if not found or line[found.end()].islower():
        return None
    key = tuple(int(part) for part in found["number"].split("."))
    label = found[0].strip().rstrip(":.")
    return _Start(key, found["number"], label, line[found.end() :], gap=True)


_SCHEMES: tuple[Callable[[str], _Start | None], ...] = (
    _chinese_article,
    _english_article,
    _decimal,
)
_HALF_WIDTH = {ord("０") + digit: ord("0") + digit for digit in range(10)}


@dataclass(slots=True)
class _Walk:
    """One pass over the blocks under one numbering scheme."""

    title: str
    scheme: Callable[[str], _Start | None]
    clauses: list[Clause] = field(default_factory=list)
    headings: list[_Heading] = field(default_factory=list)
    last: Key = ()
    section: int = 0
    annex: str = ""
    annexes: int = 0
    open: bool = False
    """Whether text that follows belongs to the last clause."""

    def split(self, blocks: Sequence[Block]) -> list[Clause]:
        for block in blocks:
            start = self.scheme(block.text)
            if start is not None and _fits(start, self.last):
                self._begin(start, block)
            elif (heading := self._heading(block)) is not None:
                self._enter(heading)
            else:
                self._add(block)
        # A document whose only clauses are loose text under headings has no numbering.
        return self.clauses if self.last or self.annexes else []

    def _begin(self, start: _Start, block: Block) -> None:
        self._turn_title_into_heading(start)
        self.last = start.key
        self.open = True
        number = f"{self.annex}/{start.number}" if self.annex else start.number
        text = start.rest.strip()
        self.clauses.append(Clause(number, start.label, self._path(), text, block.page))

    def _turn_title_into_heading(self, start: _Start) -> None:
        """3.2 that only holds a title becomes a heading when 3.2.1 follows it."""
        if not self.last or start.key[: len(self.last)] != self.last:
            return
        before = self.clauses[-1]
        if "\n" not in before.text and not _ENDS_SENTENCE.search(before.text):
            self.clauses.pop()
            rank = _RANKS["section"] + len(self.last)
            self._push(_Heading(rank, f"{before.label} {before.text}".strip(), before.number))

    def _heading(self, block: Block) -> _Heading | None:
        line = block.text.strip()
        if "\n" in line or len(line) > _LONGEST_HEADING:
            return None
        if (annex := ANNEX.match(line)) and not _ENDS_SENTENCE.search(line):
            number = annex["han"] or annex["latin"] or ""
            rest = (annex["rest"] or annex["latin_rest"] or "").strip(" 　:：.")
            label = line[: len(line) - len(rest)].strip(" 　:：.") if rest else line.rstrip(":：.")
            return _Heading(_RANKS["annex"], f"{label} {rest}".strip(), number)
        if (chapter := CHAPTER.match(line)) and not _ENDS_SENTENCE.search(line):
            label = line[: chapter.start("rest")].replace(" ", "")
            rest = chapter["rest"].strip(" 　:：")
            return _Heading(_RANKS[chapter["kind"]], f"{label} {rest}".strip(), label)
        if (section := SECTION.match(line)) and self._is_section(section, block):
            self.section = int(section["number"])
            text = f"{section['number']} {section['rest'].strip()}"
            return _Heading(_RANKS["section"], text, section["number"])
        if block.level is not None:
            return _Heading(_RANK_OF_LEVEL + block.level, line, line)
        return None

    def _is_section(self, found: re.Match[str], block: Block) -> bool:
        if block.level is not None:
            return True
        follows = int(found["number"]) == self.section + 1
        return follows and not _ENDS_SENTENCE.search(found["rest"])

    def _enter(self, heading: _Heading) -> None:
        self.open = False
        if heading.rank == _RANKS["annex"]:
            self.annexes += 1
            self.annex = f"annex-{_annex_number(heading.number) or self.annexes}"
            self.last, self.section = (), 0
        if heading.text != self.title:
            self._push(heading)

    def _push(self, heading: _Heading) -> None:
        self.headings = [h for h in self.headings if h.rank < heading.rank]
        self.headings.append(heading)

    def _path(self) -> str:
        return HEADING_JOINT.join(heading.text for heading in self.headings)

    def _add(self, block: Block) -> None:
        """Text without a number of its own: it goes on in its clause, or hangs on its heading."""
        text = _tidy_item(block.text.strip())
        if self.open:
            before = self.clauses[-1]
            self.clauses[-1] = replace(before, text=f"{before.text}\n{text}".strip())
        elif self.headings:
            heading = self.headings[-1]
            number = self.annex if heading.rank == _RANKS["annex"] else f"under-{heading.number}"
            self.open = True
            self.clauses.append(
                Clause(number, heading.text.split(" ")[0], self._path(), text, block.page)
            )


def _fits(start: _Start, last: Key) -> bool:
    """Whether a clause's number may follow the last one; if not, its line is text."""
    if start.key <= last:
        return False
    refers = bool(_REFERENCE.match(start.rest))
    if _next(start.key, last):
        return start.gap or not refers
    return start.gap and not refers and _near(start.key, last)


def _next(key: Key, last: Key) -> bool:
    """Exactly the next number at some depth: 13 or 12-1 after 12; 3.3, 4.1 or 3.2.1 after 3.2."""
    shared = 0
    while shared < min(len(key), len(last)) and key[shared] == last[shared]:
        shared += 1
    reached = last[shared] if shared < len(last) else 0
    return key[shared] == reached + 1 and all(part in (0, 1) for part in key[shared + 1 :])


def _near(key: Key, last: Key) -> bool:
    first = last[0] if last else 0
    return 0 <= key[0] - first <= _LARGEST_STEP and all(part <= _LARGEST_STEP for part in key[1:])


def _annex_number(written: str) -> str:
    value = number_of(written) if written else None
    return str(value) if value is not None else written.lower()


def _tidy_item(text: str) -> str:
    """An item's label and words as they are always joined: （一）text and (a) text."""
    found = ITEM.match(text)
    if not found or "\n" in text:
        return text
    label = found["label"]
    return label + ("" if label[0] == "（" or label[0] >= "①" else " ") + text[found.end() :]


def _pieces(clause: Clause) -> list[Clause]:
    if len(clause.text) <= LONGEST_CLAUSE:
        return [clause]
    # Loaded here: it takes most of a second, and few documents have so long a clause.
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=PIECE,
        chunk_overlap=OVERLAP,
        separators=["\n", "。", "；", ". ", "; ", "，", ", ", " ", ""],
        keep_separator="end",
    )
    header = _table_header(clause.text)
    texts = (piece.strip() for piece in splitter.split_text(clause.text))
    return [replace(clause, text=_with_header(text, header)) for text in texts if text]


def _table_header(text: str) -> str:
    return next((line for line in text.split("\n") if " | " in line), "")


def _with_header(piece: str, header: str) -> str:
    """A piece that opens inside a table, under the table's header row."""
    opens_in_table = header and " | " in piece.split("\n", maxsplit=1)[0]
    return f"{header}\n{piece}" if opens_in_table and header not in piece else piece
