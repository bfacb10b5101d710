"""One request's mask: what is sensitive in its texts goes under a placeholder, and comes back.

    [NAME-1-kqzvtr]   the first value, a name, in a mask whose sign is kqzvtr
    [NAME-1b-kqzvtr]  the same value written another way

The sign is drawn anew for every request and long after all its texts were written, so no text can
hold a placeholder that means something.
"""

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from knowledge.masking.folding import Folded, fold, letters, short_form
from knowledge.masking.recognisers import KINDS, Span, as_digits, joined, recognise

_LETTERS = "bcdfghjkmnpqrstvwxz"
_SIGN_LENGTH = 6
_SHORTEST_NUMBER = 5
"""Shorter account numbers and client ids would hide years and clause numbers."""
_TWO_LETTERS = 2
_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})-[0-9]+[a-z]*-?")
_MOST_GROUPS = 8
_FEW_LETTERS = 3
_TOKEN = re.compile(r"[0-9a-z]+")
_JOINT = re.compile(r"[ \n\r\t_./|-]{1,4}")
_HOME_PREFIX = re.compile(r"^\+?(?:00)?86(?=1[3-9][0-9]{9}$)")


class MaskingError(Exception):
    """A text cannot be masked for sure, so it must not leave; the message says why, not what."""


class Names(Protocol):
    """All names the bank knows."""

    def find(self, text: Folded) -> Iterable[tuple[int, int]]:
        """The ranges of a folded text where one stands."""
        ...


Held = Callable[[Collection[str]], AbstractSet[str]]
"""Which of these are numbers the bank gave out: account numbers and client ids."""


class Mask:
    """The mapping of one request. Whatever was masked once is known in every text after it."""

    def __init__(
        self, names: Names, held: Held, groupings: Collection[str] = (), sign: str = ""
    ) -> None:
        """A new mask, under a `sign` drawn at random unless one is given.

        `groupings` are how the bank writes its numbers (bank/identities), where not in one piece.
        """
        self._names = names
        self._held = held
        self._groupings: dict[int, list[str]] = {}
        for grouping in groupings:
            self._groupings.setdefault(grouping.count("0"), []).append(grouping)
        self._sign = sign or "".join(secrets.choice(_LETTERS) for _ in range(_SIGN_LENGTH))
        self._issued = re.compile(rf"\[[A-Z]+-[0-9]+[a-z]*-{self._sign}\]")
        self._values: dict[str, tuple[str, int]] = {}
        self._spellings: dict[int, list[str]] = {}
        self._back: dict[str, str] = {}

    def hide(self, *texts: str) -> tuple[str, ...]:
        """The texts with everything sensitive under placeholders; raises MaskingError.

        What one text gives away another may hold too, and what stood beside something hidden may
        come to light: so it goes on until nothing is found.
        """
        masked = texts
        while (hidden := tuple(self._hide(text) for text in masked)) != masked:
            masked = hidden
        return masked

    def show(self, text: str) -> str:
        """The text with every placeholder this mask gave out turned back into what it hides."""
        return self._issued.sub(lambda found: self._back.get(found[0], found[0]), text)

    def blank(self, masked: str) -> str:
        """A masked text with the kind alone in place of each placeholder."""
        return self._issued.sub(lambda found: f"{found[0].partition('-')[0]}]", masked)

    def names_somebody(self, text: str) -> bool:
        """Whether a text of somebody's names anyone whom this mask has not hidden before.

        A broken placeholder counts, a name of two letters does not: by chance too many texts hold
        one, and here there is no way back as there is from `hide`.
        """
        shown = self._issued.sub(lambda found: " " if found[0] in self._back else found[0], text)
        folded = fold(shown)
        found = (span for span in self._spans(folded, ()) if not _too_common(span))
        broken = _PLACEHOLDER.search(shown) or self._sign in folded.text
        return bool(broken) or any(True for _ in found)

    def _hide(self, text: str) -> str:
        ours = [found.span() for found in self._issued.finditer(text) if found[0] in self._back]
        if text.count(self._sign) != len(ours):
            raise MaskingError("a text holds this request's own sign")
        folded = fold(text)
        spans = self._spans(folded, ours)
        pieces: list[str] = []
        at = 0
        for span in spans:
            start, end = folded.span(span.start, span.end)
            pieces += [text[at:start], self._placeholder(span, folded, text[start:end])]
            at = end
        return "".join([*pieces, text[at:]])

    def _spans(self, folded: Folded, ours: Sequence[tuple[int, int]]) -> list[Span]:
        """What is to be hidden, in order, without overlaps, outside our own placeholders."""
        found = [
            *recognise(folded.text),
            *(Span("NAME", *span) for span in self._names.find(folded)),
            *self._numbers(folded),
        ]
        free = [
            span
            for span in found
            if not any(_overlap(folded.span(span.start, span.end), one) for one in ours)
        ]
        return joined(free)

    def _numbers(self, folded: Folded) -> list[Span]:
        """Account numbers and client ids, and what this mask has hidden before."""
        places: dict[str, list[tuple[int, int]]] = {}
        wanted: dict[str, str] = {}
        for start, end in _candidates(folded.text):
            for form in self._forms(folded.text[start:end]):
                places.setdefault(form, []).append((start, end))
                # Ids are compared as they are held: in capitals, in small letters, or as written.
                wanted |= {form: form, form.upper(): form}
                wanted.setdefault(folded.written(start, end), form)
        held = {wanted[one] for one in self._held(wanted)} if wanted else set()
        known = held | {value for value in self._values if value in places}
        return [
            Span(self._values.get(form, ("ACCOUNT", 0))[0], *span)
            for form in known
            for span in places.get(form, ())
        ]

    def _forms(self, stretch: str) -> set[str]:
        """How such a number may be held: as it stands, in one piece, or grouped as the bank does.

        Letters that look like digits may be meant for them.
        """
        forms = {stretch}
        for joined_up in {"".join(_TOKEN.findall(one)) for one in (stretch, as_digits(stretch))}:
            forms.add(joined_up)
            for grouping in self._groupings.get(len(joined_up), ()):
                signs = iter(joined_up)
                forms.add("".join(next(signs) if one == "0" else one for one in grouping))
        return {form for form in forms if len(form) >= _SHORTEST_NUMBER}

    def _placeholder(self, span: Span, folded: Folded, spelling: str) -> str:
        text = folded.text[span.start : span.end]
        value = letters(short_form(text)) if span.kind == "NAME" else _value(text)
        kind, number = self._values.setdefault(value, (span.kind, len(self._values) + 1))
        spellings = self._spellings.setdefault(number, [])
        if spelling not in spellings:
            spellings.append(spelling)
        nth = spellings.index(spelling)
        placeholder = f"[{kind}-{number}{_suffix(nth)}-{self._sign}]"
        self._back[placeholder] = spelling
        return placeholder


def _too_common(span: Span) -> bool:
    return span.kind == "NAME" and span.end - span.start <= _TWO_LETTERS


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _candidates(text: str) -> Iterable[tuple[int, int]]:
    """What may be a number the bank gave out: a word with a digit, or such words in a row.

    A row may hold a few letters by themselves as well: AC 77-0042.
    """
    words = [found.span() for found in _TOKEN.finditer(text)]
    for first in range(len(words)):
        start, end = words[first]
        for after, last in words[first : first + _MOST_GROUPS]:
            if after > start and not _JOINT.fullmatch(text, end, after):
                break
            word, end = text[after:last], last
            if not (_has_digit(word) or len(word) <= _FEW_LETTERS):
                break
            if _has_digit(text[start:end]):
                yield start, end


def _has_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def _value(text: str) -> str:
    """What two spellings of one value have in common."""
    letters = "".join(sign for sign in text if sign.isalnum() or sign in "@+")
    return _HOME_PREFIX.sub("", letters)


def _suffix(nth: int) -> str:
    """Nothing for the first spelling, then b, c, … z, bb, …."""
    return "" if nth == 0 else chr(ord("a") + nth) if nth < 26 else f"z{_suffix(nth - 25)}"  # noqa: PLR2004 - letters
