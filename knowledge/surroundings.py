"""What the clauses before and after a candidate hold of a question: pure arithmetic.

A rule is often cut into clauses of which each says a part: what a clause lacks, the one above or
below it may have.
"""

import numpy as np
from numpy.typing import NDArray

from knowledge.counting import Counted
from knowledge.fusion import Floats

REACH = 2
"""How many clauses before and after are looked at."""
AROUND = (
    "said_before_2", "said_before_1", "said_after_1", "said_after_2",
    "joined_before", "joined_after", "joined_1", "joined_2", "joined_pairs",
    "length_before", "length_after",
)  # fmt: skip
"""The figures of a candidate's surroundings, in order."""

_USUAL = (0.6, 0.6)
_TINY = 1e-6


def surroundings(
    words: Counted, pairs: Counted, places: NDArray[np.intp], pair_weight: float
) -> Floats:
    """AROUND's figures for each of N candidates.

    `words` and `pairs` have entries for the candidates and what is around them; `places` are N by
    2 * REACH + 1 indexes of those entries, from REACH clauses before to REACH after, and -1 where
    the version has ended. `said` is BM25 by what the question's words weigh, `joined` the share
    of the question that a clause and its neighbours hold beyond what it holds alone.
    """
    there = places >= 0
    whole = max(float(words.rarities.sum()), _TINY)
    scores = words.scores(*_USUAL).sum(axis=1) + pair_weight * pairs.scores(*_USUAL).sum(axis=1)
    said = np.where(there, scores[places], 0.0) / whole
    lengths = np.where(there, np.log1p(words.lengths[places]), 0.0)
    here = REACH
    joined = [
        _joined(words, places, there, first, last)
        for first, last in ((here - 1, here), (here, here + 1), (here - 1, here + 1), (0, 2 * here))
    ]
    figures = [
        *(said[:, step] for step in range(2 * REACH + 1) if step != here),
        *joined,
        _joined(pairs, places, there, 0, 2 * here),
        lengths[:, here - 1],
        lengths[:, here + 1],
    ]
    return np.stack(figures, axis=1).astype(np.float32)


def _joined(
    counted: Counted, places: NDArray[np.intp], there: NDArray[np.bool_], first: int, last: int
) -> Floats:
    """What of the question the clauses from one step to another hold and the middle one lacks."""
    steps = slice(first, last + 1)
    held = (counted.counts[places[:, steps]] > 0) & there[:, steps, None]
    alone = counted.counts[places[:, REACH]] > 0
    gained = (held.any(axis=1) & ~alone) * counted.rarities
    shares: Floats = gained.sum(axis=1) / max(float(counted.rarities.sum()), _TINY)
    return shares
