"""Word's automatic numbers, worked out from numbering.xml and styles.xml.

A paragraph's printed number is not in its text: it follows from the list it belongs to, the
level, and every numbered paragraph before it. The rules are those of WordprocessingML
(ECMA-376 part 1, §17.9).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from knowledge.numerals import chinese, digits

LEVELS = range(9)
_SEPARATORS = {"tab": " ", "space": " ", "nothing": ""}
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_HUNDRED = 100


def _letters(value: int) -> str:
    # After z come aa, bb, cc: the letter repeated, not a base-26 number.
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _roman(value: int) -> str:
    written = ""
    for size, letters in _ROMAN:
        count, value = divmod(value, size)
        written += letters * count
    return written


def _one_of(symbols: str) -> Callable[[int], str]:
    return lambda value: symbols[value - 1] if 0 < value <= len(symbols) else str(value)


def _counting(value: int) -> str:
    return chinese(value) if value < _HUNDRED else digits(value, zero="○")


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02}",
    "decimalFullWidth": lambda value: str(value).translate(
        {ord("0") + digit: ord("０") + digit for digit in range(10)}
    ),
    "decimalEnclosedCircle": _one_of(_CIRCLES),
    "decimalEnclosedCircleChinese": _one_of(_CIRCLES),
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "chineseCounting": _counting,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": digits,
    "ideographTraditional": _one_of(_STEMS),
    "none": lambda _: "",
}


def write_number(value: int, form: str) -> str:
    """A counter's value in one of Word's number formats; an unknown one reads as decimal."""
    if value < 1:
        return str(value)
    return _FORMATS.get(form, str)(value)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list definition."""

    start: int
    form: str
    text: str
    separator: str
    restart: int | None
    legal: bool
    style: str | None


@dataclass(slots=True)
class _List:
    """A list definition with its running counters."""

    levels: dict[int, Level]
    counters: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The running numbers of one document: ask for each paragraph, in order."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:  # noqa: ANN401 - lxml
        """Take the roots of numbering.xml and styles.xml; either may be missing."""
        self._styles = _Styles(styles)
        self._lists: dict[str, _List] = {}
        self._overrides: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}
        self._begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._load(numbering)

    def label(self, paragraph: Any) -> str:  # noqa: ANN401 - lxml
        """The number printed before a paragraph with what separates it, "" if it has none."""
        num_id, level = self._place(paragraph)
        if num_id not in self._overrides:
            return ""
        abstract_id, replaced, starts = self._overrides[num_id]
        listing = self._lists[abstract_id]
        levels = listing.levels | replaced
        if level not in levels:
            return ""
        self._count(num_id, level, levels, starts, listing.counters)
        return _print(levels, level, listing.counters)

    def heading_level(self, paragraph: Any) -> int | None:  # noqa: ANN401 - lxml
        """A heading's depth, 1 being the title's, or None for ordinary text."""
        return self._styles.heading_level(paragraph)

    def _load(self, root: Any) -> None:  # noqa: ANN401 - lxml
        links = {}
        for abstract in root.iterfind(qn("w:abstractNum")):
            key = abstract.get(qn("w:abstractNumId"))
            self._lists[key] = _List(dict(_levels(abstract)))
            if (link := _value(abstract, "w:numStyleLink")) is not None:
                links[key] = link
        for num in root.iterfind(qn("w:num")):
            abstract_id = _value(num, "w:abstractNumId")
            if abstract_id in self._lists:
                replaced = {
                    n: lv for o in num.iterfind(qn("w:lvlOverride")) for n, lv in _levels(o)
                }
                self._overrides[num.get(qn("w:numId"))] = (abstract_id, replaced, _starts(num))
        for key, style in links.items():
            # The levels stand in the list that the named numbering style points to.
            linked = self._overrides.get(self._styles.numbering(style)[0] or "")
            if linked and linked[0] != key:
                self._lists[key].levels = self._lists[linked[0]].levels

    def _place(self, paragraph: Any) -> tuple[str, int]:  # noqa: ANN401 - lxml
        properties = paragraph.find(qn("w:pPr"))
        style = self._styles.of(paragraph)
        styled_id, styled_level = self._styles.numbering(style)
        num_id, level = _num_pr(properties)
        num_id = num_id if num_id is not None else styled_id
        level = level if level is not None else styled_level
        if num_id is None or num_id == "0":
            return "", 0
        return num_id, level if level is not None else self._level_of_style(num_id, style)

    def _level_of_style(self, num_id: str, style: str | None) -> int:
        if num_id not in self._overrides:
            return 0
        abstract_id, replaced, _ = self._overrides[num_id]
        levels = self._lists[abstract_id].levels | replaced
        lineage = list(self._styles.lineage(style))
        return next((n for n, level in levels.items() if level.style in lineage), 0)

    def _count(
        self,
        num_id: str,
        level: int,
        levels: dict[int, Level],
        starts: dict[int, int],
        counters: dict[int, int],
    ) -> None:
        if level in starts and (num_id, level) not in self._begun:
            counters[level] = starts[level]
        elif level in counters:
            counters[level] += 1
        else:
            counters[level] = levels[level].start
        self._begun.add((num_id, level))
        for deeper in [n for n in counters if n > level]:
            restart = levels[deeper].restart if deeper in levels else None
            # Absent: any shallower level restarts it. 0: none does. n: level n or shallower.
            if restart is None or level < restart:
                del counters[deeper]


class _Styles:
    """Paragraph styles: what they are based on and the numbering they carry."""

    def __init__(self, root: Any | None) -> None:  # noqa: ANN401 - lxml
        found = [] if root is None else list(root.iterfind(qn("w:style")))
        self._by_id = {style.get(qn("w:styleId")): style for style in found}
        self._default = next(
            (
                style.get(qn("w:styleId"))
                for style in found
                if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) == "1"
            ),
            None,
        )

    def of(self, paragraph: Any) -> str | None:  # noqa: ANN401 - lxml
        properties = paragraph.find(qn("w:pPr"))
        named = _value(properties, "w:pStyle") if properties is not None else None
        return named or self._default

    def lineage(self, style: str | None) -> Iterator[str]:
        """A style and everything it is based on; a loop is cut."""
        seen: set[str] = set()
        while style is not None and style in self._by_id and style not in seen:
            seen.add(style)
            yield style
            style = _value(self._by_id[style], "w:basedOn")

    def numbering(self, style: str | None) -> tuple[str | None, int | None]:
        num_id = level = None
        for name in self.lineage(style):
            found_id, found_level = _num_pr(self._by_id[name].find(qn("w:pPr")))
            num_id = num_id if num_id is not None else found_id
            level = level if level is not None else found_level
        return num_id, level

    def heading_level(self, paragraph: Any) -> int | None:  # noqa: ANN401 - lxml
        places = [paragraph, *(self._by_id[name] for name in self.lineage(self.of(paragraph)))]
        for place in places:
            properties = place.find(qn("w:pPr"))
            outline = _value(properties, "w:outlineLvl") if properties is not None else None
            if outline is not None:
                # Level 1 is the title's, so Word's outline level 0 is 2; 9 means body text.
                return int(outline) + 2 if int(outline) in LEVELS else None
        names = [_value(place, "w:name") for place in places[1:]]
        return 1 if "Title" in names or "title" in names else None


def _levels(parent: Any) -> Iterator[tuple[int, Level]]:  # noqa: ANN401 - lxml
    for level in parent.iterfind(qn("w:lvl")):
        restart = _value(level, "w:lvlRestart")
        yield (
            int(level.get(qn("w:ilvl"))),
            Level(
                start=int(_value(level, "w:start") or 0),
                form=_value(level, "w:numFmt") or "decimal",
                text=_value(level, "w:lvlText") or "",
                separator=_SEPARATORS.get(_value(level, "w:suff") or "tab", " "),
                restart=None if restart is None else int(restart),
                legal=_on(level.find(qn("w:isLgl"))),
                style=_value(level, "w:pStyle"),
            ),
        )


def _starts(num: Any) -> dict[int, int]:  # noqa: ANN401 - lxml
    found = {}
    for override in num.iterfind(qn("w:lvlOverride")):
        if (start := _value(override, "w:startOverride")) is not None:
            found[int(override.get(qn("w:ilvl")))] = int(start)
    return found


def _print(levels: dict[int, Level], level: int, counters: dict[int, int]) -> str:
    own = levels[level]
    if own.form == "bullet":
        return ""
    printed = own.text
    for n in LEVELS:
        if f"%{n + 1}" in printed and n in levels:
            form = "decimal" if own.legal else levels[n].form
            value = counters.get(n, levels[n].start)
            printed = printed.replace(f"%{n + 1}", write_number(value, form))
    return printed + own.separator if printed.strip() else ""


def _num_pr(properties: Any | None) -> tuple[str | None, int | None]:  # noqa: ANN401 - lxml
    num_pr = None if properties is None else properties.find(qn("w:numPr"))
    if num_pr is None:
        return None, None
    level = _value(num_pr, "w:ilvl")
    return _value(num_pr, "w:numId"), None if level is None else int(level)


def _value(parent: Any, tag: str) -> str | None:  # noqa: ANN401 - lxml
    child = parent.find(qn(tag))
    found = None if child is None else child.get(qn("w:val"))
    return None if found is None else str(found)


def _on(flag: Any | None) -> bool:  # noqa: ANN401 - lxml
    return flag is not None and flag.get(qn("w:val"), "1") not in ("0", "false", "off")
