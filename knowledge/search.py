"""Finding clauses: the word index led, dense vectors added at a small weight where they help.

Everything here is derived from SQL for one generation. What it finds are ids; nobody shows a
word of them before SQL confirmed each (library.py does).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from bank.policies import PolicyRecord
from knowledge.catalogue import Catalogue, Rows
from knowledge.dense import Base, DenseIndex
from knowledge.embedding import Embedder
from knowledge.hit import Hit
from knowledge.lexical import Among, LexicalIndex, Profile
from knowledge.question import Question
from knowledge.scope import Scope

CANDIDATES = 50
ANOTHERS_SHARE = 0.3
"""The share of vectors by an embedder that is named instead of the bundled one."""

_SCOPES_KEPT = 64
"""Of how many scopes what they admit is kept; colleagues in one unit share one."""


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


@dataclass(frozen=True, slots=True)
class Admitted:
    """What somebody may be shown in one language: the versions, and them as either leg's filter."""

    policies: tuple[PolicyRecord, ...]
    rows: Rows
    among: Among


class ClauseSearch:
    """The indexes of one generation. It never changes; `changed` gives the one that follows."""

    def __init__(
        self,
        catalogue: Catalogue,
        lexical: LexicalIndex,
        dense: DenseIndex,
        embedder: Embedder | None,
    ) -> None:
        """Search in indexes that hold the same clauses, in the same rows.

        Without an `embedder` the words decide alone.
        """
        self.catalogue = catalogue
        self.lexical = lexical
        self.dense = dense
        self._embedder = embedder
        self._admitted = lru_cache(maxsize=_SCOPES_KEPT)(self._admit)

    def search(
        self, question: Question, scope: Scope, lang: str, limit: int = 10
    ) -> tuple[Hit, ...]:
        """The best clauses of a language among those somebody may be shown, best first."""
        profile = PROFILES[lang]
        admitted = self._admitted(scope, lang)
        if not admitted.policies:
            return ()
        words = self.lexical.search(question, profile, admitted.among, CANDIDATES)
        share = self._share(profile)
        near = self._near(question, admitted) if share else {}
        fused = fuse(words, near, share)
        best = sorted(fused, key=lambda key: (-fused[key], key))[:limit]
        return tuple(Hit(key, fused[key], words.get(key, 0.0)) for key in best)

    def based(self, base: Base | None) -> "ClauseSearch":
        """The same search over another base of vectors."""
        dense = self.dense.based(base)
        return ClauseSearch(self.catalogue, self.lexical, dense, self._embedder)

    def policies(self, scope: Scope) -> tuple[PolicyRecord, ...]:
        """Every version somebody may be shown, in whatever language."""
        return tuple(p for lang in PROFILES for p in self._admitted(scope, lang).policies)

    def rarity(self, field: str, token: str) -> float:
        """The inverse document frequency of a token, as BM25 counts it; at least 0."""
        found = self.lexical.frequency(field, token)
        return math.log(1 + (len(self.lexical) - found + 0.5) / (found + 0.5))

    def _share(self, profile: Profile) -> float:
        """Profiles know the bundled embedder; any other is taken to know both languages."""
        if self._embedder is None:
            return 0.0
        return profile.dense if self._embedder.bundled else ANOTHERS_SHARE

    def _near(self, question: Question, admitted: Admitted) -> dict[str, float]:
        vector = self._embedder.question(question.text) if self._embedder else None
        if vector is None:
            return {}
        return self.dense.search(vector, admitted.rows, CANDIDATES)

    def _admit(self, scope: Scope, lang: str) -> Admitted:
        held = self.catalogue.policies.values()
        policies = tuple(p for p in held if p.lang == lang and scope.admits(p))
        versions = [policy.id for policy in policies]
        return Admitted(policies, self.catalogue.of(versions), self.lexical.among(versions))


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
