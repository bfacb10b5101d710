"""How often each candidate says what was asked: exact counts, where an index only knows scores.

Tokens are kept as numbers, four bytes each, so that two hundred clauses are counted in a
millisecond. Two tokens may share a number once in billions; they would then count as one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.fusion import Floats

Numbers = NDArray[np.uint32]

_LOW_BITS = 0xFFFF


def numbers_of(tokens: Iterable[str]) -> Numbers:
    """Tokens as this process's numbers for them."""
    return np.fromiter(map(hash, tokens), dtype=np.int64).astype(np.uint32)


@dataclass(frozen=True, slots=True)
class Counted:
    """How often N entries hold each of a question's tokens in one field.

    `counts` is N by tokens, `lengths` relative to the usual one; both count the title as often as
    a profile says. `rarities` has a weight for each token.
    """

    tokens: tuple[str, ...]
    counts: Floats
    lengths: Floats
    rarities: Floats

    def scores(self, saturation: float, length: float) -> Floats:
        """BM25's share of every token, N by tokens; the two are its k1 and its b."""
        half = saturation * (1 - length + length * self.lengths)
        shares: Floats = self.counts * (saturation + 1) / (self.counts + half[:, None])
        return shares * self.rarities


class Column:
    """One field's tokens, row by row. Rows are only ever added."""

    def __init__(self) -> None:
        """Hold no rows."""
        self._rows: list[bytes] = []
        self._last = ("", b"")
        self._lengths = np.zeros(0, dtype=np.int32)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, tokens: str) -> None:
        """Add a row; tokens stand apart by spaces."""
        # A policy's clauses often share title and chapter: then they share the bytes as well.
        if tokens != self._last[0]:
            self._last = (tokens, numbers_of(tokens.split()).tobytes())
        self._rows.append(self._last[1])

    def lengths(self) -> NDArray[np.int32]:
        """How many tokens each row has."""
        known = self._lengths
        if len(known) < len(self._rows):
            fresh = np.fromiter(map(len, self._rows[len(known) :]), dtype=np.int32)
            known = self._lengths = np.concatenate([known, fresh // 4])
        return known

    def count(self, rows: Sequence[int], asked: Numbers) -> tuple[Floats, Floats]:
        """How often each of some rows holds each asked token, and how long each row is.

        `asked` are different from each other. The counts are rows by tokens.
        """
        held = [self._rows[row] for row in rows]
        lengths = np.fromiter(map(len, held), dtype=np.int64, count=len(held)) // 4
        tokens = np.frombuffer(b"".join(held), dtype=np.uint32)
        counts = np.zeros((len(held), len(asked)), dtype=np.float32)
        if len(asked) and len(tokens):
            order = np.argsort(asked)
            ranked = asked[order]
            # Most tokens were not asked for: their low bits tell.
            perhaps = np.zeros(_LOW_BITS + 1, dtype=np.bool_)
            perhaps[ranked & _LOW_BITS] = True
            at = np.flatnonzero(perhaps[tokens & _LOW_BITS])
            place = np.minimum(np.searchsorted(ranked, tokens[at]), len(ranked) - 1)
            same = ranked[place] == tokens[at]
            owner = np.repeat(np.arange(len(held)), lengths)[at[same]]
            cells = np.bincount(
                owner * len(asked) + order[place[same]], minlength=len(held) * len(asked)
            )
            counts = cells.reshape(counts.shape).astype(np.float32)
        return counts, lengths.astype(np.float32)
