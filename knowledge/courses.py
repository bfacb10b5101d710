"""Tuning over the bank's own base: from its questions to a ranker that is kept or not."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

import numpy as np

from bank.database import Transaction
from bank.policies import clauses_of
from bank.rankings import RankerRecord, keep_ranker
from knowledge.errors import QuestionError, TuningError
from knowledge.evaluation import DEPTH, average_precision, recall
from knowledge.features import look
from knowledge.fusion import Floats
from knowledge.memory import Memory, Remembered, tokens_of
from knowledge.posed import Posed
from knowledge.question import Question, read_question
from knowledge.ranking import Ranker
from knowledge.scope import Scope
from knowledge.search import ClauseSearch
from knowledge.tuning import (
    Case,
    Earlier,
    Report,
    cross_validate,
    fit,
    folds_of,
    need_learner,
    surely_better,
)

FEWEST = 50
"""Questions of a language that tuning takes: with fewer, chance decides."""
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the questions."""

    recall: float
    precision: float


@dataclass(frozen=True, slots=True)
class Tuning:
    """What tuning a language came to: cross-validated figures, and the ranker if it is better."""

    lang: str
    questions: int
    unknown: tuple[str, ...]
    remembered: int
    default: Figures
    tuned: Figures
    ranker: Ranker | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A language whose questions are fewer than FEWEST, and how many they are."""

    lang: str
    questions: int


@dataclass(frozen=True, slots=True)
class Tuned:
    """What came of every language that questions were in."""

    found: tuple[Tuning, ...]
    skipped: tuple[Skipped, ...]


def tune(
    tx: Transaction,
    search: ClauseSearch,
    posed: Sequence[Posed],
    memories: Mapping[str, Memory],
    *,
    only: str | None = None,
    report: Report | None = None,
) -> Tuned:
    """A tuning for every language with enough questions; TuningError when none has."""
    need_learner()
    cases, unknown = _cases(tx, search, posed, memories, report)
    cases = {lang: found for lang, found in cases.items() if only in {None, lang}}
    enough = {lang: found for lang, found in cases.items() if len(found) >= FEWEST}
    if not enough:
        counts = ", ".join(f"{len(found)} in {lang}" for lang, found in sorted(cases.items()))
        raise TuningError(
            f"tuning takes at least {FEWEST} questions of a language whose clause is held: there"
            f" are {counts or 'none'}; a few hundred are better"
        )
    found = (
        _tune(lang, own, unknown.get(lang, ()), memories.get(lang), report)
        for lang, own in sorted(enough.items())
    )
    few = (Skipped(lang, len(own)) for lang, own in sorted(cases.items()) if lang not in enough)
    return Tuned(tuple(found), tuple(few))


def keep(
    tx: Transaction, found: Sequence[Tuning], reading: str, made_by: str, now: datetime
) -> None:
    """Store the rankers that are better, each active at once."""
    for one in found:
        if one.ranker:
            metrics = {"questions": one.questions, "remembered": one.remembered}
            figures = {"default": asdict(one.default), "tuned": asdict(one.tuned)}
            record = RankerRecord(
                uuid4().hex[:16], one.lang, now, made_by, reading, metrics | figures, active=True
            )
            keep_ranker(tx, record, one.ranker.to_data())


def _tune(
    lang: str,
    cases: Sequence[Case],
    unknown: tuple[str, ...],
    memory: Memory | None,
    report: Report | None,
) -> Tuning:
    folds = folds_of([case.asked for case in cases], FOLDS)
    earlier = None
    if memory and len(memory) >= FEWEST:
        earlier = Earlier(memory.earlier, np.full(len(memory), -1, dtype=np.intp))
    ranked = cross_validate(cases, folds, earlier, report)
    before = [case.view.rows.tolist() for case in cases]
    default, tuned = _figures(cases, before), _figures(cases, ranked)
    kept = surely_better(default.mean(axis=1), tuned.mean(axis=1))
    return Tuning(
        lang=lang,
        questions=len(cases),
        unknown=unknown,
        remembered=len(earlier.asked) if earlier else 0,
        default=Figures(*default.mean(axis=0).tolist()),
        tuned=Figures(*tuned.mean(axis=0).tolist()),
        ranker=fit(cases, folds, earlier) if kept else None,
    )


def _figures(cases: Sequence[Case], ranked: Sequence[Sequence[int]]) -> Floats:
    """Recall and average precision of every question."""
    return np.array(
        [
            (
                recall(rows, case.asked.rows, DEPTH),
                average_precision(rows, case.asked.rows, DEPTH),
            )
            for case, rows in zip(cases, ranked, strict=True)
        ]
    )


def _cases(
    tx: Transaction,
    search: ClauseSearch,
    posed: Sequence[Posed],
    memories: Mapping[str, Memory],
    report: Report | None,
) -> tuple[dict[str, list[Case]], dict[str, tuple[str, ...]]]:
    """By language the cases, and the places of questions whose clause is not held."""
    row_of = {key: row for row, key in enumerate(search.catalogue.ids)}
    everyone = _everyone(search)
    cases: dict[str, list[Case]] = {}
    unknown: dict[str, tuple[str, ...]] = {}
    for number, one in enumerate(posed):
        if report:
            report("asking the questions", number, len(posed))
        question = _question(one, search)
        wanted = _wanted(tx, search, one)
        rows = frozenset(row_of[key] for key in wanted if key in row_of)
        case = _case(search, question, Scope(one.on, *everyone), rows, memories)
        if case is None:
            unknown[question.lang] = (*unknown.get(question.lang, ()), one.place)
        else:
            cases.setdefault(question.lang, []).append(case)
    return cases, unknown


def _case(
    search: ClauseSearch,
    question: Question,
    scope: Scope,
    rows: frozenset[int],
    memories: Mapping[str, Memory],
) -> Case | None:
    """None when no clause in the question's language and in force answers it."""
    readable = search.readable(scope, question.lang)
    rows = frozenset(row for row in rows if readable[row])
    if not rows:
        return None
    asked = Remembered(tokens_of(question), search.kept_vector(question), rows)
    memory = memories.get(question.lang)
    named: frozenset[int] = frozenset()
    if memory:
        recalled = memory.recall(asked.tokens, asked.vector, memory.same(asked.tokens))
        named = memory.named(recalled)
    sight = search.see(question, scope, question.lang, named)
    return None if sight is None else Case(asked, look(sight))


def _everyone(search: ClauseSearch) -> tuple[frozenset[str], frozenset[str]]:
    """Every role and unit that some policy is for: questions are tuned over all of them."""
    policies = search.catalogue.policies.values()
    roles = frozenset(role for policy in policies for role in policy.audience)
    return roles, frozenset(unit for policy in policies for unit in policy.units)


def _question(one: Posed, search: ClauseSearch) -> Question:
    try:
        return read_question(one.text, one.lang, search.glossary)
    except QuestionError as error:
        raise TuningError(f'{one.place}: "question": {error}') from None


def _wanted(tx: Transaction, search: ClauseSearch, one: Posed) -> tuple[str, ...]:
    if one.relevant:
        return one.relevant
    versions = (
        policy.id
        for policy in search.catalogue.policies.values()
        if policy.policy == one.policy and policy.in_force(one.on)
    )
    return tuple(
        clause.id
        for version in versions
        for clause in clauses_of(tx, version)
        if one.clause in {clause.number, clause.label}
    )
