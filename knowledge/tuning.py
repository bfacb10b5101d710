"""Learning a ranker from a bank's own questions, and telling whether it is any good.

It is judged on questions it has not seen: the questions are split into folds, alike ones into
one, and each fold is ranked by what was learnt from the others. Whatever a training question's
features contain that was itself learnt (the lessons, the memory) was learnt without it too, so
that the trees see it as good as it will be on a new question and no better.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from knowledge.boosting import boost, growth_for
from knowledge.errors import TuningError
from knowledge.features import Lessons, View, figures_of
from knowledge.fusion import Floats
from knowledge.lessons import Example, learn
from knowledge.memory import Memory, Remembered, blank
from knowledge.ranking import Forest, Ranker, begin

START = 10.0
"""What the default's score counts where the trees begin."""
SURE = 0.975
_DRAWS = 2_000

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


def need_learner() -> None:
    """Raise TuningError unless there is something to learn with."""
    if find_spec("sklearn") is None:
        raise TuningError("learning needs scikit-learn: pip install 'daybook[tune]'")


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


@dataclass(frozen=True, slots=True)
class Earlier:
    """Confirmed answers to remember, with the fold that each stands in: -1 for none."""

    asked: Sequence[Remembered]
    folds: NDArray[np.intp]


def cross_validate(
    cases: Sequence[Case],
    folds: NDArray[np.intp],
    earlier: Earlier | None = None,
    report: Report | None = None,
) -> list[list[int]]:
    """For every question the rows as ranked by what the other folds taught, best first.

    At least three folds: what is learnt for a training question leaves out its own as well.
    """
    count = int(folds.max()) + 1
    course = _Course(cases, folds, earlier)
    ranked: list[list[int]] = [[] for _ in cases]
    for fold in range(count):
        if report:
            report("learning", fold, count + 1)
        ranker = course.ranker((fold,))
        for at in np.flatnonzero(folds == fold).tolist():
            view = cases[at].view
            best = np.argsort(-ranker.score(view, course.told(at, (fold,))), kind="stable")
            ranked[at] = view.rows[best].tolist()
    return ranked


def fit(cases: Sequence[Case], folds: NDArray[np.intp], earlier: Earlier | None = None) -> Ranker:
    """The ranker that all the questions teach."""
    return _Course(cases, folds, earlier).ranker(())


def surely_better(default: Floats, tuned: Floats) -> bool:
    """Whether figures of the same questions are higher, and by more than chance.

    Drawn anew with replacement, the questions must favour them SURE of the time.
    """
    random = np.random.default_rng(0)
    gains = tuned - default
    drawn = random.integers(len(gains), size=(_DRAWS, len(gains)))
    return float((gains[drawn].mean(axis=1) > 0).mean()) >= SURE


class _Course:
    """What is learnt from some of the folds, each lesson once."""

    def __init__(
        self, cases: Sequence[Case], folds: NDArray[np.intp], earlier: Earlier | None
    ) -> None:
        self._cases = cases
        self._examples = [case.example for case in cases]
        self._folds = folds
        self._earlier = earlier
        self._lessons: dict[frozenset[int], Lessons] = {}
        self._memory = Memory(earlier.asked if earlier else ())
        groups = groups_of([*(case.asked for case in cases), *(earlier.asked if earlier else ())])
        self._groups, self._earlier_groups = groups[: len(cases)], groups[len(cases) :]

    def ranker(self, without: tuple[int, ...]) -> Ranker:
        """The ranker taught by every fold but some."""
        inside = np.flatnonzero(~np.isin(self._folds, without)).tolist()
        figures = []
        for at in inside:
            lessons = self._learnt((*without, int(self._folds[at])))
            figures.append(figures_of(self._cases[at].view, lessons, self.told(at, without)))
        relevant = [self._examples[at].relevant for at in inside]
        starts = [begin(self._cases[at].view, START) for at in inside]
        growth = growth_for(len(inside))
        forests = (boost(figures, relevant, starts, growth, seed) for seed in range(growth.forests))
        trees = [tree.times(1 / growth.forests) for forest in forests for tree in forest]
        return Ranker(self._learnt(without), START, Forest(trees))

    def told(self, at: int, without: tuple[int, ...]) -> Floats:
        """What earlier answers say of a question's candidates: never its own, nor some folds'."""
        case = self._cases[at]
        if self._earlier is None:
            return blank(len(case.view.rows))
        but = np.isin(self._earlier.folds, without) | (self._earlier_groups == self._groups[at])
        recalled = self._memory.recall(case.asked.tokens, case.asked.vector, but)
        return self._memory.tell(recalled, case.view.rows.tolist())

    def _learnt(self, without: tuple[int, ...]) -> Lessons:
        key = frozenset(without)
        if key not in self._lessons:
            inside = np.flatnonzero(~np.isin(self._folds, without)).tolist()
            self._lessons[key] = learn([self._examples[at] for at in inside])
        return self._lessons[key]
