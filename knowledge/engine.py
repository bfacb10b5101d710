"""The heavy parts behind the library: the embedder, the current search, the base beside it.

Only the library imports this module, and only when there is work: with it come numpy, tantivy
and LangChain, which `daybook --help` must not wait for.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import numpy as np

from bank.database import Database, Transaction
from bank.generations import (
    Generation,
    active_generation,
    clause_vectors,
    count_since,
    switch_base,
)
from bank.glossary import glossary_entries
from bank.policies import ClauseRecord, PolicyRecord, clauses, policy_versions
from bank.revisions import Revision
from knowledge.analysis import rules
from knowledge.catalogue import Catalogue
from knowledge.chroma import Store
from knowledge.dense import Base, DenseIndex, to_matrix
from knowledge.embedding import BUNDLED, Embedder
from knowledge.glossary import Glossary, laid_over
from knowledge.indexing import Report, current, switch, tokens_of
from knowledge.lexical import Entry, LexicalIndex
from knowledge.masking.directory import directory_of
from knowledge.search import ClauseSearch
from knowledge.vectors import Matrix

SMALLEST_BASE = 100
"""Clauses from which a base is worth having; exact search over fewer takes microseconds."""
LARGEST_DELTA = 5_000
"""Clauses beside a base from which a new one is built, or a tenth of the base if that is less."""

_log = logging.getLogger(__name__)
_LARGEST_LOSS = 0.3
"""The share of a base that may be gone before a new one is built."""


class Engine:
    """One process's indexes. Questions may come from several threads at once."""

    def __init__(
        self, database: Database, home: Path, embeddings: str = BUNDLED, chroma_url: str = ""
    ) -> None:
        """Open nothing yet."""
        self.embedder = Embedder(embeddings, directory_of(database).blanked)
        self._database = database
        self._store = Store(home / "chroma", chroma_url)
        self._lock = threading.Lock()
        self._current: tuple[Generation, ClauseSearch] | None = None
        self._growing: threading.Thread | None = None

    def search_of(self, tx: Transaction, generation: Generation) -> ClauseSearch:
        """The search over the active generation; over the one before while another thread follows.

        Whatever is found is looked up in SQL again, so that an old search cannot show old words.
        """
        current = self._current
        if current and current[0] == generation:
            return current[1]
        if not self._lock.acquire(blocking=current is None) and current:
            return current[1]
        try:
            return self._follow(tx, generation)
        except BaseException:
            # The indexes may have been changed in part: the next question begins anew.
            self._current = None
            raise
        finally:
            self._lock.release()

    def current(self, tx: Transaction, generation: Generation) -> bool:
        """Whether a generation is of the embedder and the rules that hold today."""
        return current(generation, self.embedder, laid_over(glossary_entries(tx)))

    def switch(
        self,
        before: Generation | None,
        revision: Revision,
        now: datetime,
        report: Report | None = None,
    ) -> bool:
        """Write a revision as the generation after `before`; False if somebody was faster."""
        return switch(self._database, before, revision, now, self.embedder, report=report)

    def settle(self) -> None:
        """Build a new base if the one there is has been outgrown, and if this process may."""
        try:
            with self._database.read() as tx:
                generation = active_generation(tx)
                if generation is None or not _outgrown(tx, generation):
                    return
                if not self._store.claim():
                    _log.info("another process uses Chroma's folder: it will build the base")
                    return
                ids, vectors = _everything(clause_vectors(tx), generation.clauses)
            self._grow(generation, ids, vectors)
        except Exception:  # noqa: BLE001 - a cache may fail in any way
            _log.exception("no new base can be built: exact search stands in for it")

    def close(self) -> None:
        """Wait for a base that is being opened or built, and let go of Chroma's folder."""
        if self._growing:
            self._growing.join()
        if self._current and self._current[1].dense.base:
            self._current[1].dense.base.close()
        self._current = None
        self._store.close()

    def _follow(self, tx: Transaction, generation: Generation) -> ClauseSearch:
        current = self._current
        if current and current[0] == generation:
            return current[1]
        held = {policy.id: policy for policy in policy_versions(tx)}
        same = current and current[0].embedder == generation.embedder
        # Other rules, or another glossary: every clause says something else to the word index.
        if current and same and current[0].analysis == generation.analysis:
            search = self._changed(tx, current[1], held, generation)
            based = current[0].base == generation.base
        else:
            search = self._loaded(tx, held, generation)
            based = False
        if not based:
            search = search.based(self._base(search, generation))
        self._current = (generation, search)
        self._settle_beside(tx, generation)
        return search

    def _loaded(
        self, tx: Transaction, held: dict[str, PolicyRecord], generation: Generation
    ) -> ClauseSearch:
        """Everything anew, read once and kept no longer than needed."""
        glossary = laid_over(glossary_entries(tx))
        taken = _Taken(held, generation, glossary)
        lexical = LexicalIndex(taken.entries(clauses(tx)))
        catalogue = Catalogue().changed((), [*held.values()], taken.places)
        dense = DenseIndex(catalogue.ids, [taken.vectors()], None)
        return ClauseSearch(catalogue, lexical, dense, self._asked(generation), glossary)

    def _changed(
        self,
        tx: Transaction,
        search: ClauseSearch,
        held: dict[str, PolicyRecord],
        generation: Generation,
    ) -> ClauseSearch:
        """Only what differs: versions that went, and versions that came or were read again."""
        before = search.catalogue.policies
        stay = {key for key in before if key in held and held[key].since == before[key].since}
        removed = before.keys() - stay
        added = [policy for key, policy in held.items() if key not in stay]
        amended = [held[key] for key in stay if held[key] != before[key]]
        taken = _Taken(held, generation, search.glossary)
        came = clauses(tx, [policy.id for policy in added])
        lexical = search.lexical.changed(removed, taken.entries(came))
        catalogue = search.catalogue.changed(removed, added, taken.places, amended)
        dense = search.dense.changed(taken.vectors())
        return ClauseSearch(catalogue, lexical, dense, self._asked(generation), search.glossary)

    def _asked(self, generation: Generation) -> Embedder | None:
        """The embedder to ask questions with: none while the vectors are still another's."""
        if generation.embedder == self.embedder.name:
            return self.embedder
        _log.warning(
            "the policies' vectors are of %s, not of %s: run daybook policy sync",
            generation.embedder,
            self.embedder.name,
        )
        return None

    def _base(self, search: ClauseSearch, generation: Generation) -> Base | None:
        if not generation.base:
            return None
        catalogue = search.catalogue
        older = [p.id for p in catalogue.policies.values() if p.since <= generation.base_number]
        held = catalogue.of(older)
        return Base(self._store, generation.base, generation.base_clauses, search.dense, held)

    def _settle_beside(self, tx: Transaction, generation: Generation) -> None:
        """Settle in the background, in a process that answers and has Chroma's folder."""
        busy = self._growing and self._growing.is_alive()
        base = self._current[1].dense.base if self._current else None
        if not busy and base and base.ready and _outgrown(tx, generation):
            self._growing = threading.Thread(target=self.settle, name="settle")
            self._growing.start()

    def _grow(self, generation: Generation, ids: Sequence[str], vectors: Matrix) -> None:
        name = uuid4().hex[:16]
        graph = self._store.build(name, ids, vectors)
        if graph is None:
            _log.error("no base finds enough of these vectors: exact search stays")
        while True:
            with self._database.write() as tx:
                now = active_generation(tx)
                # Whatever was switched to meanwhile only adds and removes versions.
                if (
                    now is None
                    or now.base != generation.base
                    or now.embedder != generation.embedder
                ):
                    break
                switched = switch_base(
                    tx,
                    now.id,
                    instead_of=now.base,
                    base=name if graph else "",
                    number=generation.number,
                    clauses=len(ids),
                )
            if switched:  # and that is sure: until then the old one may still be needed
                self._store.drop_others(name, generation.base)
                return
        _log.info("another process built a base meanwhile")


class _Taken:
    """Clauses on their way from SQL into the indexes: what each needs of them, read once."""

    def __init__(
        self, policies: dict[str, PolicyRecord], generation: Generation, glossary: Glossary
    ) -> None:
        self._glossary = glossary
        self.places: list[tuple[str, str]] = []
        self._policies = policies
        self._trusted = generation.analysis == rules(glossary)
        self._vectors: list[bytes] = []

    def entries(self, found: Iterator[ClauseRecord]) -> Iterator[Entry]:
        for clause in found:
            self.places.append((clause.id, clause.version_id))
            self._vectors.append(clause.vector)
            tokens = clause.tokens if self._trusted else ""
            tokens = tokens or tokens_of(self._policies[clause.version_id], clause, self._glossary)
            yield Entry(clause.id, clause.version_id, tokens)

    def vectors(self) -> Matrix:
        matrix, self._vectors = to_matrix(self._vectors), []
        return matrix


def _outgrown(tx: Transaction, generation: Generation) -> bool:
    if generation.clauses < SMALLEST_BASE:
        return False
    if not generation.base_number:
        return True
    delta = count_since(tx, generation.base_number)
    gone = generation.base_clauses - (generation.clauses - delta)
    most = min(LARGEST_DELTA, max(SMALLEST_BASE, generation.base_clauses // 10))
    return delta > most or gone > _LARGEST_LOSS * generation.base_clauses


def _everything(found: Iterator[tuple[str, bytes]], count: int) -> tuple[list[str], Matrix]:
    ids: list[str] = []
    matrix = np.zeros((0, 0), dtype=np.float32)
    for row, (clause_id, vector) in enumerate(found):
        if not row:
            matrix = np.zeros((count, len(vector) // 4), dtype=np.float32)
        ids.append(clause_id)
        matrix[row] = np.frombuffer(vector, dtype="<f4")
    return ids, matrix
