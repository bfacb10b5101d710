"""The library: policies in from a folder, cited answers out. The room's face to `bot`."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from bank.database import Database, Transaction
from bank.generations import Generation, active_generation, switch_generation
from bank.policies import (
    ClauseRecord,
    Passage,
    PolicyRecord,
    clauses,
    clauses_of,
    find_passages,
    policy_versions,
)
from bank.revisions import Revision
from knowledge.answer import Answer, Citation, Failure, Query, Reason, SyncReport, cite
from knowledge.answering import MOST_CITED, MOST_NEAREST, Verdict, judge
from knowledge.errors import KnowledgeError, QuestionError, SyncError
from knowledge.question import Question, read_question
from knowledge.references import find_reference
from knowledge.sync import Plan, Report, make_plan

if TYPE_CHECKING:
    from knowledge.engine import Engine
    from knowledge.search import ClauseSearch

__all__ = [
    "Answer",
    "Citation",
    "Failure",
    "KnowledgeError",
    "Library",
    "PolicyRecord",
    "Query",
    "QuestionError",
    "SyncError",
    "SyncReport",
]


class Library:
    """The bank's policies. Safe to ask from several threads; one object a process is enough."""

    def __init__(self, database: Database, home: Path) -> None:
        """Open nothing yet. Chroma's files will lie in `home`/chroma, which only we may use."""
        self._database = database
        self._home = home

    def ask(self, query: Query) -> Answer:
        """What the policies say; QuestionError when the question is empty or too long."""
        began = time.perf_counter()
        question = read_question(query.text, query.lang)
        with self._database.read() as tx:
            answer = self._answer(tx, question, query)
        return replace(answer, took_ms=round((time.perf_counter() - began) * 1000))

    def sync(self, directory: Path, now: datetime, report: Report | None = None) -> SyncReport:
        """Take over a folder of policies; SyncError, with nothing changed, if it cannot be.

        One file that fails keeps what the library held of it; the rest is still taken over.
        """
        with self._database.read() as tx:
            held = policy_versions(tx)
            before = active_generation(tx)
        plan = make_plan(directory, held, report)
        stale = before is not None and before.embedder != self._engine.embedder_name
        if plan.changes or stale:
            self._switch(plan, before, now, re_embed=stale)
        return _reported(plan)

    def versions(self) -> tuple[PolicyRecord, ...]:
        """Every version of every policy, by policy and then by the day it came into force."""
        with self._database.read() as tx:
            return policy_versions(tx)

    def show(self, policy: str, on: date) -> tuple[Citation, ...]:
        """Every clause of the version in force on a day, in order; none if there is none."""
        with self._database.read() as tx:
            for record in policy_versions(tx):
                if record.policy == policy and record.in_force(on):
                    return tuple(
                        cite(Passage(clause, record)) for clause in clauses_of(tx, record.id)
                    )
        return ()

    def close(self) -> None:
        """Wait for a dense index that is being rebuilt."""
        if "_engine" in self.__dict__:
            self._engine.close()

    @cached_property
    def _engine(self) -> "Engine":
        # Imported at first use: it brings numpy, tantivy and LangChain along.
        from knowledge.engine import Engine  # noqa: PLC0415

        return Engine(self._home / "chroma")

    def _answer(self, tx: Transaction, question: Question, query: Query) -> Answer:
        generation = active_generation(tx)
        if generation is None:
            return _refusal(question, "no_policies")
        search = self._engine.search_of(tx, generation)
        permitted = [policy for policy in search.policies if _may_show(policy, query)]
        if not permitted:
            return _refusal(question, "no_policies")
        if reference := find_reference(question.text, permitted):
            found = clauses_of(tx, reference.policy.id)
            passages = [
                Passage(clause, reference.policy)
                for clause in found
                if clause.number == reference.number
            ]
            if not passages:
                return _refusal(question, "unknown_clause")
            return _answered(question, [cite(passage) for passage in passages[:MOST_CITED]])
        verdict = self._verdict(tx, search, question, query, permitted)
        if verdict.status == "answered":
            return _answered(question, verdict.citations)
        return _refusal(question, verdict.reason, verdict.citations)

    def _verdict(
        self,
        tx: Transaction,
        search: "ClauseSearch",
        question: Question,
        query: Query,
        permitted: Sequence[PolicyRecord],
    ) -> Verdict:
        """The judgement over policies in the question's language, or over another that answers."""
        verdicts = {}
        for lang in question.langs:
            versions = {policy.id for policy in permitted if policy.lang == lang}
            hits = search.search(question, versions, lang)
            passages = find_passages(tx, [hit.clause_id for hit in hits])
            sound = [
                (passages[hit.clause_id], hit)
                for hit in hits
                if hit.clause_id in passages and _may_show(passages[hit.clause_id].policy, query)
            ]
            verdicts[lang] = judge(question, sound, lang, search.rarity)
            if verdicts[lang].status == "answered":
                return verdicts[lang]
        return verdicts[question.lang]

    def _switch(
        self, plan: Plan, before: Generation | None, now: datetime, *, re_embed: bool
    ) -> None:
        added = {record: self._engine.embed(found) for record, found in plan.added.items()}
        removed = {record.id for record in plan.removed}
        with self._database.read() as tx:
            kept = [clause for clause in clauses(tx) if clause.version_id not in removed]
        vectors: dict[str, bytes] = {}
        if re_embed:
            kept = list(self._engine.embed(kept))
            vectors = {clause.id: clause.vector for clause in kept}
        everything = [*kept, *(clause for found in added.values() for clause in found)]
        generation = Generation(
            id=uuid4().hex[:16],
            embedder=self._engine.embedder_name,
            clauses=len(everything),
            fingerprint=_fingerprint(everything),
            built_at=now,
        )
        self._engine.build(generation, everything)
        with self._database.write() as tx:
            switched = switch_generation(
                tx,
                generation,
                instead_of=before.id if before else None,
                revision=Revision(frozenset(removed), added),
                vectors=vectors,
                tokens={},
            )
        if not switched:
            raise SyncError("another sync finished in the meantime: run it again")
        self._engine.drop_others(generation)


def _may_show(policy: PolicyRecord, query: Query) -> bool:
    return policy.in_force(query.on) and policy.open_to(query.roles, query.units)


def _answered(question: Question, citations: Sequence[Citation]) -> Answer:
    return Answer("answered", "", "extractive", question.lang, tuple(citations), (), 0)


def _refusal(question: Question, reason: Reason, nearest: Sequence[Citation] = ()) -> Answer:
    shown = tuple(nearest[:MOST_NEAREST])
    return Answer("refused", reason, "extractive", question.lang, (), shown, 0)


def _fingerprint(records: Sequence[ClauseRecord]) -> str:
    digest = hashlib.sha256()
    for record in sorted(records, key=lambda record: record.id):
        digest.update(record.id.encode() + b"\0" + record.vector)
    return digest.hexdigest()


def _reported(plan: Plan) -> SyncReport:
    before = {record.path for record in plan.removed}
    after = {record.path for record in plan.added}
    return SyncReport(
        added=tuple(sorted(after - before)),
        updated=tuple(sorted(after & before)),
        removed=tuple(sorted(before - after)),
        unchanged=tuple(sorted(plan.unchanged)),
        failed=tuple(plan.failed),
    )
