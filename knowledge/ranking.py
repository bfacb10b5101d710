"""A ranker: plain data that orders the default's best candidates anew. Runs on numpy alone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.features import NAMES, PLAIN, Lessons, View, figures_of
from knowledge.fusion import Floats

READING = hashlib.sha256("\n".join(NAMES).encode()).hexdigest()[:12]
"""The features of this version, in short: a ranker fitted to others cannot be used."""

_FUSED = PLAIN.index("fused")


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree, one entry a node: go left when the feature is at most the threshold.

    A leaf leads to itself on both sides; what it adds to the score is its value.
    """

    feature: NDArray[np.intp]
    threshold: Floats
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    value: Floats

    def times(self, share: float) -> "Tree":
        """The same tree, counting that much."""
        return replace(self, value=self.value * share)


class Forest:
    """The sum of many trees, evaluated for all rows at once."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        """Lay the trees' nodes one after another."""
        self.trees = tuple(trees)
        sizes = [len(tree.value) for tree in trees]
        self._roots = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.intp)
        if not trees:
            self._roots = self._roots[:0]
        self._feature = _joined([tree.feature for tree in trees], np.intp)
        self._threshold = _joined([tree.threshold for tree in trees], np.float64)
        self._value = _joined([tree.value for tree in trees], np.float64)
        shifts = zip(trees, self._roots.tolist(), strict=True)
        # A pair of ways a node: index 0 is left, 1 is right.
        ways = [np.stack([tree.left, tree.right], axis=1) + root for tree, root in shifts]
        self._ways = np.concatenate(ways).ravel() if ways else np.zeros(0, dtype=np.intp)
        self._depth = max((_depth(tree) for tree in trees), default=0)

    def score(self, rows: Floats) -> Floats:
        """What the trees add up to, for every row."""
        if not self.trees or not len(rows):
            return np.zeros(len(rows))
        place = np.repeat(self._roots[None, :], len(rows), axis=0)
        base = (np.arange(len(rows)) * rows.shape[1])[:, None]
        flat = rows.astype(np.float32).ravel()
        for _ in range(self._depth):
            beyond = flat[base + self._feature[place]] > self._threshold[place]
            place = self._ways[2 * place + beyond]
        total: Floats = self._value[place].sum(axis=1)
        return total


@dataclass(frozen=True, slots=True)
class Ranker:
    """Lessons, and trees that add to `start` times the default's own score."""

    lessons: Lessons
    start: float
    forest: Forest

    def score(self, view: View, told: Floats) -> Floats:
        """The score of every candidate of a view; `told` is what memory says of them."""
        rows = figures_of(view, self.lessons, told)
        total: Floats = begin(view, self.start) + self.forest.score(rows)
        return total

    def order(self, view: View, told: Floats) -> NDArray[np.intp]:
        """Where the view's candidates stood in its sight, best first."""
        return view.order[np.argsort(-self.score(view, told), kind="stable")]

    def to_data(self) -> dict[str, Any]:
        """The ranker as JSON has it."""
        down, up = self.lessons.turn
        return {
            "worth": dict(self.lessons.worth),
            "turn": [down.tolist(), up.tolist()],
            "start": self.start,
            "trees": [
                {
                    "feature": tree.feature.tolist(),
                    "threshold": tree.threshold.tolist(),
                    "left": tree.left.tolist(),
                    "right": tree.right.tolist(),
                    "value": tree.value.tolist(),
                }
                for tree in self.forest.trees
            ],
        }


def from_data(data: Mapping[str, Any]) -> Ranker:
    """The ranker that `to_data` gave; KeyError, TypeError or ValueError when it is damaged."""
    down, up = (np.asarray(half, dtype=np.float32) for half in data["turn"])
    wide = len(down) - 1
    turn = (down.reshape(len(down), -1), up.reshape(-1, wide) if wide > 0 else up.reshape(0, 0))
    trees = [
        Tree(
            feature=np.asarray(tree["feature"], dtype=np.intp),
            threshold=np.asarray(tree["threshold"], dtype=np.float64),
            left=np.asarray(tree["left"], dtype=np.intp),
            right=np.asarray(tree["right"], dtype=np.intp),
            value=np.asarray(tree["value"], dtype=np.float64),
        )
        for tree in data["trees"]
    ]
    return Ranker(Lessons(dict(data["worth"]), turn), float(data["start"]), Forest(trees))


def begin(view: View, start: float) -> Floats:
    """What trees start from: the default's score below its best, `start` times."""
    fused = view.figures[:, _FUSED]
    scores: Floats = start * (fused - fused.max(initial=0.0))
    return scores


def _joined(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, dtype=kind)


def _depth(tree: Tree) -> int:
    """The most steps from the root to a leaf."""
    depth, level = 0, np.array([0])
    while True:
        below = np.concatenate([tree.left[level], tree.right[level]])
        below = np.setdiff1d(below, level)
        if not len(below):
            return depth
        depth, level = depth + 1, below
