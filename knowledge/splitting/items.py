"""The paragraphs (款) and items (项, (a)) inside a clause: which part of it a reference means."""

import re
from collections.abc import Iterable

from knowledge.numerals import HAN_NUMBER, number_of

_REFERENCE = re.compile(
    rf"第\s*(?P<number>[{HAN_NUMBER}\d]+|[（(][{HAN_NUMBER}\d]+[）)])\s*(?P<kind>[款项目])"
    r"|[（(]\s*(?P<latin>[a-zA-Z]{1,4}|\d{1,2})\s*[）)]"
)
_LABEL = re.compile(
    rf"(?:[（(]\s*(?P<bracketed>[{HAN_NUMBER}\d]+|[a-zA-Z]{{1,4}})\s*[）)]"
    rf"|(?P<plain>\d{{1,2}})[.、．)）](?!\d)|(?P<circled>[①-⑳]))\s*"
)
"""How an entry's line begins."""
_STOP = re.compile(rf"(?P<mark>[；;。])|\n|[（(](?:[a-z]|[{HAN_NUMBER}]+)[）)]")
"""Where an entry that runs on in its paragraph ends."""


def subclause(text: str, reference: str) -> tuple[int, int] | None:
    """The half-open range in a clause's text that a reference means, None if it has no such part.

    `reference` may hold more than the part ("第十二条第二款第（三）项", "3.2(b)(i)"): 款 counts the
    clause's paragraphs, 项 and (a) name the line that carries that label, each inside the one
    before; 目 and deeper brackets likewise. What names no part gives None.
    """
    start, end = 0, len(text)
    found = list(_REFERENCE.finditer(reference))
    for step in found:
        if step["kind"] == "款":
            part = _paragraph(text, start, end, number_of(step["number"].strip("（()）")) or 0)
        else:
            part = _item(text, start, end, (step["latin"] or step["number"]).strip("（()） "))
        if part is None:
            return None
        start, end = part
    return (start, end) if found else None


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    lines = []
    at = start
    for line in text[start:end].split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    return lines


def _paragraph(text: str, start: int, end: int, number: int) -> tuple[int, int] | None:
    """The number-th line that is no entry, with the entries and rows below it."""
    lines = _lines(text, start, end)
    heads = [n for n, (at, to) in enumerate(lines) if not _belongs_above(text[at:to])]
    if not 1 <= number <= len(heads):
        return None
    following = heads[number] if number < len(heads) else len(lines)
    return lines[heads[number - 1]][0], lines[following - 1][1]


def _belongs_above(line: str) -> bool:
    return _LABEL.match(line) is not None or " | " in line


def _item(text: str, start: int, end: int, label: str) -> tuple[int, int] | None:
    """The entry that carries a label, down to the next entry of its kind."""
    lines = _lines(text, start, end)
    labels = _labels(text[at:to] for at, to in lines)
    value = _value(label)
    # An entry is not inside itself.
    first = 1 if labels[0][0] else 0
    for n in range(first, len(lines)):
        kind, number = labels[n]
        if kind and number == value:
            later = (m for m in range(n + 1, len(lines)) if labels[m][0] == kind)
            return lines[n][0], lines[next(later, len(lines)) - 1][1]
    return _inline(text, start, end, label)


def _inline(text: str, start: int, end: int, label: str) -> tuple[int, int] | None:
    """An entry that runs on in its paragraph: "… if (a) the client moves; (b) …"."""
    mark = re.compile(rf"[（(]\s*{re.escape(label)}\s*[）)]").search(text, start, end)
    if not mark:
        return None
    stop = _STOP.search(text, mark.end(), end)
    if not stop:
        return mark.start(), end
    return mark.start(), stop.end() if stop["mark"] else stop.start()


def _labels(lines: Iterable[str]) -> list[tuple[str, int | str]]:
    """Each line's kind of label and its value; an empty kind for a line that is no entry.

    (i) is the first of Roman figures unless (h) came before it.
    """
    found: list[tuple[str, int | str]] = []
    letter, roman = "", False
    for line in lines:
        kind, value = _label(line)
        if kind == "letter" and isinstance(value, str):
            follows = bool(letter) and len(value) == 1 and ord(value) == ord(letter) + 1
            roman = not follows and set(value) <= set("ivx") and (roman or value == "i")
            kind = "roman" if roman else kind
            letter = letter if roman else value[-1]
        found.append((kind, value))
    return found


def _label(line: str) -> tuple[str, int | str]:
    """The kind of an entry's label and its value; an empty kind when it is no entry."""
    found = _LABEL.match(line)
    if not found:
        return "", ""
    if found["circled"]:
        return "circled", ord(found["circled"]) - ord("①") + 1
    if found["plain"]:
        return "plain", int(found["plain"])
    value = _value(found["bracketed"])
    return ("letter" if isinstance(value, str) else "number"), value


def _value(label: str) -> int | str:
    number = number_of(label)
    return number if number is not None else label.lower()
