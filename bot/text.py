"""Making text from outside safe to show: names, questions, clauses and model output alike."""

import json
import re
from collections.abc import Mapping
from typing import Final

from knowledge.addresses import ADDRESS

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_HIDDEN: Final = re.compile(f"{_UNSEEN.pattern}|[\ud800-\udfff]")
_MENTION: Final = re.compile(r"<[@#!][^<>]*>")
_LINK: Final = re.compile(
    r"<(?:https?|mailto|tel):[^<>|]*\|([^<>]*)>|<((?:https?|mailto|tel):[^<>|]*)>"
)

REMOVED: Final = "[…]"


def visible(text: str) -> str:
    """The text without what a reader cannot see: control, zero-width and direction characters.

    Lone surrogates become the replacement character; line ends and tabs stay.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _UNSEEN.sub("", whole)


def unlinked(text: str) -> str:
    """The text without web and mail addresses, for the places that would make links of them."""
    return ADDRESS.sub(REMOVED, text)


def as_json(found: Mapping[str, object]) -> str:
    """One line of JSON in which whatever is not seen, or not text, stands as an escape."""
    return _HIDDEN.sub(_escaped, json.dumps(found, ensure_ascii=False))


def _escaped(sign: re.Match[str]) -> str:
    return json.dumps(sign[0])[1:-1]


def cut(text: str, most: int) -> str:
    """The text, with an ellipsis in place of what exceeds `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def typed(text: str) -> str:
    """What a person typed in Slack: mentions gone, links as shown, escapes undone."""
    said = _LINK.sub(lambda link: link[1] or link[2] or "", _MENTION.sub(" ", text))
    for escaped, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        said = said.replace(escaped, sign)
    return visible(said).strip()
