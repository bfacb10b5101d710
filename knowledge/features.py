"""What a ranker looks at: one row of figures for every candidate, from what the legs saw of it.

Pure arithmetic. Most figures are taken relative to the best candidate's, or to what the question
weighs, so that they mean the same for a short question and a long one, in ten clauses and in a
hundred thousand.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.counting import Counted
from knowledge.fusion import Floats, Legs
from knowledge.surroundings import AROUND

DEPTH = 60
"""How many of the default's best candidates are ranked anew; the rest stay behind them."""
PLAIN = (
    "fused", "fused_share", "fused_place", "fused_gap",
    "words", "words_share", "words_place", "pairs", "pairs_share", "pairs_place",
    "near", "near_share", "near_place", "beside",
    "brief_share", "brief_place", "long_share", "brief_pairs_share",
    "covered", "covered_share", "about", "ideas", "wants", "rule",
    "words_held", "pairs_held", "rarest_held", "rarest_missing", "length", "position",
    "words_dense", "pairs_dense",
    "before_2", "before_1", "after_1", "after_2", "around_5", "around_20",
    "policy_share", "policy_best", "like_best", "like_first",
    "asked_words", "asked_rarity", "asked_best", "asked_near", "asked_margin",
    "from_best", "votes_3", "votes_15", "votes_60",
    *AROUND,
)  # fmt: skip
"""What needs nothing learnt."""
TAUGHT = (
    *(
        name + part
        for name in ("learnt", "close", "both")
        for part in ("", "_share", "_place", "_gap")
    ),
    "both_before", "both_after", "both_around", "both_like_best", "both_like_first",
    "both_from_best", "both_votes_3", "both_votes_15", "both_votes_60",
)  # fmt: skip
MEMORY = (
    "told", "told_sum", "told_near", "told_count", "told_near_sum", "told_both",
    "told_beside", "told_most", "told_share", "told_both_most", "told_both_gap",
)  # fmt: skip
"""What earlier confirmed answers say (knowledge.memory)."""
NAMES = PLAIN + TAUGHT + MEMORY
"""The figures of a candidate's row, in order. Another list of names is another ranker's."""
UNIT = 0.3
"""What stands at the end of a question's vector before it is turned."""

_FEW = 5
_TINY = 1e-6
_BRIEF = (0.3, 0.9)
_LONG = (2.0, 0.3)
_FAR = 200
_VOTES = 10
_REACHES = (3, 15, 60)
_USUAL = (0.9, 0.6)


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of N candidates of one question, in one order.

    `rows` rise by one from a clause to the next of its policy, `positions` go from 0 at a
    policy's first clause to 1 at its last. `vectors` are N by dimensions and `vector` is the
    question's; both are without dimensions where there is no embedder. A pair of neighbours
    weighs `pair_weight` beside a word. `around` has AROUND's figures for the candidates that `best`
    names, 0 for others. `named` are candidates that a confirmed answer names.
    """

    rows: NDArray[np.intp]
    legs: Legs
    fused: Floats
    words: Counted
    pairs: Counted
    positions: Floats
    vectors: Floats
    vector: Floats
    pair_weight: float
    around: Floats
    named: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class View:
    """What a ranker needs of a sight: of its best DEPTH candidates and those named, best first.

    `order` says where they stood in the sight. `figures` are those of PLAIN. `shares` is how much
    each of `tokens` gives each of them, in the measure that tokens' worth is learnt in.
    """

    order: NDArray[np.intp]
    rows: NDArray[np.intp]
    policy: NDArray[np.intp]
    figures: Floats
    tokens: tuple[str, ...]
    shares: Floats
    vectors: Floats
    vector: Floats


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a ranker has learnt before its trees: two more legs.

    `worth` is how much a token of a question counts beside its rarity, 1 where it is not named.
    `turn` takes a question's vector (with UNIT at its end) towards those of the clauses that
    answer such questions: the two factors of a matrix, of (dimensions + 1) by rank and rank by
    dimensions; without columns it turns nothing.
    """

    worth: Mapping[str, float]
    turn: tuple[Floats, Floats]

    def learnt(self, view: View) -> Floats:
        """The words' and pairs' score with every token at what it is worth."""
        worth = np.array([self.worth.get(token, 1.0) for token in view.tokens], dtype=np.float32)
        total: Floats = view.shares @ worth
        return total

    def close(self, view: View) -> Floats:
        """The likeness to the question's vector, turned."""
        down, up = self.turn
        if not view.vector.size:
            return np.zeros(len(view.rows), dtype=np.float32)
        turned = (np.append(view.vector, np.float32(UNIT)) @ down) @ up
        total: Floats = view.vectors @ (view.vector + turned)
        return total


def best(fused: Floats, named: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The places of the best DEPTH candidates and of those named, best first."""
    order = np.argsort(-fused, kind="stable")
    return order[(np.arange(len(order)) < DEPTH) | named[order]]


def look(sight: Sight) -> View:
    """The view of a sight; PLAIN's figures are relative to all its candidates."""
    order = best(sight.fused, sight.named)
    figures = np.zeros((0, len(PLAIN)), dtype=np.float32)
    if len(order):
        plain = [
            *_scores(sight),
            *_held(sight),
            *_around(sight),
            *_alike(sight.vectors, sight.fused),
            *_asked(sight),
            *_placed(sight.rows, sight.legs.policy, sight.fused),
            *sight.around.T,
        ]
        figures = np.stack(plain, axis=1).astype(np.float32)[order]
    words, pairs = sight.words.scores(*_USUAL), sight.pair_weight * sight.pairs.scores(*_USUAL)
    return View(
        order=order,
        rows=sight.rows[order],
        policy=sight.legs.policy[order],
        figures=figures,
        tokens=sight.words.tokens + sight.pairs.tokens,
        shares=np.concatenate([words, pairs], axis=1)[order].astype(np.float32),
        vectors=sight.vectors[order],
        vector=sight.vector,
    )


def figures_of(view: View, lessons: Lessons, told: Floats) -> Floats:
    """NAMES by each candidate of a view; `told` are those of MEMORY, a row for each candidate."""
    learnt, close = lessons.learnt(view), lessons.close(view)
    both = _spread(learnt) + 0.5 * _spread(close)
    taught = [
        figure
        for scores in (learnt, close, both)
        for figure in (scores, _spread(scores), _place(scores), _gap(scores))
    ]
    if len(both):
        shares = _spread(both)
        before, after = (_beside(view.rows, view.policy, shares, step) for step in (-1, 1))
        (around,) = _near_by(view.rows, shares, (10,))
        taught += [before, after, around, *_alike(view.vectors, both)]
        taught += _placed(view.rows, view.policy, both)
    else:
        taught += [both] * 9
    return np.concatenate([view.figures, np.stack(taught, axis=1), told], axis=1, dtype=np.float32)


def _scores(sight: Sight) -> list[Floats]:
    legs, whole, near = sight.legs, max(sight.legs.rarity, _TINY), _cosines(sight)
    brief = sight.words.scores(*_BRIEF).sum(axis=1)
    long = sight.words.scores(*_LONG).sum(axis=1)
    brief_pairs = sight.pairs.scores(*_BRIEF).sum(axis=1)
    return [
        sight.fused, _share(sight.fused), _place(sight.fused), _gap(sight.fused),
        legs.words / whole, _share(legs.words), _place(legs.words),
        legs.pairs / whole, _share(legs.pairs), _place(legs.pairs),
        near, _share(near), _place(near), legs.beside / whole,
        _share(brief), _place(brief), _share(long), _share(brief_pairs),
    ]  # fmt: skip


def _held(sight: Sight) -> list[Floats]:
    legs, rarities = sight.legs, sight.words.rarities
    held, pairs_held = sight.words.counts > 0, sight.pairs.counts > 0
    return [
        legs.covered,
        _share(legs.covered),
        legs.about,
        legs.ideas / max(legs.rarity, _TINY),
        legs.wants,
        legs.rule,
        held.sum(axis=1) / max(1, held.shape[1]),
        pairs_held.sum(axis=1) / max(1, pairs_held.shape[1]),
        (held * rarities).max(axis=1, initial=0.0),
        (~held * rarities).max(axis=1, initial=0.0),
        np.log1p(sight.words.lengths),
        sight.positions,
        sight.words.counts.sum(axis=1) / np.maximum(sight.words.lengths, _TINY),
        sight.pairs.counts.sum(axis=1) / np.maximum(sight.pairs.lengths, _TINY),
    ]


def _around(sight: Sight) -> list[Floats]:
    """How good the neighbours are, as far as they are candidates, and the whole policy."""
    strength, policy = _share(sight.fused), sight.legs.policy
    best = np.zeros(int(policy.max()) + 1)
    np.maximum.at(best, policy, strength)
    counts = np.bincount(policy) / len(policy)
    steps = (_beside(sight.rows, policy, strength, step) for step in (-2, -1, 1, 2))
    return [*steps, *_near_by(sight.rows, strength, (5, 20)), counts[policy], best[policy]]


def _beside(
    rows: NDArray[np.intp], policy: NDArray[np.intp], strength: Floats, step: int
) -> Floats:
    """The strength of the candidate so many clauses on in the same policy; 0 if there is none."""
    order = np.argsort(rows, kind="stable")
    at = order[np.minimum(np.searchsorted(rows[order], rows + step), len(rows) - 1)]
    there = (rows[at] == rows + step) & (policy[at] == policy)
    found: Floats = np.where(there, strength[at], 0.0)
    return found


def _near_by(rows: NDArray[np.intp], strength: Floats, reaches: tuple[int, ...]) -> list[Floats]:
    """The mean strength of the clauses within each reach, those that are no candidates at 0."""
    order = np.argsort(rows, kind="stable")
    sums = np.concatenate(([0.0], np.cumsum(strength[order])))
    return [
        (
            sums[np.searchsorted(rows[order], rows + reach, side="right")]
            - sums[np.searchsorted(rows[order], rows - reach, side="left")]
            - strength
        )
        / (2 * reach)
        for reach in reaches
    ]


def _placed(rows: NDArray[np.intp], policy: NDArray[np.intp], scores: Floats) -> list[Floats]:
    """How far from the best it stands, and how many others of the best few stand near.

    Distances are in clauses of one policy, as shares of _FAR; each of the best few votes by its
    place.
    """
    first = np.argsort(-scores, kind="stable")[:_VOTES]
    apart = np.where(
        policy[:, None] == policy[first], np.abs(rows[:, None] - rows[first]), _FAR
    ).astype(np.float32)
    votes = 1 / np.arange(1, len(first) + 1, dtype=np.float32)
    near = [((apart > 0) & (apart <= reach)) @ votes for reach in _REACHES]
    return [np.minimum(apart[:, 0], _FAR) / _FAR, *near]


def _alike(vectors: Floats, scores: Floats) -> list[Floats]:
    """How alike each is to the best few and to the first, by their vectors."""
    if not vectors.shape[1]:
        return [np.zeros(len(scores), dtype=np.float32)] * 2
    best = np.argsort(-scores, kind="stable")[:_FEW]
    return [vectors @ vectors[best].mean(axis=0), vectors @ vectors[best[0]]]


def _asked(sight: Sight) -> list[Floats]:
    """What is the same for every candidate: the question's own figures."""
    ranked = np.sort(sight.fused)[::-1]
    margin = ranked[0] - ranked[min(9, len(ranked) - 1)]
    figures = (
        len(sight.words.tokens),
        sight.legs.rarity,
        ranked[0],
        _cosines(sight).max(initial=0.0),
        margin / max(abs(ranked[0]), _TINY),
    )
    return [np.full(len(sight.fused), figure, dtype=np.float32) for figure in figures]


def _cosines(sight: Sight) -> Floats:
    if not sight.vector.size:
        return np.zeros(len(sight.rows), dtype=np.float32)
    near: Floats = sight.vectors @ sight.vector
    return near


def _share(scores: Floats) -> Floats:
    shares: Floats = scores / max(float(scores.max(initial=0.0)), _TINY)
    return shares


def _spread(scores: Floats) -> Floats:
    low = float(scores.min(initial=0.0))
    shares: Floats = (scores - low) / max(float(scores.max(initial=0.0)) - low, _TINY)
    return shares


def _gap(scores: Floats) -> Floats:
    gaps: Floats = scores - scores.max(initial=0.0)
    return gaps


def _place(scores: Floats) -> Floats:
    """One by the place among all: 1 for the best, 1/2 for the next."""
    places = np.empty(len(scores), dtype=np.float32)
    places[np.argsort(-scores, kind="stable")] = 1 / np.arange(1, len(scores) + 1)
    return places
