"""A text as recognisers read it: one form for every way of writing a sign, and where it stood."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LOOSE = frozenset(" \n\r\t.'’\"“”()&·•・-_/|*~#+=\\[]{}<>【】")
"""What may be written within a name or left out."""

_COMPANY = re.compile(
    r"(?:股份)?(?:有限)?(?:责任)?公司$"
    r"|(?:co\.? ?,? ?)?(?:ltd|limited)\.?$|,? ?\b(?:inc|llc|plc|corp)\.?$"
)
_COMPANY_ENDINGS = (
    *("公司", "ltd", "ltd.", "limited", "limited."),
    *(f"{form}{stop}" for form in ("inc", "llc", "plc", "corp") for stop in ("", ".")),
)
_SHORTEST_FORM = 4
_HYPHENS = frozenset("‐‑‒–—―−﹘﹣－─")
_ALIKE = str.maketrans("авеһікмнорстухѕјԁԛԝαβεζηικμνορτυχ", "abehikmhopctyxsjdqwabezhikmnoptyx")
"""Letters of other alphabets (Cyrillic, Greek) that are drawn like Latin ones, small or capital."""
_UNSEEN = frozenset(("Cf", "Mn", "Me", "Cc"))


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the one form; `places[n]` is where in the `original` its n-th character stood."""

    original: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text behind a range, not empty, of this one."""
        return self.places[start], self.places[end - 1] + 1

    def written(self, start: int, end: int) -> str:
        """How a range of this text is written in the original."""
        return self.original[slice(*self.span(start, end))]


def fold(text: str) -> Folded:
    """The text in half-width lower case, its digits ASCII, every dash a hyphen, nothing unseen.

    Accents go as well. Line ends and tabs stay, every other space becomes a plain one.
    """
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for one in _SIGNS[ord(sign)]:
            signs.append(one)
            places.append(place)
    return Folded(text, "".join(signs), tuple(places))


def letters(folded: str) -> str:
    """A folded name without what may be left out of it."""
    return "".join(sign for sign in folded if sign not in LOOSE)


def short_form(folded: str) -> str:
    """A company's folded name without its legal form, where enough of it is left."""
    short = _COMPANY.sub("", folded)
    return short if len(letters(short)) >= _SHORTEST_FORM else folded


def name_forms(names: Iterable[str]) -> set[str]:
    """The letters that names are looked for by; a company's also without its legal form."""
    # All names in one text, for so a million of them takes seconds.
    folded = "\n".join(name.replace("\n", " ") for name in names).translate(_SIGNS)
    short = (short_form(line) for line in folded.split("\n") if line.endswith(_COMPANY_ENDINGS))
    every = "\n".join((folded, *short))
    return set(every.translate(_NO_LOOSE).split("\n"))


class _Signs(dict[int, str]):
    """What each sign folds to, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_sign(chr(code))
        return folded


def _fold_sign(sign: str) -> str:
    if (
        sign in "\n\t\r，"
    ):  # the full-width comma ends a clause; the plain one stands in numbers too
        return sign
    if sign in _HYPHENS:
        return "-"
    kept = []
    for one in unicodedata.normalize("NFKD", sign.casefold()):
        if unicodedata.category(one) in _UNSEEN:
            continue
        digit = unicodedata.decimal(one, None)
        kept.append(" " if one.isspace() else one if digit is None else str(digit))
    return "".join(kept).casefold().translate(_ALIKE)


_SIGNS = _Signs()
_NO_LOOSE = dict.fromkeys(ord(sign) for sign in LOOSE - {"\n"})
