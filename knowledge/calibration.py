"""Fitting a guard: from evidence that was enough, and that was not, to a curve and its thresholds.

A logistic curve, both kinds weighing the same, with a little shrinkage. A signal may only pull
the way it speaks (knowledge.evidence.AGAINST): what would pull the other way is left out, so that
a few odd questions cannot make an answer likelier for being less supported.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.evidence import AGAINST, SIGNALS, Evidence
from knowledge.fusion import Floats
from knowledge.guard import Guard

ANSWERED = 0.98
"""The share of questions with an answer that the shipped thresholds let through."""
SHOWN = 0.1
"""The share of questions without an answer that are shown the closest rules, or more."""
SHRINKAGE = 0.005
FOLDS = 10
_STEPS = 600
_SIGNS = np.array([-1.0 if name in AGAINST else 1.0 for name in SIGNALS])

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """Questions' evidence for the first clause found, and whether some clause answers them.

    Questions of one `group` are judged by a fit without any of them.
    """

    signals: Floats
    answerable: Flags
    groups: NDArray[np.intp]

    def part(self, chosen: Flags) -> "Sample":
        """Some of the questions."""
        return Sample(self.signals[chosen], self.answerable[chosen], self.groups[chosen])


def sample(
    evidence: Sequence[Evidence], answerable: Sequence[bool], groups: Sequence[int]
) -> Sample:
    """A sample from one evidence for each question."""
    signals = np.array([one.signals() for one in evidence]).reshape(-1, len(SIGNALS))
    return Sample(signals, np.array(answerable, dtype=bool), np.array(groups, dtype=np.intp))


def fit(found: Sample, answered: float = ANSWERED) -> Guard:
    """The guard of a sample with both kinds in it.

    Its threshold lets through the share `answered` of the questions with an answer.
    """
    intercept, weights = _fit(found)
    estimates = _curve(found.signals, intercept, weights)
    answer, show = thresholds(estimates, found.answerable, answered)
    return Guard(intercept, tuple(weights.tolist()), answer, show)


def thresholds(estimates: Floats, answerable: Flags, answered: float) -> tuple[float, float]:
    """From where on to answer, and from where on to show the closest rules."""
    answer = float(np.quantile(estimates[answerable], 1 - answered))
    show = float(np.quantile(estimates[~answerable], 1 - SHOWN))
    return answer, min(answer, show)


def unseen(found: Sample, folds: int = FOLDS) -> Floats:
    """Every question's estimate by a fit that has not seen its group."""
    return folded(found, folds)[0]


def folded(found: Sample, folds: int = FOLDS) -> tuple[Floats, Flags]:
    """Every question's estimate, and whether it is answered, by a guard that has not seen it."""
    names, groups = np.unique(found.groups, return_inverse=True)
    fold_of = (np.random.default_rng(0).permutation(len(names)) % folds)[groups]
    estimates, answered = np.zeros(len(fold_of)), np.zeros(len(fold_of), dtype=bool)
    for fold in range(folds):
        inside = fold_of == fold
        if inside.any():
            guard = fit(found.part(~inside))
            weights = np.array(guard.weights)
            estimates[inside] = _curve(found.signals[inside], guard.intercept, weights)
            answered[inside] = estimates[inside] >= guard.answer
    return estimates, answered


def separation(estimates: Floats, answerable: Flags) -> float:
    """How often a question with an answer is above one without (AUROC); ties count half."""
    order = np.argsort(estimates, kind="stable")
    ranked = estimates[order]
    first = np.searchsorted(ranked, ranked, side="left")
    last = np.searchsorted(ranked, ranked, side="right")
    places = np.empty(len(estimates))
    places[order] = (first + last + 1) / 2
    yes, no = int(answerable.sum()), int((~answerable).sum())
    return float((places[answerable].sum() - yes * (yes + 1) / 2) / (yes * no))


def _fit(found: Sample) -> tuple[float, Floats]:
    """Intercept and weights: Nesterov's steps, projected on what each signal may pull."""
    yes = found.answerable.mean()
    balance = np.where(found.answerable, 0.5 / yes, 0.5 / (1 - yes)) / len(found.answerable)
    middle = balance @ found.signals
    spread = np.maximum(np.sqrt(balance @ (found.signals - middle) ** 2), 1e-6)
    rows = (found.signals - middle) / spread  # so that shrinkage means the same for every signal
    steep = 4 / np.linalg.eigvalsh(rows.T @ (rows * balance[:, None])).max()
    weights = ahead = np.zeros(len(SIGNALS))
    intercept = 0.0
    for step in range(_STEPS):
        error = (_curve(rows, intercept, ahead) - found.answerable) * balance
        moved = ahead - steep * (rows.T @ error + SHRINKAGE * ahead)
        moved = np.where(moved * _SIGNS > 0, moved, 0.0)
        ahead = moved + step / (step + 3) * (moved - weights)
        weights = moved
        intercept -= 4 * float(error.sum())
    scaled: Floats = weights / spread
    return intercept - float(scaled @ middle), scaled


def _curve(signals: Floats, intercept: float, weights: Floats) -> Floats:
    curve: Floats = 1 / (1 + np.exp(-(intercept + signals @ weights)))
    return curve
