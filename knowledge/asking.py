"""A question's way to what the policies themselves say of it, inside one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from bank.database import Transaction
from bank.policies import Passage, PolicyRecord, clauses_of, find_passages
from knowledge.answer import Answer, Citation, Query, Reason, cite
from knowledge.answering import MOST_NEAREST, Verdict, judge_all
from knowledge.citing import MOST_CITED
from knowledge.followup import read_on
from knowledge.hit import Hit
from knowledge.question import Question, language_of, read_question
from knowledge.references import Reference, find_reference
from knowledge.related import see_also
from knowledge.scope import Scope
from knowledge.splitting import subclause

if TYPE_CHECKING:
    from knowledge.learned import Learned
    from knowledge.search import ClauseSearch
    from knowledge.verified import Verified


@dataclass(frozen=True, slots=True)
class Prepared:
    """The policies' own answer, and the clauses a model may be shown to word one.

    `passages` are in force and open to whoever asks, best first; none where a model has no part.
    """

    question: Question
    answer: Answer
    passages: tuple[Passage, ...] = ()


def prepare(
    tx: Transaction,
    query: Query,
    search: "ClauseSearch",
    learned: "Learned",
    verified: "Verified",
) -> Prepared:
    """Read the question, find what speaks to it, and judge that; raises QuestionError.

    A clause that is asked for by its number is quoted without a search, and an approved answer to
    the same question is served without one.
    """
    read = read_on(query.text, query.earlier)
    if read is None:
        question = read_question(query.text, query.lang, search.glossary)
        return _prepared(tx, query, search, learned, question, verified=verified)
    lang = query.lang or language_of(query.text)
    question = read_question(read.text, lang, search.glossary, read.asks)
    prepared = _prepared(tx, query, search, learned, question, verified=verified)
    return replace(prepared, answer=replace(prepared.answer, reading=read.text))


def _prepared(
    tx: Transaction,
    query: Query,
    search: "ClauseSearch",
    learned: "Learned",
    question: Question,
    *,
    verified: "Verified",
) -> Prepared:
    scope = Scope(query.on, query.roles, query.units)
    permitted = search.policies(scope)
    if not permitted:
        return refusal(question, "no_policies")
    if reference := find_reference(question.text, permitted):
        return _referred(tx, question, reference, permitted, scope)
    if approved := verified.answer(tx, question, scope):
        return Prepared(question, approved)
    verdict = _verdict(tx, search, question, scope, learned)
    if verdict.status == "refused":
        return refusal(question, verdict.reason, verdict)
    beside = see_also(tx, verdict.citations, permitted, scope)
    answer = Answer(
        verdict.status,
        "",
        "extractive",
        question.lang,
        verdict.citations,
        (),
        0,
        beside,
        fact=verdict.fact,
        clash=verdict.clash,
        estimate=verdict.estimate,
    )
    return Prepared(question, answer, verdict.found)


def refusal(question: Question, reason: Reason, verdict: Verdict | None = None) -> Prepared:
    """No answer, with the closest rules where the judgement has any."""
    nearest = verdict.citations[:MOST_NEAREST] if verdict else ()
    estimate = verdict.estimate if verdict else 0.0
    answer = Answer(
        "refused", reason, "extractive", question.lang, (), nearest, 0, estimate=estimate
    )
    return Prepared(question, answer, verdict.found if verdict else ())


def confirmed(
    tx: Transaction, hits: Sequence[Hit], scope: Scope
) -> tuple[tuple[Passage, Hit], ...]:
    """What was found and SQL still holds, in force and open to whoever asks, in the same order."""
    passages = find_passages(tx, [hit.clause_id for hit in hits])
    found = ((passages.get(hit.clause_id), hit) for hit in hits)
    return tuple((p, hit) for p, hit in found if p is not None and scope.admits(p.policy))


def _verdict(
    tx: Transaction, search: "ClauseSearch", question: Question, scope: Scope, learned: "Learned"
) -> Verdict:
    """The judgement over policies in the question's language and in the other."""

    def find(lang: str) -> tuple[tuple[Passage, Hit], ...]:
        return confirmed(tx, search.search(question, scope, lang, learned=learned), scope)

    # A question's tokens are met again in every sentence that is weighed.
    return judge_all(question, find, cache(search.lexical.rarity), learned.guards)


def _referred(
    tx: Transaction,
    question: Question,
    reference: Reference,
    permitted: Sequence[PolicyRecord],
    scope: Scope,
) -> Prepared:
    """The clause that was asked for by its number, as SQL holds it now."""
    pieces = [c.id for c in clauses_of(tx, reference.policy.id) if c.number == reference.number]
    passages = find_passages(tx, pieces)
    found = [passages[piece] for piece in pieces if piece in passages]
    citations = tuple(_cite_part(p, question) for p in found if scope.admits(p.policy))[:MOST_CITED]
    if not citations:
        return refusal(question, "unknown_clause")
    beside = see_also(tx, citations, permitted, scope)
    answer = Answer(
        "answered", "", "extractive", question.lang, citations, (), 0, beside, estimate=1.0
    )
    return Prepared(question, answer)


def _cite_part(passage: Passage, question: Question) -> Citation:
    """A clause with the paragraph or item marked that was asked for: 第十二条第二款, 3.2(b)."""
    part = subclause(passage.clause.text, question.text)
    return cite(passage, (part,) if part else ())
