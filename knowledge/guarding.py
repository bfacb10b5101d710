"""Fitting the guards on the bank's own questions, and telling whether they are any better.

Takes questions with the clause that answers each, and questions that nothing answers. What the
first clause found for each shows is the evidence; a guard is fitted for policies in each language,
and one for policies in another language than the question's, where there is enough of both kinds.
It is judged on questions it has not seen, and kept when it is surely better than the guard in use
at telling the two kinds apart, both weighing the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

import numpy as np

from bank.database import Transaction
from bank.guards import GuardRecord, keep_guard
from knowledge.calibration import Flags, Sample, fit, folded, sample, separation
from knowledge.evaluation import Report
from knowledge.evidence import Evidence
from knowledge.fusion import ACROSS, Floats
from knowledge.guard import Guard
from knowledge.learned import Learned
from knowledge.outcomes import Base, everyone
from knowledge.posed import Posed
from knowledge.question import LANGS, Question, read_question
from knowledge.scope import Scope
from knowledge.search import ClauseSearch
from knowledge.tuning import surely_better

FEWEST = 50
"""Questions with an answer that a guard is fitted on: with fewer, chance decides."""
FEWEST_OTHERS = 20
"""Questions without one."""
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """How a guard did: the shares answered of those with an answer and refused of the others.

    `separation` is how often one with an answer is above one without.
    """

    answered: float
    refused: float
    separation: float


@dataclass(frozen=True, slots=True)
class Fitting:
    """What fitting a guard came to: cross-validated figures, and the guard if it is better.

    `lang` is that of the policies, or "across".
    """

    lang: str
    questions: int
    others: int
    default: Line
    tuned: Line
    guard: Guard | None


def fit_guards(
    search: ClauseSearch,
    base: Base,
    posed: Sequence[Posed],
    learned: Learned,
    *,
    only: str | None = None,
    report: Report | None = None,
) -> tuple[Fitting, ...]:
    """A fitting for every guard with enough questions of both kinds; `only` one language's."""
    samples = gather(search, base, posed, learned, report)
    return tuple(
        judge_fit(name, found, learned.guards[name])
        for name, found in samples.items()
        if only in {None, name}
        and found.answerable.sum() >= FEWEST
        and (~found.answerable).sum() >= FEWEST_OTHERS
    )


def keep_guards(
    tx: Transaction, found: Sequence[Fitting], reading: str, made_by: str, now: datetime
) -> None:
    """Store the guards that are better, each active at once."""
    for one in found:
        if one.guard:
            metrics = {"questions": one.questions, "others": one.others}
            lines = {"default": asdict(one.default), "tuned": asdict(one.tuned)}
            record = GuardRecord(
                uuid4().hex[:16], one.lang, now, made_by, reading, metrics | lines, active=True
            )
            keep_guard(tx, record, one.guard.to_data())


def gather(
    search: ClauseSearch,
    base: Base,
    posed: Sequence[Posed],
    learned: Learned,
    report: Report | None = None,
) -> dict[str, Sample]:
    """By guard the evidence that questions give; those whose clause is not held are left out."""
    rows: dict[str, list[tuple[Evidence, bool, int]]] = {name: [] for name in (*LANGS, ACROSS)}
    roles, units = everyone(base)
    for number, one in enumerate(posed):
        if report:
            report("weighing the evidence", number, len(posed))
        question = read_question(one.text, one.lang, search.glossary)
        scope = Scope(one.on, roles, units)
        for lang in _asked_of(base, one, question):
            hits = search.search(question, scope, lang, 1, learned)
            if hits:
                name = lang if lang == question.lang else ACROSS
                rows[name].append((hits[0].evidence, one.answerable, number))
    return {
        name: sample(
            [evidence for evidence, _, _ in found],
            [answerable for _, answerable, _ in found],
            [number for _, _, number in found],
        )
        for name, found in rows.items()
    }


def _asked_of(base: Base, one: Posed, question: Question) -> tuple[str, ...]:
    """The languages whose policies say something of the guard: the answer's, or all."""
    if not one.answerable:
        return question.langs
    return tuple({base.lang_of(key) for key in base.wanted(one)})


def judge_fit(name: str, found: Sample, default: Guard) -> Fitting:
    """What fitting the guard of a sample comes to, against the one in use."""
    estimates, tuned = folded(found, FOLDS)
    before = _estimates(default, found)
    default_right = (before >= default.answer) == found.answerable
    tuned_right = tuned == found.answerable
    weights = np.where(
        found.answerable, 0.5 / found.answerable.mean(), 0.5 / (~found.answerable).mean()
    )
    kept = surely_better(weights * default_right, weights * tuned_right)
    return Fitting(
        lang=name,
        questions=int(found.answerable.sum()),
        others=int((~found.answerable).sum()),
        default=_line(before, default_right, found.answerable),
        tuned=_line(estimates, tuned_right, found.answerable),
        guard=fit(found) if kept else None,
    )


def _estimates(guard: Guard, found: Sample) -> Floats:
    rows = (Evidence(*row) for row in found.signals.tolist())
    return np.array([guard.estimate(evidence) for evidence in rows])


def _line(estimates: Floats, right: Flags, answerable: Flags) -> Line:
    return Line(
        answered=float(right[answerable].mean()),
        refused=float(right[~answerable].mean()),
        separation=separation(estimates, answerable),
    )


def told(fittings: Sequence[Fitting]) -> list[Mapping[str, object]]:
    """What came of it, as JSON has it."""
    return [
        {
            "lang": one.lang,
            "questions": one.questions,
            "others": one.others,
            "default": {name: round(value, 4) for name, value in asdict(one.default).items()},
            "tuned": {name: round(value, 4) for name, value in asdict(one.tuned).items()},
            "kept": one.guard is not None,
        }
        for one in fittings
    ]
