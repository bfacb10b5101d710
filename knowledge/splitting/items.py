"""The paragraphs (款) and items (项, (a)) inside a clause: which part of it a reference means."""

import re

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
    labelled = [(n, _label(text[at:to])) for n, (at, to) in enumerate(lines)]
    value = _value(label)
    for n, (kind, number) in labelled:
        if kind and number == value:
            later = (m for m, (other, _) in labelled[n + 1 :] if other == kind)
            following = next(later, len(lines))
            return lines[n][0], lines[following - 1][1]
    return _inline(text, start, end, label)


def _inline(text: str, start: int, end: int, label: str) -> tuple[int, int] | None:
    """An entry that runs on in its paragraph: "… if (a) the client moves; (b) …"."""
    mark = re.search(rf"[（(]\s*{re.escape(label)}\s*[）)]", text[start:end])
    if not mark:
        return None
    begin = start + mark.start()
    stop = re.search(
        rf"[；;。\n]|[（(](?:[a-z]|[{HAN_NUMBER}]+)[）)]", text[start + mark.end() : end]
    )
    return begin, start + mark.end() + (
        stop.end()
        if stop and stop[0] in "；;。"
        else stop.start()
        if stop
        else end - start - mark.end()
    )


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
