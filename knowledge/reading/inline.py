"""Markdown's inline marks down to the words they dress, so that a quote shows words."""

import html
import re

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_ADDRESS = r"\(\s*<?[^()\s]*(?:\([^()]*\)[^()\s]*)?>?(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^)]*\)))?\s*\)"
_LINK = re.compile(rf"!?\[([^\]\[]*)\]{_ADDRESS}")
_REFERENCE = re.compile(r"!?\[([^\]\[^][^\]\[]*)\](?:\[([^\]\[]*)\])?")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_AUTOLINK = re.compile(r"<((?:https?|mailto|ftp):[^<>\s]+|[\w.+-]+@[\w-]+\.[\w.-]+)>")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~|<(del|s|strike)\b[^<>]*>.*?</\2\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|center|cite|code|dfn|div|em|font|i|ins|kbd|label|mark|p|q|small|span"
    r"|strong|sub|sup|tt|u|var|wbr)(?:\s+[\w:-]+=(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))*\s*/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# One star or low line hugs its words and stands outside others: 5*3*2, 本金*利率*天数, snake_case
# and "100*" have none. Two are never arithmetic.
_EMPHASIS = (
    re.compile(r"(\*{2,3})(?=[^\s*])(.+?)(?<=[^\s*])\1(?!\*)"),
    re.compile(r"(?<!\w)(_{2,3})(?=[^\s_])(.+?)(?<=[^\s_])\1(?!\w)"),
    re.compile(r"(?<![\w*])(\*)(?=[^\s*])(.+?)(?<=[^\s*])\1(?![\w*])"),
    re.compile(r"(?<!\w)(_)(?=[^\s_])(.+?)(?<=[^\s_])\1(?!\w)"),
)

_KEPT, _LAST_KEPT = 0xE000, 0xF8FF
"""What is taken literally waits as private characters, as do those the text has itself."""
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_MARKED = re.compile(r"[`\\<\[~*_&\ue000-\uf8ff]")
"""A paragraph without any of these has no marks: most have none."""


def plain(text: str, references: frozenset[str] = frozenset()) -> str:
    """A paragraph's words without Markdown's marks; `references` are the links it may name."""
    if not _MARKED.search(text):
        return text
    kept: list[str] = []

    def keep(literal: str) -> str:
        if _KEPT + len(kept) > _LAST_KEPT:
            return literal
        kept.append(literal)
        return chr(_KEPT + len(kept) - 1)

    def named(found: re.Match[str]) -> str:
        return found[1] if (found[2] or found[1]).lower() in references else found[0]

    text = _PRIVATE.sub(lambda found: keep(found[0]), text)
    text = _CODE.sub(lambda found: keep(_trimmed(found[2])), text)
    text = _ESCAPE.sub(lambda found: keep(found[1]), text)
    text = _AUTOLINK.sub(lambda found: keep(found[1]), text)
    text = _FOOTNOTE.sub("", _LINK.sub(r"\1", _STRUCK.sub("", text)))
    text = _TAG.sub("", _REFERENCE.sub(named, text))
    for mark in _EMPHASIS:
        text = mark.sub(r"\2", text)
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return _restored(text, kept)


def strikes(text: str) -> bool:
    """Whether some of a paragraph is struck out, which `plain` leaves out."""
    return bool(_STRUCK.search(_CODE.sub("", text)))


def _trimmed(code: str) -> str:
    """A code span's content: the one space that keeps it off its marks is not part of it."""
    padded = code.startswith(" ") and code.endswith(" ") and code.strip()
    return code[1:-1] if padded else code


def _restored(text: str, kept: list[str]) -> str:
    def literal(found: re.Match[str]) -> str:
        place = ord(found[0]) - _KEPT
        return kept[place] if place < len(kept) else found[0]

    return _PRIVATE.sub(literal, text)
