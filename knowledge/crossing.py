"""The search with what it learns, measured on questions that it has not learnt from."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.evaluation import DEPTH, SINCE, Asked, Ranked, Report, Scratch
from knowledge.features import look
from knowledge.learned import reorder
from knowledge.memory import Memory, Remembered, tokens_of
from knowledge.question import Question
from knowledge.scope import Scope
from knowledge.tuning import Case, Earlier, cross_validate, folds_of, need_learner


def cross_rank(
    scratch: Scratch,
    asked: Sequence[Asked],
    folds: int,
    *,
    remembering: bool,
    report: Report | None = None,
) -> tuple[list[Ranked], list[Ranked]]:
    """What is found for every question after learning from the other folds, and before.

    `remembering`, the other folds' questions are confirmed answers as well, before and after.
    Raises TuningError when there is nothing to learn with.
    """
    need_learner()
    search = scratch.search
    questions = [replace(one.question, lang=scratch.lang_of(one.question)) for one in asked]
    earlier = _earlier(scratch, asked, questions)
    fold_of = folds_of(earlier, folds)
    memory = Memory(earlier if remembering else ())
    cases, kept = [], []
    before: list[list[int]] = [[] for _ in asked]
    after: list[list[int]] = [[] for _ in asked]
    for at, question in enumerate(questions):
        if report:
            report("asking the questions", at, len(questions))
        recalled = None
        if remembering:
            recalled = memory.recall(earlier[at].tokens, earlier[at].vector, fold_of == fold_of[at])
        named = memory.named(recalled) if recalled else ()
        sight = search.see(question, Scope(SINCE), question.lang, named)
        if sight is None:
            continue
        kept.append(at)
        cases.append(Case(earlier[at], look(sight)))
        order, _ = reorder(sight, None, memory, recalled)
        before[at] = sight.rows[order][:DEPTH].tolist()
    remembered = Earlier(earlier, fold_of) if remembering else None
    found = cross_validate(cases, fold_of[kept], remembered, report)
    for at, rows in zip(kept, found, strict=True):
        after[at] = rows

    return _ranked(scratch, asked, after), _ranked(scratch, asked, before)


def _earlier(
    scratch: Scratch, asked: Sequence[Asked], questions: Sequence[Question]
) -> list[Remembered]:
    """The questions as confirmed ones, each with the rows of the passages that answer it."""
    search = scratch.search
    row_of = {scratch.passage_of(key): row for row, key in enumerate(search.catalogue.ids)}
    return [
        Remembered(
            tokens_of(question),
            search.vector(question),
            frozenset(row_of.get(key, -1) for key in one.relevant),
        )
        for one, question in zip(asked, questions, strict=True)
    ]


def _ranked(
    scratch: Scratch, asked: Sequence[Asked], lists: Sequence[Sequence[int]]
) -> list[Ranked]:
    """Lists of rows as the passages they hold."""
    ids = scratch.search.catalogue.ids
    named = ([scratch.passage_of(ids[row]) for row in rows[:DEPTH]] for rows in lists)
    return [Ranked(one, tuple(names), 0.0) for one, names in zip(asked, named, strict=True)]
