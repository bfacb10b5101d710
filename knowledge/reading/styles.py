"""Word's styles: what each is based on, the numbers, outline level and hiding it brings."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from docx.oxml import ns

qn = cache(ns.qn)
"""A name such as "w:p" with its namespace written out."""

Node = Any  # an element of lxml

_DEEPEST_OUTLINE = 9


def tag_value(parent: Node, tag: str) -> str | None:
    """What a child such as <w:start w:val="3"/> says, None without it."""
    child = parent.find(qn(tag))
    found = None if child is None else child.get(qn("w:val"))
    return None if found is None else str(found)


def is_on(flag: Node | None) -> bool:
    """Whether a switch such as <w:vanish/> is there and not turned off."""
    return flag is not None and flag.get(qn("w:val"), "1") not in ("0", "false", "off")


def number_properties(properties: Node | None) -> tuple[str | None, int | None]:
    """The list and the level that paragraph properties name, None for what they leave open."""
    num_pr = None if properties is None else properties.find(qn("w:numPr"))
    if num_pr is None:
        return None, None
    level = tag_value(num_pr, "w:ilvl")
    return tag_value(num_pr, "w:numId"), None if level is None else int(level)


def _outline(owner: Node) -> int | None:
    properties = owner.find(qn("w:pPr"))
    found = None if properties is None else tag_value(properties, "w:outlineLvl")
    return None if found is None else int(found)


class Styles:
    """The styles of one document; those of a paragraph or a run are found by their ids."""

    def __init__(self, root: Node | None) -> None:
        """Take the root of styles.xml; it may be missing."""
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
        self._hides = cache(self._find_hides)
        self._names = cache(self._find_names)
        self._numbers = cache(self._find_numbers)
        self._outline = cache(self._find_outline)

    def of(self, paragraph: Node) -> str | None:
        """A paragraph's style: its own, or the document's default."""
        properties = paragraph.find(qn("w:pPr"))
        named = tag_value(properties, "w:pStyle") if properties is not None else None
        return named or self._default

    def lineage(self, style: str | None) -> Iterator[str]:
        """A style and everything it is based on; a loop is cut."""
        seen: set[str] = set()
        while style is not None and style in self._by_id and style not in seen:
            seen.add(style)
            yield style
            style = tag_value(self._by_id[style], "w:basedOn")

    def numbering(self, style: str | None) -> tuple[str | None, int | None]:
        """The list and the level that a style brings, each from its nearest ancestor."""
        return self._numbers(style)

    def heading_level(self, paragraph: Node) -> int | None:
        """A heading's depth, 1 being the title's, or None for ordinary text."""
        style = self.of(paragraph)
        outline = _outline(paragraph)
        outline = self._outline(style) if outline is None else outline
        if outline is not None:
            # Level 1 is the title's, so Word's outline level 0 is 2; 9 means body text.
            return outline + 2 if outline < _DEEPEST_OUTLINE else None
        return 1 if "title" in self._names(style) else None

    def in_contents(self, paragraph: Node) -> bool:
        """Whether a paragraph is a line of a table of contents ("toc 1" to "toc 9")."""
        return any(name[:4] == "toc " for name in self._names(self.of(paragraph)))

    def hidden(self, properties: Node | None, paragraph_style: str | None) -> bool:
        """Whether run properties, or the styles behind them, hide the text."""
        own = None if properties is None else properties.find(qn("w:vanish"))
        if own is not None:
            return is_on(own)
        style = None if properties is None else tag_value(properties, "w:rStyle")
        said = self._hides(style)
        return bool(self._hides(paragraph_style) if said is None else said)

    def _find_hides(self, style: str | None) -> bool | None:
        for name in self.lineage(style):
            flag = self._by_id[name].find(f"{qn('w:rPr')}/{qn('w:vanish')}")
            if flag is not None:
                return is_on(flag)
        return None

    def _find_numbers(self, style: str | None) -> tuple[str | None, int | None]:
        num_id = level = None
        for name in self.lineage(style):
            found_id, found_level = number_properties(self._by_id[name].find(qn("w:pPr")))
            num_id = num_id if num_id is not None else found_id
            level = level if level is not None else found_level
        return num_id, level

    def _find_outline(self, style: str | None) -> int | None:
        outlines = (_outline(self._by_id[name]) for name in self.lineage(style))
        return next((outline for outline in outlines if outline is not None), None)

    def _find_names(self, style: str | None) -> list[str]:
        names = (tag_value(self._by_id[name], "w:name") for name in self.lineage(style))
        return [name.lower() for name in names if name]
