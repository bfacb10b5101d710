"""Every name the bank knows, found in a text exactly and at once, however many there are.

A name is held as one 64-bit number, the polynomial hash of its letters; a text's every stretch of
each length that names have is hashed in one go and looked up. No name is kept, none is missed, and
of 20 million names one stretch in 10¹¹ is taken for a name that it is not.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from knowledge.masking.folding import LOOSE, Folded, name_forms

Hashes = npt.NDArray[np.uint64]

SHORTEST = 2
"""A name of one letter would hide half of every text."""
LONGEST = 80
"""Of a longer name the beginning is looked for."""
_BASE = 0x9E37_79B9_7F4A_7C15
_INVERSE = pow(_BASE, -1, 1 << 64)


@dataclass(frozen=True, slots=True)
class Names:
    """The hashes of names by their length, and those of how names of that length begin."""

    whole: Mapping[int, Hashes] = field(default_factory=dict)
    beginnings: Mapping[int, Hashes] = field(default_factory=dict)

    def with_more(self, names: Iterable[str]) -> "Names":
        """These names and more; a company's also without its legal form."""
        by_length: dict[int, list[str]] = {}
        for form in name_forms(names):
            by_length.setdefault(min(len(form), LONGEST), []).append(form[:LONGEST])
        whole, beginnings = dict(self.whole), dict(self.beginnings)
        for length, some in by_length.items():
            if length < SHORTEST:
                continue
            signs = _codes("".join(some)).reshape(-1, length)
            whole[length] = _merged(whole.get(length), _hashes_of(signs))
            beginnings[length] = _merged(beginnings.get(length), _hashes_of(signs[:, :SHORTEST]))
        return Names(whole, beginnings)

    def find(self, text: Folded) -> Iterator[tuple[int, int]]:
        """The ranges of the folded text where a name stands; they may overlap."""
        bare = [n for n, sign in enumerate(text.text) if sign not in LOOSE]
        if len(bare) < SHORTEST or not self.whole:
            return
        codes = _codes("".join(text.text[n] for n in bare))
        sums = _running(codes)
        pairs = _stretches(sums, np.arange(len(bare) - SHORTEST + 1), SHORTEST)
        for length, held in self.whole.items():
            begun = np.flatnonzero(_among(pairs, self.beginnings[length]))
            starts = begun[begun <= len(bare) - length]
            for start in starts[_among(_stretches(sums, starts, length), held)].tolist():
                first, last = bare[start], bare[start + length - 1] + 1
                if _stands_alone(text.text, first, last):
                    yield first, last

    def __len__(self) -> int:
        return sum(map(len, self.whole.values()))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a stretch is no part of a longer word or number; Chinese knows no such boundary."""
    before = start > 0 and _go_on(text[start - 1], text[start])
    after = end < len(text) and _go_on(text[end - 1], text[end])
    return not (before or after)


def _go_on(one: str, next_one: str) -> bool:
    """Whether two signs make one word, of a script with spaces between words, or one number."""
    if one.isdigit() or next_one.isdigit():
        return one.isdigit() and next_one.isdigit()
    return all(sign.isalnum() and unicodedata.category(sign) != "Lo" for sign in (one, next_one))


def _codes(text: str) -> Hashes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _powers(base: int, count: int) -> Hashes:
    steps = np.full(count, base, np.uint64)
    steps[:1] = 1
    return np.multiply.accumulate(steps)


def _running(codes: Hashes) -> Hashes:
    """The running sum of code × base^place, in front of each place; modulo 2⁶⁴."""
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * _powers(_BASE, len(codes)), out=sums[1:])
    return sums


def _stretches(sums: Hashes, starts: npt.NDArray[np.intp], length: int) -> Hashes:
    """The hashes of the stretches of a length: the sum within, moved to the beginning."""
    moved: Hashes = (sums[starts + length] - sums[starts]) * _powers(_INVERSE, len(sums))[starts]
    return moved


def _hashes_of(signs: Hashes) -> Hashes:
    """The hashes of names of one length, a row each."""
    hashes: Hashes = signs @ _powers(_BASE, signs.shape[1])
    return hashes


def _merged(held: Hashes | None, more: Hashes) -> Hashes:
    return np.unique(more) if held is None else np.union1d(held, more)


def _among(wanted: Hashes, held: Hashes) -> npt.NDArray[np.bool_]:
    """Which of the hashes are held; `held` is sorted."""
    places = np.searchsorted(held, wanted)
    places[places == len(held)] = 0
    found: npt.NDArray[np.bool_] = held[places] == wanted
    return found
