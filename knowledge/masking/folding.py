"""A text as recognisers read it: one form for every way of writing a sign, and where it stood."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LOOSE = frozenset(" \n\r\t.,'’\"“”()&·•・-_")
"""What may be written within a name or left out."""

_COMPANY = re.compile(
    r"(?:股份)?(?:有限)?(?:责任)?公司$"
    r"|(?:co\.? ?,? ?)?(?:ltd|limited)\.?$|,? ?(?:inc|llc|plc|corp)\.?$"
)
_SHORTEST_FORM = 4
_HYPHENS = frozenset("‐‑‒–—―−﹘﹣－─")
_UNSEEN = frozenset(("Cf", "Mn", "Me", "Cc"))


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the one form; `places[n]` is where in the text its n-th character stood."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text behind a range, not empty, of this one."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """The text in half-width lower case, its digits ASCII, every dash a hyphen, nothing unseen.

    Accents go as well. Line ends and tabs stay, every other space becomes a plain one.
    """
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for one in _folded(sign):
            signs.append(one)
            places.append(place)
    return Folded("".join(signs), tuple(places))


def letters(folded: str) -> str:
    """A folded name without what may be left out of it."""
    return "".join(sign for sign in folded if sign not in LOOSE)


def short_form(folded: str) -> str:
    """A company's folded name without its legal form, where enough of it is left."""
    short = _COMPANY.sub("", folded)
    return short if len(letters(short)) >= _SHORTEST_FORM else folded


@lru_cache(maxsize=50_000)
def _folded(sign: str) -> str:
    if sign in "\n\t\r":
        return sign
    if sign in _HYPHENS:
        return "-"
    kept = []
    for one in unicodedata.normalize("NFKD", sign.casefold()):
        if unicodedata.category(one) in _UNSEEN:
            continue
        digit = unicodedata.decimal(one, None)
        kept.append(" " if one.isspace() else one if digit is None else str(digit))
    return "".join(kept).casefold()
