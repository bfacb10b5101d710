"""Headings: annexes, parts, chapters, sections and what the file itself marks as a heading."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.numerals import number_of
from knowledge.reading.labels import ANNEX, CHAPTER, PART
from knowledge.splitting.lines import LONGEST_HEADING, Line, ends_sentence
from knowledge.splitting.openers import Key, key_of, written_as

ANNEX_RANK = 1
PART_RANK = 2
SECTION_RANK = 3
"""Of 章, of English sections and of the headings a file marks as its second level."""

_RANKS = {"编": PART_RANK, "篇": PART_RANK, "部分": PART_RANK, "章": 3, "节": 4}
_NAMES = {"编": "part", "篇": "part", "部分": "part", "章": "chapter", "节": "section"}
_ENGLISH_RANKS = {"chapter": 3}
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_CONTINUED = ("（续）", "(续)", "(continued)", "(cont.)")
_GAPS = " \u3000:：.-–—"
_NEAR = 12
"""Lines: a list of annexes and the signature under it are no longer."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over clauses: `rank` 1 is the highest. `label` is its printed number or "".

    `number` is the normalised one, as it precedes the numbers of clauses counted anew below it.
    `key` is set when the heading is itself numbered as clauses are (3 over 3.2).
    """

    rank: int
    text: str
    label: str = ""
    number: str = ""
    key: Key = ()


def annex_of(line: Line) -> Heading | None:
    """The annex a line opens by its looks."""
    if not line.head or line.head[0] not in "附AS" or not _may_head(line):
        return None
    found = ANNEX.match(line.head)
    if not found or ends_sentence(line.text):
        return None
    number = found["han"] or found["latin"] or ""
    group = "rest" if found["rest"] is not None else "latin_rest"
    rest = line.text[found.start(group) :].strip(_GAPS)
    label = line.text[: found.start(group)].strip(_GAPS)
    if number:
        number = _annex_number(number)
    return Heading(ANNEX_RANK, f"{label} {rest}".strip(), label, number)


def chapter_of(line: Line) -> Heading | None:
    """The part, chapter or section (编章节, Part, Chapter) a line opens by its looks."""
    head = line.head
    if not head or head[0] not in "第PBTDC" or not _may_head(line) or ends_sentence(line.text):
        return None
    if found := CHAPTER.match(line.head):
        kind = found["kind"]
        number = f"{_NAMES[kind]}-{number_of(found['number'])}"
        label = line.text[: found.start("rest")].replace(" ", "")
        rest = line.text[found.start("rest") :].strip(_GAPS)
        return Heading(_RANKS[kind], f"{label} {rest}".strip(), label, number)
    if found := PART.match(line.head):
        kind = found["kind"].lower()
        label = line.text[: found.start("rest")].strip()
        rest = line.text[found.start("rest") :].strip(_GAPS)
        number = _english_number(found["number"])
        rank = _ENGLISH_RANKS.get(kind, PART_RANK)
        return Heading(rank, f"{label} {rest}".strip(), label, f"{kind}-{number}")
    return None


def marked(line: Line) -> Heading | None:
    """The heading a file marks as one."""
    level = line.block.level
    if level is None or not _may_head(line):
        return None
    return Heading(1 + level, line.text)


def opened_annexes(lines: Sequence[Line]) -> dict[int, Heading]:
    """Where annexes begin. A list of annexes (附件：1.收费表) and running repeats open none.

    An annex without a number gets the next one.
    """
    found = [(at, heading) for at, line in enumerate(lines) if (heading := annex_of(line))]
    again: dict[int, int] = {}
    last: dict[str, int] = {}
    for at, heading in found:
        if heading.number in last:
            again[last[heading.number]] = at
        last[heading.number] = at
    opened: dict[int, Heading] = {}
    seen: set[str] = set()
    for at, heading in found:
        if heading.number and heading.number in seen:
            continue
        if _is_list(lines[at]) or (at in again and _is_near(lines, at, again[at])):
            continue
        number = heading.number or str(len(opened) + 1)
        seen.add(number)
        opened[at] = replace(heading, number=f"annex-{number}")
    return opened


def without_continued(text: str) -> str:
    """A running heading's text without its (continued)."""
    if text[-1] not in ")）":
        return text
    for ending in _CONTINUED:
        text = text.removesuffix(ending)
    return text.rstrip()


def _may_head(line: Line) -> bool:
    return bool(line.head) and len(line.text) <= LONGEST_HEADING


def _is_list(line: Line) -> bool:
    after = line.text.lstrip("附件录表 \u3000")
    return after[:1] in ":：" and after[1:].lstrip()[:1].isdigit() if after else False


def _is_near(lines: Sequence[Line], at: int, after: int) -> bool:
    """Whether only a signature or the like stands between the two."""
    if after - at > _NEAR:
        return False
    between = lines[at + 1 : after]
    return sum(len(line.text) > LONGEST_HEADING // 2 for line in between) <= 1


def _annex_number(written: str) -> str:
    value = number_of(written)
    return written.lower() if value is None else str(value)


def _english_number(written: str) -> str:
    if written.lower() in _WORDS:
        return str(_WORDS.index(written.lower()) + 1)
    key = key_of(written) if written.isdigit() or set(written) <= set("IVXL") else ()
    return written_as(key) if key else written.lower()
