"""LambdaRank over scikit-learn's trees: boosting that looks at the order, not at each candidate.

For every pair of a relevant candidate and another of the same question, the better has to gain on
the other by how sure the scores are of the wrong order (a logistic curve) times what swapping the
two would change in nDCG (Burges, "From RankNet to LambdaRank to LambdaMART", 2010). A tree is
fitted to these forces by Newton's step, and the scores move by a small part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.fusion import Floats
from knowledge.ranking import Tree

_TOP = 15
"""Only pairs with one of them among the first so many count: nobody reads further."""
_HELD = 10.0
_MANY = 1_000
_LIGHT = 0.1
"""Candidates that weigh less than this by the mean are as good as settled, and left out."""
_SHARE = 0.5
"""The share of the questions that each tree sees."""
_FIGURES = 0.2
"""The share of the figures that each split may use: trees that differ say more together."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How many forests of how many trees, how large, and how much of each tree is believed."""

    forests: int
    trees: int
    leaves: int
    least: int
    rate: float


def growth_for(questions: int) -> Growth:
    """What so many questions can carry: with few, few small trees."""
    if questions < _MANY:
        trees = min(300, max(30, questions * 5 // 4))
        return Growth(forests=4, trees=trees, leaves=6, least=30, rate=0.05)
    return Growth(forests=5, trees=150, leaves=16, least=40, rate=0.1)


def boost(
    figures: Sequence[Floats],
    relevant: Sequence[NDArray[np.bool_]],
    begin: Sequence[Floats],
    growth: Growth,
    seed: int,
) -> list[Tree]:
    """Trees whose sum, added to the scores they `begin` with, orders every question's candidates.

    One array a question in each; the candidates of a question in one order.
    """
    from sklearn.tree import ExtraTreeRegressor  # type: ignore[import-untyped] # noqa: PLC0415

    random = np.random.default_rng(seed)
    sizes = np.array([len(one) for one in relevant])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    rows = np.concatenate(figures).astype(np.float32)
    scores = np.concatenate(begin).astype(np.float64)
    pairs = _Pairs(relevant, sizes)
    trees = []
    for _ in range(growth.trees):
        chosen = random.random(len(sizes)) < _SHARE
        inside = chosen[owner]
        force, weight = pairs.forces(scores)
        inside &= weight > _LIGHT * weight.mean()
        if not inside.any():
            break
        fitted = ExtraTreeRegressor(
            max_leaf_nodes=growth.leaves,
            min_samples_leaf=growth.least,
            max_features=_FIGURES,
            random_state=int(random.integers(2**31)),
        ).fit(rows[inside], force[inside] / weight[inside], sample_weight=weight[inside])
        tree = grown(fitted.tree_)
        leaf = fitted.apply(rows)
        forces = np.bincount(leaf[inside], force[inside], minlength=len(tree.value))
        weights = np.bincount(leaf[inside], weight[inside], minlength=len(tree.value))
        # Newton's step, held towards 0 where a leaf knows little.
        tree = replace(tree, value=growth.rate * forces / (weights + _HELD))
        scores += tree.value[leaf]
        trees.append(tree)
    return trees


def grown(tree: Any) -> Tree:  # noqa: ANN401 - scikit-learn ships no types
    """A tree of scikit-learn's as ours, its leaves empty."""
    ends = tree.children_left < 0
    here = np.arange(tree.node_count)
    return Tree(
        feature=np.where(ends, 0, tree.feature),
        threshold=np.where(ends, 0.0, tree.threshold),
        left=np.where(ends, here, tree.children_left),
        right=np.where(ends, here, tree.children_right),
        value=np.zeros(tree.node_count),
    )


class _Pairs:
    """Every pair of a relevant candidate and another of its question."""

    def __init__(self, relevant: Sequence[NDArray[np.bool_]], sizes: NDArray[np.intp]) -> None:
        most = int(sizes.max())
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        self._cells = np.full((len(sizes), most), -1, dtype=np.intp)
        wanted = np.zeros((len(sizes), most), dtype=np.bool_)
        for question, one in enumerate(relevant):
            self._cells[question, : len(one)] = starts[question] + np.arange(len(one))
            wanted[question, : len(one)] = one
        self._there = self._cells >= 0
        self._question, self._place = np.nonzero(wanted)
        self._some, self._starts = np.unique(self._question, return_index=True)
        self._others = self._there[self._question] & ~wanted[self._question]
        counts = wanted.sum(axis=1)
        gains = np.cumsum(1 / np.log2(np.arange(most) + 2))
        self._most = np.concatenate(([1.0], gains))[counts][self._question]
        self._size = int(sizes.sum())

    def forces(self, scores: Floats) -> tuple[Floats, Floats]:
        """How much each candidate has to rise, and how firmly: first and second derivative."""
        grid = np.where(self._there, scores[self._cells], -np.inf)
        order = np.argsort(-grid, axis=1, kind="stable")
        places = np.empty_like(order)
        np.put_along_axis(places, order, np.arange(grid.shape[1])[None, :], axis=1)
        discount = 1 / np.log2(places + 2)
        mine = (self._question, self._place)
        lead = grid[mine][:, None] - grid[self._question]
        wrong = 1 / (1 + np.exp(np.clip(lead, -50, 50)))
        change = np.abs(discount[mine][:, None] - discount[self._question]) / self._most[:, None]
        first = np.minimum(places[mine][:, None], places[self._question]) < _TOP
        pull = np.where(self._others & first, wrong * change, 0.0)
        firm = pull * (1 - wrong)
        force, weight = np.zeros(grid.shape), np.zeros(grid.shape)
        force[self._some] -= np.add.reduceat(pull, self._starts, axis=0)
        weight[self._some] += np.add.reduceat(firm, self._starts, axis=0)
        force[mine] += pull.sum(axis=1)
        weight[mine] += firm.sum(axis=1)
        return force[self._there], weight[self._there]
