"""Which of an HTML page's elements a reader sees, by its attributes and the page's own styles.

A small cascade: rules of <style> elements with simple selectors (tags, classes, ids and their
descendants), by specificity and order, then the style attribute. Style sheets elsewhere, scripts
and text in the colour of a ground that another element has are beyond it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# What a wide screen shows counts: neither what is printed nor what a narrow one leaves out.
_FOR_SCREENS = re.compile(r"@(?:media(?!.*\b(?:print|max-(?:device-)?width)\b)|supports|layer)\b")
_COMPOUND = re.compile(r"(?P<tag>[A-Za-z][A-Za-z0-9-]*)?(?P<marks>(?:[.#][\w-]+)*)")
_MARK = re.compile(r"([.#])([\w-]+)")
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))\s*(px|pt|em|rem|%|vw|vh|ex|ch|cm|mm|in)?")

_FAR = -500.0
"""Further out than this (pixels) nobody scrolls."""
_MOST_RULES = 5_000
_INVISIBLE_SIZE = 2.0
_INVISIBLE_OPACITY = 0.05
_TO_PIXELS = {"em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "pt": 1.33, "vw": 12.0, "vh": 8.0}

Style = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Selector:
    """Compounds (tag, classes, ids) from the outermost ancestor to the element itself."""

    compounds: tuple[tuple[str, frozenset[str], frozenset[str]], ...]

    @property
    def specificity(self) -> tuple[int, int, int]:
        return (
            sum(len(ids) for _, _, ids in self.compounds),
            sum(len(classes) for _, classes, _ in self.compounds),
            sum(bool(tag) for tag, _, _ in self.compounds),
        )


@dataclass(slots=True)
class StyleSheet:
    """The rules of a page, found by the class, id or tag of the element they end at."""

    rules: dict[str, list[tuple[tuple[int, int, int], int, _Selector, Style]]] = field(
        default_factory=dict
    )

    def style_of(self, element: Any) -> Style:  # noqa: ANN401 - lxml
        """What the page and the element itself say about how it is shown."""
        names = {element.tag, *(f".{name}" for name in element.get("class", "").split())}
        names.add(f"#{element.get('id')}")
        found = [
            (specificity, order, style)
            for name in names
            for specificity, order, selector, style in self.rules.get(name, ())
            if _matches(selector, element)
        ]
        merged: Style = {}
        for _, _, style in sorted(found, key=lambda rule: rule[:2]):
            merged |= style
        return merged | parse_style(element.get("style", ""))


def read_styles(page: Any) -> StyleSheet:  # noqa: ANN401 - lxml
    """The rules that a page's <style> elements hold, as far as they are simple."""
    sheet = StyleSheet()
    order = 0
    for element in page.iter("style"):
        for selectors, body in _rules(_COMMENT.sub("", element.text or "")):
            style = parse_style(body)
            for written in selectors.split(","):
                order += 1
                selector = _selector(written.strip())
                if selector is None or not style or order > _MOST_RULES:
                    continue
                tag, classes, ids = selector.compounds[-1]
                name = next((f"#{i}" for i in ids), "") or next((f".{c}" for c in classes), tag)
                rule = (selector.specificity, order, selector, style)
                sheet.rules.setdefault(name, []).append(rule)
    return sheet


def parse_style(text: str) -> Style:
    """The declarations of a style attribute or of a rule's body."""
    pairs = (part.partition(":") for part in text.split(";"))
    return {
        name.strip().lower(): value.lower().replace("!important", "").strip()
        for name, colon, value in pairs
        if colon
    }


def is_hidden(element: Any, style: Mapping[str, str]) -> bool:  # noqa: ANN401 - lxml
    """Whether an element's text is not to be seen."""
    if element.get("hidden") is not None and style.get("display") in (None, "none"):
        return True
    if element.get("aria-hidden", "").strip().lower() == "true":
        return True
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("content-visibility") == "hidden"
        or style.get("color") in ("transparent", *_ground(style))
        or _is_faint(style)
        or _is_elsewhere(style)
        or _is_shut(style)
    )


def _ground(style: Mapping[str, str]) -> tuple[str, ...]:
    """The colour an element gives its own ground, as written."""
    return tuple(style[name] for name in ("background-color", "background") if name in style)


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Selectors and bodies of a style sheet, also inside the at-rules that are for screens."""
    opened: list[str] = []
    before = ""
    for piece in re.split(r"([{}])", text):
        if piece == "{":
            opened.append(before.rpartition(";")[2].strip())
        elif piece == "}" and opened:
            selectors = opened.pop()
            applies = all(_FOR_SCREENS.match(outer) for outer in opened if outer.startswith("@"))
            if applies and not selectors.startswith("@"):
                yield selectors, before
        before = "" if piece in "{}" else piece


def _selector(written: str) -> _Selector | None:
    compounds = []
    for part in written.split():
        found = _COMPOUND.fullmatch(part)
        if not found:
            return None
        marks = _MARK.findall(found["marks"])
        classes = frozenset(name for kind, name in marks if kind == ".")
        ids = frozenset(name for kind, name in marks if kind == "#")
        compounds.append(((found["tag"] or "").lower(), classes, ids))
    return _Selector(tuple(compounds)) if compounds else None


def _matches(selector: _Selector, element: Any) -> bool:  # noqa: ANN401 - lxml
    *outer, own = selector.compounds
    if not _is(element, own):
        return False
    ancestors = element.iterancestors()
    return all(any(_is(ancestor, compound) for ancestor in ancestors) for compound in outer[::-1])


def _is(
    element: Any,  # noqa: ANN401 - lxml
    compound: tuple[str, frozenset[str], frozenset[str]],
) -> bool:
    tag, classes, ids = compound
    return (
        (not tag or element.tag == tag)
        and classes <= set(element.get("class", "").split())
        and ids <= {element.get("id")}
    )


def _pixels(value: str | None) -> float | None:
    found = _LENGTH.match(value or "")
    return float(found[1]) * _TO_PIXELS.get(found[2] or "px", 1.0) if found else None


def _is_faint(style: Mapping[str, str]) -> bool:
    size, opacity = style.get("font-size", ""), _pixels(style.get("opacity"))
    small = _pixels(size)
    if small is not None and "%" in size:
        small *= 16 / 100
    return (small is not None and small < _INVISIBLE_SIZE) or (
        opacity is not None
        and opacity * (0.01 if "%" in style["opacity"] else 1) < _INVISIBLE_OPACITY
    )


def _is_elsewhere(style: Mapping[str, str]) -> bool:
    moved = ["text-indent", "margin-left", "margin-top"]
    if style.get("position") in ("absolute", "fixed"):
        moved += ["left", "top", "right", "bottom"]
    places = [_pixels(style.get(name)) for name in moved]
    shifts = re.findall(r"-\d{3,}", style.get("transform", ""))
    return any(place is not None and place <= _FAR for place in places) or bool(shifts)


def _is_shut(style: Mapping[str, str]) -> bool:
    """Cut to nothing, as texts for screen readers are."""
    clip = style.get("clip", "").replace(" ", "").replace("px", "")
    if clip.startswith("rect(") and set(re.findall(r"\d+", clip)) <= {"0", "1"}:
        return True
    if re.match(r"inset\((?:50|100)%|circle\(0|polygon\(0 0\)", style.get("clip-path", "")):
        return True
    sides = [_pixels(style.get(name)) for name in ("width", "height", "max-width", "max-height")]
    hides = style.get("overflow", "").startswith(("hidden", "clip"))
    return hides and any(side is not None and side <= 1 for side in sides)
