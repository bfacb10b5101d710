"""Learning two legs from questions whose clauses are known: what words are worth, and a turn.

Both maximise the same likelihood: that of drawing a relevant clause from a question's candidates
when each is drawn in proportion to the exponential of its score (softmax). Both start at what the
default says and are held there by a squared penalty, so that a word that was asked once, or a
direction that few questions point to, hardly moves. Solved with SciPy's L-BFGS-B.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.features import PLAIN, UNIT, Lessons, View
from knowledge.fusion import Floats

RANK = 16
"""How many directions a turn is made of."""
HELD = 30.0
"""How firmly a token is held at its rarity: as a question in which it made all the difference."""
STILL = 1.0
FEWEST_TURNS = 150
"""Questions from which a turn is learnt: fewer point nowhere."""
_ROUNDS = 25
_TURNS = 12
_SHARPNESS = 0.22
_DEEP = 32
MOST = 8
_LEAST = 0.02
_FUSED = PLAIN.index("fused")
_Loss = Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]


@dataclass(frozen=True, slots=True)
class Example:
    """One question's view, and which of its candidates answer it."""

    view: View
    relevant: NDArray[np.bool_]


def learn(examples: Sequence[Example]) -> Lessons:
    """The lessons of some questions; those without a relevant candidate teach nothing."""
    told = [one for one in examples if one.relevant.any()]
    if not told:
        wide = examples[0].view.vector.size if examples else 0
        return Lessons({}, _still(wide))
    return Lessons(learn_worth(told), learn_turn(told))


def learn_worth(examples: Sequence[Example]) -> dict[str, float]:
    """How much each token of the questions counts beside its rarity, where that is not 1."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped] # noqa: PLC0415 - an extra

    column: dict[str, int] = {}
    for one in examples:
        for token in one.view.tokens:
            column.setdefault(token, len(column))
    rows, columns, values = [], [], []
    start = 0
    for one in examples:
        at, which = np.nonzero(one.view.shares)
        own = np.array([column[token] for token in one.view.tokens], dtype=np.intp)
        rows.append(at + start)
        columns.append(own[which])
        values.append(one.view.shares[at, which])
        start += len(one.relevant)
    shape = (start, len(column))
    cells = (np.concatenate(rows), np.concatenate(columns))
    shares = csr_matrix((np.concatenate(values), cells), shape=shape, dtype=np.float64)
    across = shares.T.tocsr()
    draw = _Draw([one.relevant for one in examples])

    def loss(found: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        sharpness, moved = found[-1], found[:-1]
        value, slope = draw(shares @ (sharpness + moved))
        by_token = across @ slope
        value += 0.5 * HELD * float(moved @ moved)
        return value, np.append(by_token + HELD * moved, by_token.sum())

    found = _least(loss, np.append(np.zeros(len(column)), _SHARPNESS), _ROUNDS)
    sharpness = max(float(found[-1]), 1e-6)
    return {
        token: round(1 + float(found[at]) / sharpness, 3)
        for token, at in column.items()
        if abs(found[at]) > _LEAST * sharpness
    }


def learn_turn(examples: Sequence[Example]) -> tuple[Floats, Floats]:
    """The two factors of the turn; without columns where questions have no vectors."""
    wide = examples[0].view.vector.size
    if not wide or len(examples) < FEWEST_TURNS:
        return _still(wide)
    cut = [_first(one) for one in examples]
    draw = _Draw([relevant for relevant, _, _ in cut])
    near = np.zeros((len(cut), _DEEP, wide), dtype=np.float32)
    for at, (_, vectors, _) in enumerate(cut):
        near[at, : len(vectors)] = vectors
    there = np.arange(_DEEP) < np.array([len(one) for one, _, _ in cut])[:, None]
    asked = np.stack([np.append(one.view.vector, np.float32(UNIT)) for one in examples])
    fused = np.concatenate([scores for _, _, scores in cut])
    cosine = np.matmul(near, asked[:, :-1, None])[:, :, 0][there]

    def loss(found: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        turn = found[:-2].reshape(wide + 1, wide).astype(np.float32)
        leg = np.matmul(near, (asked @ turn)[:, :, None])[:, :, 0][there]
        value, slope = draw(found[-2] * cosine + found[-1] * fused + leg)
        slopes = np.zeros(there.shape, dtype=np.float32)
        slopes[there] = slope
        matrix = asked.T @ np.matmul(slopes[:, None, :], near)[:, 0] + STILL * turn
        value += 0.5 * STILL * float((turn * turn).sum())
        return value, np.append(matrix.ravel().astype(np.float64), [slope @ cosine, slope @ fused])

    begin = np.concatenate([np.zeros((wide + 1) * wide), [10.0, 10.0]])
    found = _least(loss, begin, _TURNS)
    turn = found[:-2].reshape(wide + 1, wide) / max(float(found[-2]), 1.0)
    left, size, right = np.linalg.svd(turn, full_matrices=False)
    down, up = left[:, :RANK] * size[:RANK], right[:RANK]
    return down.astype(np.float32), up.astype(np.float32)


def _still(wide: int) -> tuple[Floats, Floats]:
    """The factors of what turns nothing."""
    return np.zeros((wide + 1, 0), dtype=np.float32), np.zeros((0, wide), dtype=np.float32)


def _first(one: Example) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Of the first few candidates and the relevant ones: which answer, vectors, fused scores."""
    kept = np.flatnonzero(one.relevant | (np.arange(len(one.relevant)) < _DEEP - MOST))[:_DEEP]
    return one.relevant[kept], one.view.vectors[kept], one.view.figures[kept, _FUSED]


class _Draw:
    """The negative log-likelihood of the relevant candidates, and its slope by each score."""

    def __init__(self, relevant: Sequence[NDArray[np.bool_]]) -> None:
        sizes = np.array([len(one) for one in relevant])
        self.starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.intp)
        self.owner = np.repeat(np.arange(len(relevant)), sizes)
        wanted = np.concatenate(relevant).astype(np.float64)
        counts = np.add.reduceat(wanted, self.starts)
        self._wanted = wanted / np.maximum(counts, 1)[self.owner]

    def __call__(self, scores: Floats) -> tuple[float, NDArray[np.float64]]:
        best = np.maximum.reduceat(scores, self.starts)
        above = scores - best[self.owner]
        drawn = np.exp(above)
        total = np.add.reduceat(drawn, self.starts)
        value = -float((self._wanted * (above - np.log(total)[self.owner])).sum())
        return value, drawn / total[self.owner] - self._wanted


def _least(loss: _Loss, begin: NDArray[np.float64], rounds: int) -> NDArray[np.float64]:
    from scipy.optimize import minimize  # type: ignore[import-untyped] # noqa: PLC0415 - the same

    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    best: NDArray[np.float64] = found.x
    return best
