"""Finding clauses: the word index led, dense vectors added at a small weight where they help.

Everything here is derived from SQL for one generation. What it finds are ids; nobody shows a
word of them before SQL confirmed each (library.py does).
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from langchain_core.embeddings import Embeddings

from bank.policies import ClauseRecord, PolicyRecord
from knowledge.dense import DenseIndex, to_matrix
from knowledge.hit import Hit
from knowledge.lexical import Entry, LexicalIndex, Profile
from knowledge.question import Question

CANDIDATES = 50


# Chosen on the golden questions of half the policies and checked on the other half: managers ask
# in words the policies do not use, so ideas count for more than they would for formal questions.
# No embedder that ships with us helps Chinese: with a share of 0 its vectors are not even asked.
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "en": Profile(
            words=0.5, pairs=0.6, about_words=0.3, ideas=2.5, wants=3.0, rule=5.0, dense=0.3
        ),
        "zh": Profile(
            words=1.0, pairs=0.4, about_words=0.3, ideas=2.5, wants=5.0, rule=5.0, dense=0.0
        ),
    }
)


class ClauseSearch:
    """The indexes of one generation."""

    def __init__(
        self,
        generation: str,
        policies: Sequence[PolicyRecord],
        clauses: Iterable[ClauseRecord],
        embedder: Embeddings,
        folder: Path,
    ) -> None:
        """Index the clauses; `folder` is Chroma's."""
        self.generation = generation
        self.policies = tuple(policies)
        titles = {policy.id: policy.title for policy in policies}
        kept = list(clauses)
        self._version_of = {clause.id: clause.version_id for clause in kept}
        self._lexical = LexicalIndex(
            Entry(c.id, c.version_id, f"{titles[c.version_id]} {c.heading}", c.text) for c in kept
        )
        self._vectors = [clause.vector for clause in kept]
        self._embedder = embedder
        self._folder = folder
        self._dense: DenseIndex | None = None

    def search(
        self, question: Question, versions: Collection[str], lang: str, limit: int = 10
    ) -> tuple[Hit, ...]:
        """The best clauses among some versions, all in `lang`, best first."""
        profile = PROFILES[lang]
        words = self._lexical.search(question, profile, versions, CANDIDATES)
        near = self._near(question, versions) if profile.dense else {}
        fused = fuse(words, near, profile.dense)
        best = sorted(fused, key=lambda key: (-fused[key], key))[:limit]
        return tuple(Hit(key, fused[key], words.get(key, 0.0)) for key in best)

    def rarity(self, field: str, token: str) -> float:
        """The inverse document frequency of a token, as BM25 counts it; at least 0."""
        found = self._lexical.frequency(field, token)
        return math.log(1 + (len(self._lexical) - found + 0.5) / (found + 0.5))

    def close(self) -> None:
        """Wait for the dense index, if it is being rebuilt."""
        if self._dense is not None:
            self._dense.close()

    def _near(self, question: Question, versions: Collection[str]) -> dict[str, float]:
        among = {key for key, version in self._version_of.items() if version in versions}
        vector = self._embedder.embed_query(question.text)
        return self._open_dense().search(vector, among, CANDIDATES)

    def _open_dense(self) -> DenseIndex:
        if self._dense is None:
            ids = list(self._version_of)
            self._dense = DenseIndex(self._folder, self.generation, ids, to_matrix(self._vectors))
        return self._dense


def fuse(words: Mapping[str, float], near: Mapping[str, float], share: float) -> dict[str, float]:
    """Both legs' scores, each scaled to 0…1 over its own list, added with `share` for `near`."""
    words, near = _scaled(words), _scaled(near)
    if not words:
        share = 1.0
    return {
        key: (1 - share) * words.get(key, 0.0) + share * near.get(key, 0.0)
        for key in words.keys() | near.keys()
    }


def _scaled(scores: Mapping[str, float]) -> dict[str, float]:
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {
        key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()
    }
