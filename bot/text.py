"""Making text from outside safe to show: names, questions, clauses and model output alike."""

import re
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_MENTION: Final = re.compile(r"<[@#!][^<>]*>")
_LINK: Final = re.compile(
    r"<(?:https?|mailto|tel):[^<>|]*\|([^<>]*)>|<((?:https?|mailto|tel):[^<>|]*)>"
)


def visible(text: str) -> str:
    """The text without what a reader cannot see: control, zero-width and direction characters.

    Lone surrogates become the replacement character; line ends and tabs stay.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _UNSEEN.sub("", whole)


def cut(text: str, most: int) -> str:
    """The text, with an ellipsis in place of what exceeds `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def typed(text: str) -> str:
    """What a person typed in Slack: mentions gone, links as shown, escapes undone."""
    said = _LINK.sub(lambda link: link[1] or link[2] or "", _MENTION.sub(" ", text))
    for escaped, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        said = said.replace(escaped, sign)
    return visible(said).strip()
