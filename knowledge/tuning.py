"""Learning a ranker from a bank's own questions, and telling whether it is any good.

It is judged on questions it has not seen: the questions are split into folds, alike ones into
one, and each fold is ranked by what was learnt from the others. Whatever a training question's
features contain that was itself learnt (the lessons, the memory) was learnt without it too, so
that the trees see it as good as it will be on a new question and no better.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.boosting import boost, growth_for
from knowledge.features import Lessons, View, figures_of
from knowledge.fusion import Floats
from knowledge.lessons import Example, learn
from knowledge.memory import Memory, Remembered, blank
from knowledge.ranking import Forest, Ranker, begin

START = 10.0
"""What the default's score counts where the trees begin."""
SEEDS = 2
"""How many forests are grown and averaged."""

Report = Callable[[str, int, int], None]
"""Told of each step: its name, how much of it is done, of how much."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its view, and the rows that answer it, whether the view holds them or not."""

    asked: Remembered
    view: View

    @property
    def example(self) -> Example:
        """What lessons are learnt from."""
        return Example(self.view, np.isin(self.view.rows, list(self.asked.rows)))


def folds_of(asked: Sequence[Remembered], count: int, seed: int = 0) -> NDArray[np.intp]:
    """The fold of each question; those of the same words are in one."""
    groups = groups_of(asked)
    random = np.random.default_rng(seed)
    found: NDArray[np.intp] = (random.permutation(int(groups.max()) + 1) % count)[groups]
    return found


def groups_of(asked: Sequence[Remembered]) -> NDArray[np.intp]:
    """A number for each question, the same for those of the same words."""
    numbers: dict[frozenset[str], int] = {}
    return np.array([numbers.setdefault(one.tokens, len(numbers)) for one in asked], dtype=np.intp)


def cross_validate(
    cases: Sequence[Case],
    folds: NDArray[np.intp],
    *,
    remembering: bool,
    report: Report | None = None,
) -> list[list[int]]:
    """For every question the rows as ranked by what the other folds taught, best first."""
    count = int(folds.max()) + 1
    course = _Course(cases, folds, remembering=remembering)
    ranked: list[list[int]] = [[] for _ in cases]
    for fold in range(count):
        if report:
            report("learning", fold, count)
        ranker = course.ranker((fold,))
        memory = course.memory if remembering else None
        for at in np.flatnonzero(folds == fold).tolist():
            told = course.told(at, (fold,)) if memory else blank(len(cases[at].view.rows))
            scores = ranker.score(cases[at].view, told)
            best = np.argsort(-scores, kind="stable")
            ranked[at] = cases[at].view.rows[best].tolist()
    return ranked


def fit(cases: Sequence[Case], folds: NDArray[np.intp], *, remembering: bool) -> Ranker:
    """The ranker that all the questions teach."""
    return _Course(cases, folds, remembering=remembering).ranker(())


class _Course:
    """What is learnt from some of the folds, each lesson once."""

    def __init__(
        self, cases: Sequence[Case], folds: NDArray[np.intp], *, remembering: bool
    ) -> None:
        self._cases = cases
        self._examples = [case.example for case in cases]
        self._folds = folds
        self._groups = groups_of([case.asked for case in cases])
        self._remembering = remembering
        self._lessons: dict[frozenset[int], Lessons] = {}
        self.memory = Memory([case.asked for case in cases])

    def ranker(self, without: tuple[int, ...]) -> Ranker:
        """The ranker taught by every fold but some."""
        inside = np.flatnonzero(~np.isin(self._folds, without)).tolist()
        figures = []
        for at in inside:
            lessons = self.lessons((*without, int(self._folds[at])))
            told = blank(len(self._examples[at].relevant))
            if self._remembering:
                told = self.told(at, without)
            figures.append(figures_of(self._cases[at].view, lessons, told))
        relevant = [self._examples[at].relevant for at in inside]
        starts = [begin(self._cases[at].view, START) for at in inside]
        growth = growth_for(len(inside))
        forests = (boost(figures, relevant, starts, growth, seed) for seed in range(SEEDS))
        trees = [tree.times(1 / SEEDS) for forest in forests for tree in forest]
        return Ranker(self.lessons(without), START, Forest(trees))

    def lessons(self, without: tuple[int, ...]) -> Lessons:
        """The lessons of every fold but some."""
        key = frozenset(without)
        if key not in self._lessons:
            inside = np.flatnonzero(~np.isin(self._folds, without)).tolist()
            self._lessons[key] = learn([self._examples[at] for at in inside])
        return self._lessons[key]

    def told(self, at: int, without: tuple[int, ...]) -> Floats:
        """What the others' answers say of a question's candidates, never its own."""
        asked = self._cases[at].asked
        but = np.isin(self._folds, without) | (self._groups == self._groups[at])
        recalled = self.memory.recall(asked.tokens, asked.vector, but)
        return self.memory.tell(recalled, self._cases[at].view.rows.tolist())
