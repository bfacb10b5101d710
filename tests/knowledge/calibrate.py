# ruff: noqa: T201 - a tool that prints figures
"""Fit the guard of each language on the golden questions.

``python -m tests.knowledge.calibrate`` prints the figures that stand in knowledge/guard.py.
For every golden question it takes the evidence of the best clause and fits a logistic curve that
tells questions some policy answers from those none does, both kinds weighing the same, with a
little shrinkage. `answer` is the highest threshold that still answers nearly every answerable
question (ANSWERED of them; fewer across the languages, where a wrong answer is likelier);
`show` lets a tenth of the unanswerable ones through. The figures
after "unseen" are from tenfold cross-validation: each question judged by a fit without it.
"""

import tempfile
from pathlib import Path

import numpy as np

from bank.generations import active_generation
from bank.policies import find_passages
from knowledge.evidence import Evidence, weigh
from knowledge.fusion import ACROSS
from knowledge.question import read_question
from knowledge.scope import Scope
from tests.knowledge.golden import EVERYBODY, golden, open_library

ANSWERED = {"en": 0.98, "zh": 0.98, ACROSS: 0.9}
SHOW = 0.1
SIGNS = np.array([1, 1, -1, 1, 1, -1])  # a signal that pulls the wrong way is left out
SHRINKAGE = 0.01
STEPS = 4_000
OTHER = {"en": "zh", "zh": "en"}


def asked_of(name):
    """Golden questions, each with the language of the policies it is asked of."""
    if name != ACROSS:
        return [(asked, name) for asked in golden(name)]
    unknown = [asked for lang in OTHER for asked in golden(lang) if asked.policy is None]
    return [(asked, OTHER[asked.lang]) for asked in (*golden("cross"), *unknown)]


def evidence_of(name, home):
    """The evidence of every golden question's best clause, and whether a policy answers it."""
    library = open_library(home)
    signals, answerable = [], []
    with library._database.read() as tx:
        search = library._engine.search_of(tx, active_generation(tx))
        for asked, lang in asked_of(name):
            question = read_question(asked.text)
            found = search.search(question, Scope(asked.on, EVERYBODY), lang, limit=1)
            if not found:  # across the languages two texts may share nothing at all
                continue
            best = found[0]
            passage = find_passages(tx, [best.clause_id])[best.clause_id]
            question = question if lang == question.lang else question.across()
            signals.append(weigh(question, passage, best, search.rarity).signals())
            answerable.append(asked.policy is not None)
    library.close()
    return np.array(signals), np.array(answerable)


def fit(signals, answerable):
    """Intercept and weights of a logistic curve in which both kinds weigh the same."""
    balance = np.where(answerable, 0.5 / answerable.mean(), 0.5 / (1 - answerable.mean()))
    spread = np.maximum(signals.std(axis=0), 1e-6)
    signals = signals / spread  # so that shrinkage means the same for every signal
    intercept, weights = 0.0, np.zeros(signals.shape[1])
    for _ in range(STEPS):
        error = (curve(signals, intercept, weights) - answerable) * balance
        weights -= 0.5 * (signals.T @ error / len(answerable) + SHRINKAGE * weights)
        weights = np.where(weights * SIGNS > 0, weights, 0.0)
        intercept -= 0.5 * error.mean()
    return intercept, weights / spread


def curve(signals, intercept, weights):
    return 1 / (1 + np.exp(-(intercept + signals @ weights)))


def unseen(signals, answerable):
    """Every question's estimate by a fit that has not seen it."""
    folds = np.random.default_rng(0).integers(0, 10, len(answerable))
    estimates = np.zeros(len(answerable))
    for fold in range(10):
        part = folds == fold
        estimates[part] = curve(signals[part], *fit(signals[~part], answerable[~part]))
    return estimates


def separation(estimates, answerable):
    """How often an answerable question is above an unanswerable one."""
    return (estimates[answerable][:, None] > estimates[~answerable][None]).mean()


def main():
    for name in ("en", "zh", ACROSS):
        with tempfile.TemporaryDirectory() as home:
            signals, answerable = evidence_of(name, Path(home))
        intercept, weights = fit(signals, answerable)
        estimates = curve(signals, intercept, weights)
        answer = np.quantile(estimates[answerable], 1 - ANSWERED[name])
        held_out = unseen(signals, answerable)
        print(f"{name}: {Evidence.__slots__}")
        print(f"  Guard({intercept:.2f}, {tuple(weights.round(2).tolist())},")
        print(f"        answer={answer:.2f}, show={SHOW})")
        for kind, found in (("fitted", estimates), ("unseen", held_out)):
            print(
                f"  {kind}: separation {separation(found, answerable):.3f},"
                f" answered {np.mean(found[answerable] >= answer):.3f},"
                f" refused {np.mean(found[~answerable] < answer):.3f}"
            )


if __name__ == "__main__":
    main()
