"""Whether words are a clause's own: compared in one spelling, and never cut in mid-figure.

Width, case, white space and punctuation do not count. What stands between two digits does: 1.5 is
not 15, and "3, 5" is not 35. Nor may a quote begin or end inside a figure or a word, or just
behind a negation: "得办理" is no quote of "不得办理".
"""

import re
import unicodedata
from dataclasses import dataclass

from knowledge.numerals import HAN_NUMBER

_MEANT = frozenset("%‰")
"""Signs Unicode calls punctuation that belong to a figure."""
_JOINS = frozenset(".,:/-~")
"""Marks that make one figure of the digits beside them: 1.5, 3,000, 10:30, 1/2, 3-5."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_NEGATION = re.compile(
    r"(?:[不未无非勿毋没]|禁止|严禁|(?<![a-z])(?:not|no|never|nor|neither|cannot|without|unless)"
    r"|n['’]t)\s*$",
    re.IGNORECASE,
)
_BEFORE = 12
"""Characters before a quote among which its negation would stand."""
_HAN_FIGURES = frozenset(HAN_NUMBER)


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A text in the spelling quotes are compared in; `origins` say where each sign stood."""

    signs: str
    origins: tuple[int, ...]


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """The range of `text` that holds a quote, as it is printed there; None when it holds none."""
    wanted, held = _spelt(quote).signs, _spelt(text)
    at = held.signs.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        start, stop = held.origins[at], held.origins[end - 1] + 1
        figures_whole = not (_cuts_figure(held.signs, at) or _cuts_figure(held.signs, end))
        words_whole = not (_cuts_word(text, start) or _cuts_word(text, stop))
        if figures_whole and words_whole and not _NEGATION.search(text[:start][-_BEFORE:]):
            return start, stop + _closing(quote, text[stop:])
        at = held.signs.find(wanted, at + 1)
    return None


def _closing(quote: str, rest: str) -> int:
    """1 where a quote ends with a mark and so does what it is of, else 0."""
    ended, mark = quote.rstrip()[-1:], rest[:1]
    return int(all(one and unicodedata.category(one)[0] == "P" for one in (ended, mark)))


def _spelt(text: str) -> _Spelling:
    signs: list[str] = []
    origins: list[int] = []
    between: list[tuple[str, int]] = []
    for at, character in enumerate(text):
        for sign in _folded(character):
            if not _counts(sign):
                between.append((sign, at))
                continue
            if signs and _figure(signs[-1]) and _figure(sign):
                for mark, place in _parting(between, signs[-1] + sign):
                    signs.append(mark)
                    origins.append(place)
            between = []
            signs.append(sign)
            origins.append(at)
    return _Spelling("".join(signs), tuple(origins))


def _folded(character: str) -> str:
    """One character without its width and case: alone, so that its place stays known."""
    return unicodedata.normalize("NFKD", character).casefold().translate(_DASHES)


def _counts(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNSM" or sign in _MEANT


def _figure(sign: str) -> bool:
    return sign.isdigit() or sign in _HAN_FIGURES


def _parting(between: list[tuple[str, int]], figures: str) -> list[tuple[str, int]]:
    """The marks that part two figures; white space parts only Arabic ones, however much it is."""
    marks: list[tuple[str, int]] = []
    for sign, at in between:
        if unicodedata.category(sign)[0] == "P":
            marks.append((sign, at))
        elif sign.isspace() and _HAN_FIGURES.isdisjoint(figures):
            marks += [] if marks and marks[-1][0] == " " else [(" ", at)]
    return marks


def _cuts_figure(signs: str, at: int) -> bool:
    """Whether a figure goes on across a place."""
    if at in (0, len(signs)):
        return False
    if signs[at] in _MEANT:
        return signs[at - 1].isdigit()
    left, right = at, at
    while left and signs[left - 1] in _JOINS:
        left -= 1
    while right < len(signs) and signs[right] in _JOINS:
        right += 1
    return left > 0 and right < len(signs) and _figure(signs[left - 1]) and _figure(signs[right])


def _cuts_word(text: str, at: int) -> bool:
    """Whether a Latin word goes on across a place of the printed text."""
    around = text[max(0, at - 1) : at + 1]
    return len(around) == 2 and all(one.isalpha() and one < "Ⰰ" for one in around)  # noqa: PLR2004
