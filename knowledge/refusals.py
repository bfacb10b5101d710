"""How well the guard tells a question that is answered from one that is not, in the same field.

Every question is asked twice of the same passages: once with all of them there, and once with its
right ones removed. Removed means that they cannot be found, are nobody's neighbour, and are not
among the ten that evidence is taken over; only how rare words are, and how long a passage usually
is, stays as it was. What is left is the same field, often the same chapter, so these are the near
misses that a threshold on a score cannot tell. Whole documents are removed with `group`, a pattern:
every passage whose id begins with the same match goes along.

The guard is judged on questions it was not fitted on: fitted by knowledge.calibration on the
questions of the other folds, both askings of a question in one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.calibration import Sample, sample, separation, unseen
from knowledge.errors import EvaluationError
from knowledge.evaluation import SINCE, Asked, Report, Scratch
from knowledge.evidence import Evidence
from knowledge.fusion import ACROSS, Floats
from knowledge.guard import GUARDS
from knowledge.scope import Scope

RATES = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3)
"""The answer rates that the curve is given at."""
SHOWN = 3
"""Among how many of the first a right passage counts as shown."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question's evidence with its right passages there and with them removed.

    None where nothing at all was found. `shown` says whether a right one was among the first.
    """

    there: Evidence | None
    removed: Evidence | None
    shown: bool
    guard: str


def ask_twice(
    scratch: Scratch, asked: Sequence[Asked], group: str | None = None, report: Report | None = None
) -> list[Asking]:
    """Every question with its right passages and without; EvaluationError for a bad pattern."""
    rows = {scratch.passage_of(key): row for row, key in enumerate(scratch.search.catalogue.ids)}
    grouped = _grouped(rows, group)
    askings = []
    for number, one in enumerate(asked):
        if report:
            report("asking the questions twice", number, len(asked))
        gone = {row for key in one.relevant if key in rows for row in grouped[key]}
        askings.append(_ask(scratch, one, gone))
    return askings


def judge(askings: Sequence[Asking], folds: int) -> dict[str, object]:
    """How well a guard fitted on the other folds separates, and the curve.

    `auroc_shown` leaves out the questions whose right passage was there and not among the first;
    `auroc_shipped` is the shipped guard's.
    """
    found = _sample(askings)
    estimates = unseen(found, folds)
    shown = np.array([one.shown for one in askings])
    kept = np.stack([shown, np.ones_like(shown)], axis=1).ravel()
    shipped = np.array(
        [
            GUARDS[one.guard].estimate(evidence) if evidence else 0.0
            for one in askings
            for evidence in (one.there, one.removed)
        ]
    )
    return {
        "questions": len(askings),
        "folds": folds,
        "auroc": round(separation(estimates, found.answerable), 4),
        "auroc_shown": round(separation(estimates[kept], found.answerable[kept]), 4),
        "auroc_shipped": round(separation(shipped, found.answerable), 4),
        "curve": _curve(estimates, found.answerable, shown),
        "signals": _alone(found),
    }


def _ask(scratch: Scratch, one: Asked, gone: set[int]) -> Asking:
    lang, scope = scratch.lang_of(one.question), Scope(SINCE)
    there = scratch.search.search(one.question, scope, lang)
    removed = scratch.search.without(gone).search(one.question, scope, lang)
    first = {scratch.passage_of(hit.clause_id) for hit in there[:SHOWN]}
    return Asking(
        there=there[0].evidence if there else None,
        removed=removed[0].evidence if removed else None,
        shown=not first.isdisjoint(one.relevant),
        guard=lang if lang == one.question.lang else ACROSS,
    )


def _grouped(rows: Mapping[str, int], group: str | None) -> dict[str, tuple[int, ...]]:
    """By passage the rows that are removed with it."""
    if group is None:
        return {key: (row,) for key, row in rows.items()}
    try:
        pattern = re.compile(group)
    except re.error as error:
        raise EvaluationError(f"--group is not a pattern: {error}") from None
    names = {key: found[0] if (found := pattern.match(key)) else key for key in rows}
    together: dict[str, list[int]] = {}
    for key, row in rows.items():
        together.setdefault(names[key], []).append(row)
    return {key: tuple(together[names[key]]) for key in rows}


def _sample(askings: Sequence[Asking]) -> Sample:
    """Each question's two askings one after the other; what found nothing has no evidence."""
    nothing = Evidence(*[0.0] * len(Evidence.__slots__))
    pairs = [(one.there or nothing, one.removed or nothing) for one in askings]
    evidence = [each for pair in pairs for each in pair]
    groups = np.repeat(np.arange(len(askings)), 2).tolist()
    return sample(evidence, [True, False] * len(askings), groups)


def _curve(
    estimates: Floats, answerable: NDArray[np.bool_], shown: NDArray[np.bool_]
) -> list[dict[str, float]]:
    """At each rate of answerable questions answered: the threshold, and what else is answered.

    `false_answers` is the share of the others answered; `right_shown` the share of those answered
    that had a right passage among the first.
    """
    yes, no = estimates[answerable], estimates[~answerable]
    curve = []
    for rate in RATES:
        line = float(np.quantile(yes, 1 - rate))
        curve.append(
            {
                "answered": rate,
                "threshold": round(line, 3),
                "false_answers": round(float((no >= line).mean()), 3),
                "right_shown": round(float(shown[yes >= line].mean()), 3),
            }
        )
    return curve


def _alone(found: Sample) -> dict[str, float]:
    """How well each signal separates by itself; below a half, it speaks against."""
    return {
        name: round(separation(found.signals[:, at], found.answerable), 3)
        for at, name in enumerate(Evidence.__slots__)
    }
