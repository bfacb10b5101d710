"""The heavy parts behind the library: the embedder, the dense index, the current search.

Only the library imports this module, and only when there is work: with it come numpy, tantivy
and LangChain, which `daybook --help` must not wait for.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from bank.database import Transaction
from bank.generations import Generation
from bank.policies import ClauseRecord, clauses, policy_versions
from knowledge import dense
from knowledge.embedding import NAME, WordLlamaEmbeddings
from knowledge.search import ClauseSearch

_log = logging.getLogger(__name__)


class Engine:
    """One process's indexes. Questions may come from several threads at once."""

    embedder_name = NAME

    def __init__(self, folder: Path) -> None:
        """Open nothing yet; `folder` will be Chroma's."""
        self._folder = folder
        self._lock = threading.Lock()
        self._search: ClauseSearch | None = None

    def search_of(self, tx: Transaction, generation: Generation) -> ClauseSearch:
        """The search over the active generation, built anew when that has changed."""
        with self._lock:
            if self._search is None or self._search.generation != generation.id:
                self._search = ClauseSearch(
                    generation.id, policy_versions(tx), clauses(tx), self._embedder, self._folder
                )
            return self._search

    def embed(self, records: Sequence[ClauseRecord]) -> tuple[ClauseRecord, ...]:
        """Clauses with their vectors."""
        vectors = self._embedder.embed_documents([record.text for record in records])
        return tuple(
            replace(record, vector=dense.to_bytes(vector))
            for record, vector in zip(records, vectors, strict=True)
        )

    def build(self, generation: Generation, records: Sequence[ClauseRecord]) -> None:
        """Build and check a generation's dense index, without anybody reading it yet.

        When Chroma cannot, the generation is still good: its vectors are in SQL, and exact search
        over them stands in.
        """
        ids = [record.id for record in records]
        vectors = dense.to_matrix([record.vector for record in records])
        try:
            dense.build(self._folder, generation.id, ids, vectors)
        except Exception:  # noqa: BLE001 - a cache may fail in any way
            _log.exception("the dense index cannot be built: exact search stands in for it")

    def drop_others(self, generation: Generation) -> None:
        """Delete what was built for other generations."""
        try:
            dense.drop_others(self._folder, generation.id)
        except Exception:  # noqa: BLE001 - the same
            _log.exception("old dense indexes stay: delete %s while nothing runs", self._folder)

    def close(self) -> None:
        """Wait for a dense index that is being rebuilt."""
        if self._search is not None:
            self._search.close()

    @cached_property
    def _embedder(self) -> WordLlamaEmbeddings:
        return WordLlamaEmbeddings()
