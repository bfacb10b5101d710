"""Earlier questions whose answers were confirmed, and what they say about a new one.

A question like one that was answered before is probably answered by the same clause. How alike
two questions are is the cosine of their words and pairs, each by how rare it is among the
questions themselves: what every question says ("what", "requirement") counts for little.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.features import MEMORY
from knowledge.fusion import Floats
from knowledge.question import Question
from knowledge.vectors import cosines

ALIKE = 0.15
"""From which likeness on an earlier question names its clauses as candidates."""
_MOST = 10


@dataclass(frozen=True, slots=True)
class Remembered:
    """An earlier question: its tokens, its vector (without dimensions if none), its clauses.

    A clause is named by its row in the search it was confirmed in.
    """

    tokens: frozenset[str]
    vector: Floats
    rows: frozenset[int]


@dataclass(frozen=True, slots=True)
class Recalled:
    """How alike each earlier question is to a new one: by words, and by vectors."""

    alike: Floats
    near: Floats


class Memory:
    """The earlier questions of one language. Never changes."""

    def __init__(self, earlier: Sequence[Remembered]) -> None:
        """Index every question by its tokens and by its clauses."""
        self._asked: dict[str, list[int]] = {}
        self._answered: dict[int, list[int]] = {}
        for number, one in enumerate(earlier):
            for token in one.tokens:
                self._asked.setdefault(token, []).append(number)
            for row in one.rows:
                self._answered.setdefault(row, []).append(number)
        self.earlier = tuple(earlier)
        self._rows = [one.rows for one in earlier]
        self._rarity = {
            token: math.log(1 + len(earlier) / len(numbers))
            for token, numbers in self._asked.items()
        }
        weights = (sum(self._rarity[token] ** 2 for token in one.tokens) for one in earlier)
        self._norms = np.sqrt(np.fromiter(weights, dtype=np.float64, count=len(earlier)))
        wide = {one.vector.size for one in earlier}
        self._vectors = (
            np.stack([one.vector for one in earlier])
            if len(wide) == 1 and wide != {0}
            else np.zeros((len(earlier), 0), dtype=np.float32)
        )

    def __len__(self) -> int:
        return len(self._rows)

    def recall(
        self, tokens: Collection[str], vector: Floats, but: NDArray[np.bool_] | None = None
    ) -> Recalled:
        """How alike the earlier questions are to one of these tokens; `but` are left out."""
        alike = np.zeros(len(self), dtype=np.float64)
        unseen = math.log(1 + len(self))
        whole = 0.0
        for token in tokens:
            weight = self._rarity.get(token, unseen)
            whole += weight**2
            if token in self._asked:
                alike[self._asked[token]] += weight**2
        alike /= np.maximum(self._norms * math.sqrt(whole), 1e-9)
        near: Floats = np.zeros(len(self), dtype=np.float32)
        if vector.size == self._vectors.shape[1]:
            near = cosines(self._vectors, vector)
        if but is not None:
            alike[but] = 0.0
            near = np.where(but, np.float32(0), near)
        return Recalled(alike, near)

    def same(self, tokens: Collection[str]) -> NDArray[np.bool_]:
        """Which earlier questions have the very same tokens."""
        return np.array([one.tokens == tokens for one in self.earlier], dtype=np.bool_)

    def named(self, recalled: Recalled) -> frozenset[int]:
        """The rows that answered the few earlier questions most like the new one."""
        best = np.argsort(-recalled.alike, kind="stable")[:_MOST]
        alike = (self._rows[at] for at in best if recalled.alike[at] >= ALIKE)
        return frozenset(row for rows in alike for row in rows)

    def tell(self, recalled: Recalled, rows: Sequence[int]) -> Floats:
        """MEMORY's figures for some rows, a row for each.

        `both` is the mean of the likeness by words and by vectors.
        """
        told = {name: np.zeros(len(rows), dtype=np.float32) for name in MEMORY}
        near = np.maximum(recalled.near, 0.0)
        both = (recalled.alike + near) / 2
        for at, row in enumerate(rows):
            numbers = self._kept(recalled, row)
            if numbers:
                alike = recalled.alike[numbers]
                told["told"][at] = alike.max()
                told["told_sum"][at] = (alike**2).sum()
                told["told_near"][at] = near[numbers].max()
                told["told_near_sum"][at] = (near[numbers] ** 4).sum()
                told["told_count"][at] = len(numbers)
                told["told_both"][at] = both[numbers].max()
            beside = self._kept(recalled, row - 1) + self._kept(recalled, row + 1)
            told["told_beside"][at] = recalled.alike[beside].max(initial=0.0)
        told["told_most"][:] = recalled.alike.max(initial=0.0)
        told["told_share"] = told["told"] / max(float(told["told"].max(initial=0.0)), 1e-6)
        told["told_both_most"][:] = both.max(initial=0.0)
        told["told_both_gap"] = told["told_both"] - told["told_both_most"]
        return np.stack([told[name] for name in MEMORY], axis=1)

    def _kept(self, recalled: Recalled, row: int) -> list[int]:
        return [number for number in self._answered.get(row, ()) if recalled.alike[number] > 0]


def tokens_of(question: Question) -> frozenset[str]:
    """What of a question is compared."""
    return frozenset((*question.words, *question.pairs))


def blank(count: int) -> Floats:
    """MEMORY's figures where there is nothing to remember."""
    return np.zeros((count, len(MEMORY)), dtype=np.float32)


def by_clause(
    pairs: Iterable[tuple[Question, Floats, str]], rows: Mapping[str, int]
) -> list[Remembered]:
    """Confirmed questions with their vectors and clause ids, one for each different question."""
    found: dict[str, tuple[Question, Floats, set[int]]] = {}
    for question, vector, clause_id in pairs:
        if clause_id in rows:
            found.setdefault(question.text, (question, vector, set()))[2].add(rows[clause_id])
    return [
        Remembered(tokens_of(question), vector, frozenset(held))
        for question, vector, held in found.values()
    ]
