"""The library: policies in from a folder, cited answers out. The room's face to `bot`."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bank.database import Database, Transaction
from bank.generations import active_generation
from bank.glossary import glossary_entries
from bank.people import unit_chains
from bank.policies import Passage, PolicyRecord, clauses_of, policy_versions
from bank.revisions import Revision
from knowledge.answer import Answer, Citation, Failure, Query, SeeAlso, SyncReport, cite
from knowledge.entries import read_entries
from knowledge.errors import KnowledgeError, QuestionError, SyncError, TuningError
from knowledge.glossary import Glossary, laid_over
from knowledge.llm.tracing import forbid_tracing
from knowledge.question import LANGS, read_question
from knowledge.revising import compare_versions, make_revision, report_on
from knowledge.scope import Scope
from knowledge.sync import Report, make_plan

if TYPE_CHECKING:
    from knowledge.asking import Prepared
    from knowledge.courses import Tuned
    from knowledge.engine import Engine
    from knowledge.guarding import Fitting
    from knowledge.llm.drafter import Drafter
    from knowledge.posed import Posed
    from knowledge.teaching import Teaching
    from knowledge.verified import Verified

__all__ = [
    "Answer",
    "Citation",
    "Failure",
    "KnowledgeError",
    "Library",
    "PolicyRecord",
    "Query",
    "QuestionError",
    "SeeAlso",
    "SyncError",
    "SyncReport",
]


NO_POLICIES = "there are no policies yet: take some in with daybook policy sync"


class Library:
    """The bank's policies. Safe to ask from several threads; one object a process is enough."""

    def __init__(
        self,
        database: Database,
        home: Path,
        embeddings: str = "wordllama",
        chroma_url: str = "",
        drafter: "Drafter | None" = None,
    ) -> None:
        """Open nothing yet.

        `embeddings` names the embedder, as DAYBOOK_EMBEDDINGS does. Chroma's files will lie in
        `home`/chroma, unless its server is at `chroma_url` (http://host:port). With a `drafter`
        answers are worded by its model where that works.
        """
        forbid_tracing()
        self._database = database
        self._home = home
        self._embeddings = embeddings
        self._chroma_url = chroma_url
        self._drafter = drafter

    def ask(self, query: Query) -> Answer:
        """What the policies say; QuestionError when the question is empty or too long."""
        began = time.perf_counter()
        drafting = self._drafter.begin(query) if self._drafter else None
        if drafting and (reading := drafting.rewritten()):
            query = replace(query, text=reading, earlier=())
        else:
            reading = ""
        with self._database.read() as tx:
            prepared = self._prepare(tx, query)
        answer = drafting.answer(prepared) if drafting else prepared.answer
        took = round((time.perf_counter() - began) * 1000)
        return replace(answer, reading=reading or answer.reading, took_ms=took)

    def search(self, query: Query, limit: int = 10) -> tuple[tuple[Passage, float], ...]:
        """The clauses nearest to a question, with their scores (0 to 1), best first.

        All are in force, open to whoever asks and in the question's language; QuestionError when
        the question is empty or too long.
        """
        from knowledge.asking import confirmed  # noqa: PLC0415 - what only questions need

        scope = Scope(query.on, query.roles, query.units)
        with self._database.read() as tx:
            generation = active_generation(tx)
            if generation is None:
                return ()
            search = self._engine.search_of(tx, generation)
            question = read_question(query.text, query.lang, search.glossary)
            learned = self._teaching.learned(tx, search, generation)
            hits = search.search(question, scope, question.lang, limit, learned)
            found = confirmed(tx, hits, scope)
        return tuple((passage, hit.score) for passage, hit in found)

    def sync(
        self,
        directory: Path,
        now: datetime,
        report: Report | None = None,
        *,
        force: bool = False,
        check: bool = False,
    ) -> SyncReport:
        """Take over a folder of policies; SyncError, with nothing changed, if it cannot be.

        One file that fails keeps what the library held of it; the rest is still taken over. Only
        `force` lets most of the library go at once. With `check` it is only said what would be
        done. `now` is in the bank's time zone.
        """
        with self._database.read() as tx:
            held = policy_versions(tx)
            before = active_generation(tx)
            stale = before is not None and not self._engine.current(tx, before)
            units = unit_chains(tx)
        plan = make_plan(directory, held, report, units, self._engine.embedder.begin)
        with self._database.read() as tx:
            compared = compare_versions(tx, plan)
            told = report_on(tx, plan, compared, units)
        if check:
            return told
        if plan.empties and not force:
            raise SyncError(
                f"{len(plan.gone)} of the {len(held)} versions held are not in {directory}: nothing"
                " was changed; give --force if they are to go"
            )
        if plan.changes or stale:
            revision = make_revision(plan, compared, now.date(), units)
            if not self._engine.switch(before, revision, now, report):
                raise SyncError("another sync finished in the meantime: run it again")
        self._engine.settle()
        return told

    def glossary(self) -> Glossary:
        """The glossary in use: the shipped one with the bank's own entries laid over it."""
        with self._database.read() as tx:
            return laid_over(glossary_entries(tx))

    def import_glossary(self, path: Path, now: datetime, report: Report | None = None) -> Glossary:
        """Take a file's entries as the bank's own, instead of those held; the glossary then.

        Every clause is read again by them, and whoever answers follows as after a sync. Raises
        GlossaryError or SyncError, with nothing changed.
        """
        own = read_entries(path)
        with self._database.read() as tx:
            before = active_generation(tx)
            same = tuple(sorted(own, key=lambda entry: entry.key)) == glossary_entries(tx)
        if not same and not self._engine.switch(before, Revision(glossary=own), now, report):
            raise SyncError("a sync finished in the meantime: run it again")
        return laid_over(own)

    def tune(
        self,
        posed: "Sequence[Posed]",
        made_by: str,
        now: datetime,
        *,
        lang: str | None = None,
        report: Report | None = None,
    ) -> "Tuned":
        """Learn an order of candidates from questions, and keep it where it is surely better.

        With `lang` only the questions in it are learnt from.
        A ranker that is kept is active from the next question on. Raises TuningError.
        """
        from knowledge.courses import keep, tune  # noqa: PLC0415 - brings numpy along
        from knowledge.teaching import reading_of, remembered  # noqa: PLC0415

        with self._database.read() as tx:
            generation = active_generation(tx)
            if generation is None:
                raise TuningError(NO_POLICIES)
            search = self._engine.search_of(tx, generation)
            memories = {lang: remembered(tx, search, lang) for lang in LANGS}
            known = {lang: memory for lang, memory in memories.items() if memory}
            tuned = tune(tx, search, posed, known, only=lang, report=report)
        with self._database.write() as tx:
            keep(tx, tuned.found, reading_of(generation.embedder), made_by, now)
        return tuned

    def tune_guards(
        self,
        posed: "Sequence[Posed]",
        made_by: str,
        now: datetime,
        *,
        lang: str | None = None,
        report: Report | None = None,
    ) -> "tuple[Fitting, ...]":
        """Fit the line between answers and refusals, and keep it where it is surely better.

        Takes questions that a clause answers and others; nothing comes of too few. Raises
        TuningError when there are no policies.
        """
        from knowledge.guard import reading_of  # noqa: PLC0415 - brings numpy along
        from knowledge.guarding import fit_guards, keep_guards  # noqa: PLC0415
        from knowledge.outcomes import read_base  # noqa: PLC0415

        with self._database.read() as tx:
            generation = active_generation(tx)
            if generation is None:
                raise TuningError(NO_POLICIES)
            search = self._engine.search_of(tx, generation)
            # The confirmed answers may be to these very questions.
            learned = replace(self._teaching.learned(tx, search, generation), memories={})
            base = read_base(tx)
            found = fit_guards(search, base, posed, learned, only=lang, report=report)
        with self._database.write() as tx:
            keep_guards(tx, found, reading_of(generation.embedder), made_by, now)
        return found

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
        """Wait for a base that is being opened or built, and let others use Chroma's folder."""
        if "_engine" in self.__dict__:
            self._engine.close()

    @cached_property
    def _engine(self) -> "Engine":
        # Imported at first use: it brings numpy, tantivy and LangChain along.
        from knowledge.engine import Engine  # noqa: PLC0415

        return Engine(self._database, self._home, self._embeddings, self._chroma_url)

    @cached_property
    def _teaching(self) -> "Teaching":
        from knowledge.teaching import Teaching  # noqa: PLC0415 - the same

        return Teaching()

    @cached_property
    def _verified(self) -> "Verified":
        from knowledge.verified import Verified  # noqa: PLC0415 - the same

        return Verified()

    def _prepare(self, tx: Transaction, query: Query) -> "Prepared":
        from knowledge.asking import prepare, refusal  # noqa: PLC0415 - what only questions need

        generation = active_generation(tx)
        if generation is None:
            return refusal(read_question(query.text, query.lang), "no_policies")
        search = self._engine.search_of(tx, generation)
        learned = self._teaching.learned(tx, search, generation)
        return prepare(tx, query, search, learned, self._verified)
