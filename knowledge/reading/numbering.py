"""Word's automatic numbers, worked out from numbering.xml and styles.xml.

A paragraph's printed number is not in its text: it follows from the list it belongs to, the
level, and every numbered paragraph before it. The rules are those of WordprocessingML
(ECMA-376 part 1, §17.9).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from knowledge.reading.counters import pad_like, write_number
from knowledge.reading.styles import Node, Styles, is_on, number_properties, qn, tag_value

LEVELS = range(9)
_SEPARATORS = {"tab": " ", "space": " ", "nothing": ""}
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list definition. `sample` gives a custom format by its first values."""

    start: int
    form: str
    text: str
    separator: str
    restart: int | None
    legal: bool
    style: str | None
    sample: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    """A list: the definition whose counters it runs on, its levels, and where they start anew."""

    definition: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)

    def first(self, level: int) -> int:
        """The number a level begins with."""
        return self.starts.get(level, self.levels[level].start)


class Numbering:
    """The running numbers of one document: ask for each paragraph, in order."""

    def __init__(self, numbering: Node | None, styles: Styles) -> None:
        """Take the root of numbering.xml, which may be missing, and the styles."""
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._load(numbering)

    def label(self, paragraph: Node) -> str:
        """The number printed before a paragraph with what separates it, "" if it has none."""
        num_id, level = self._place(paragraph)
        listing = self._lists.get(num_id)
        if listing is None or level not in listing.levels:
            return ""
        counters = self._counters.setdefault(listing.definition, {})
        self._count(num_id, level, listing, counters)
        return _print(listing.levels, level, counters)

    def _load(self, root: Node) -> None:
        definitions = {
            abstract.get(qn("w:abstractNumId")): (
                dict(_levels(abstract)),
                tag_value(abstract, "w:numStyleLink"),
            )
            for abstract in root.iterfind(qn("w:abstractNum"))
        }
        linked = {}
        for num in root.iterfind(qn("w:num")):
            definition = tag_value(num, "w:abstractNumId")
            if definition is not None and definition in definitions:
                levels, link = definitions[definition]
                own = {n: lv for o in num.iterfind(qn("w:lvlOverride")) for n, lv in _levels(o)}
                num_id = num.get(qn("w:numId"))
                self._lists[num_id] = _List(definition, levels | own, _starts(num))
                if link is not None:
                    linked[num_id] = link
        for num_id, style in linked.items():
            # The levels and the counters are those of the list the numbering style points to.
            target = self._lists.get(self._styles.numbering(style)[0] or "")
            if target is not None:
                own = self._lists[num_id].levels
                self._lists[num_id] = replace(
                    self._lists[num_id],
                    definition=target.definition,
                    levels=target.levels | own,
                )

    def _place(self, paragraph: Node) -> tuple[str, int]:
        style = self._styles.of(paragraph)
        styled_id, styled_level = self._styles.numbering(style)
        num_id, level = number_properties(paragraph.find(qn("w:pPr")))
        num_id = num_id if num_id is not None else styled_id
        if num_id is None or num_id == "0":
            return "", 0
        if level is None:
            level = self._level_of_style(num_id, style, styled_level)
        return num_id, level

    def _level_of_style(self, num_id: str, style: str | None, styled: int | None) -> int:
        """The level that names the style; else the style's own; else that of an ancestor's."""
        levels = self._lists[num_id].levels if num_id in self._lists else {}
        by_style = {level.style: n for n, level in reversed(levels.items()) if level.style}
        if style in by_style or styled is None:
            lineage = self._styles.lineage(style)
            return next((by_style[name] for name in lineage if name in by_style), 0)
        return styled

    def _count(self, num_id: str, level: int, listing: _List, counters: dict[int, int]) -> None:
        # A level above that was passed over counts as begun, as in Word: 1.1 is followed by 2.
        for passed in [n for n in listing.levels if n < level and n not in counters]:
            counters[passed] = listing.first(passed)
            self._begun.add((num_id, passed))
        first = listing.first(level)
        if level in listing.starts and (num_id, level) not in self._begun:
            counters[level] = first
        elif level in counters:
            counters[level] += 1
        else:
            counters[level] = first
        self._begun.add((num_id, level))
        for deeper in [n for n in counters if n > level]:
            restart = listing.levels[deeper].restart if deeper in listing.levels else None
            # Absent: any shallower level restarts it. 0: none does. n: level n or shallower.
            if restart is None or level < restart:
                del counters[deeper]


def _levels(parent: Node) -> Iterator[tuple[int, Level]]:
    for level in parent.iterfind(qn("w:lvl")):
        restart = tag_value(level, "w:lvlRestart")
        form, sample = _form(level)
        yield (
            int(level.get(qn("w:ilvl"))),
            Level(
                start=int(tag_value(level, "w:start") or 0),
                form=form,
                text=tag_value(level, "w:lvlText") or "",
                separator=_SEPARATORS.get(tag_value(level, "w:suff") or "tab", " "),
                restart=None if restart is None else int(restart),
                legal=is_on(level.find(qn("w:isLgl"))),
                style=tag_value(level, "w:pStyle"),
                sample=sample,
            ),
        )


def _form(level: Node) -> tuple[str, str]:
    """A level's number format, and the sample that a custom one is given by."""
    offered = level.find(_CHOICE)
    for form in [] if offered is None else offered.iter(qn("w:numFmt")):
        if form.get(qn("w:val")) == "custom":
            return "custom", form.get(qn("w:format")) or ""
        return form.get(qn("w:val")) or "decimal", ""
    return tag_value(level, "w:numFmt") or "decimal", ""


def _starts(num: Node) -> dict[int, int]:
    found = {}
    for override in num.iterfind(qn("w:lvlOverride")):
        if (start := tag_value(override, "w:startOverride")) is not None:
            found[int(override.get(qn("w:ilvl")))] = int(start)
    return found


def _print(levels: dict[int, Level], level: int, counters: dict[int, int]) -> str:
    own = levels[level]
    if own.form == "bullet":
        return ""
    printed = own.text
    for n in LEVELS:
        if f"%{n + 1}" in printed and n in levels:
            value = counters.get(n, levels[n].start)
            printed = printed.replace(f"%{n + 1}", _write(value, levels[n], legal=own.legal))
    return printed + own.separator if printed.strip() else ""


def _write(value: int, level: Level, *, legal: bool) -> str:
    # Legal numbers are plain figures, but keep their leading zeros: Article IV, Section 4.01.
    if legal and level.form != "decimalZero":
        return str(value)
    return pad_like(value, level.sample) if level.sample else write_number(value, level.form)
