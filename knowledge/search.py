"""Finding clauses: the word index names candidates, every leg weighs them, one function fuses.

Everything here is derived from SQL for one generation. What it finds are ids; nobody shows a
word of them before SQL confirmed each (library.py does).
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bank.policies import PolicyRecord
from knowledge.catalogue import Catalogue, Rows
from knowledge.dense import Base, DenseIndex
from knowledge.embedding import Embedder
from knowledge.evidence import weigh
from knowledge.features import Sight, best
from knowledge.fusion import ACROSS, PROFILES, Floats, Legs, Profile, fuse
from knowledge.glossary import Glossary
from knowledge.hit import Hit
from knowledge.learned import NOTHING, Learned, reorder
from knowledge.lexical import Among, LexicalIndex, Spoken
from knowledge.memory import tokens_of
from knowledge.question import LANGS, Question
from knowledge.scope import Scope
from knowledge.surroundings import AROUND, REACH, surroundings
from knowledge.vectors import Matrix, cosines

CANDIDATES = 200
"""How many clauses the words name to be weighed."""
NEAREST = 50
"""How many more similar wording names."""
ANOTHERS = {"near": 0.3, "near_instead": 0.5}
"""What similar wording weighs with an embedder that the bank has named."""
_SCOPES_KEPT = 64
"""Of how many scopes what they admit is kept; colleagues in one unit share one."""


class Admitted:
    """What somebody may be shown in one language: the versions, and them as either leg's filter.

    The versions are asked for with every question, the filters only where it is looked for.
    """

    def __init__(
        self, scope: Scope, lang: str, catalogue: Catalogue, lexical: LexicalIndex
    ) -> None:
        """What a scope admits."""
        self.lang = lang
        self.policies, self._numbers = catalogue.admitted(scope, lang)
        self._catalogue, self._lexical = catalogue, lexical

    def without(self, gone: Iterable[int]) -> "Admitted":
        """The same with some rows not there; how long clauses usually are stays as it was."""
        other = copy.copy(self)
        other.rows = self.rows.copy()
        other.rows[[row for row in gone if row < len(other.rows)]] = False
        return other

    @cached_property
    def rows(self) -> Rows:
        """The rows of those versions' clauses, apart from what is not there."""
        return self._all

    @cached_property
    def among(self) -> Among:
        """Those versions to search among."""
        return self._lexical.among([policy.id for policy in self.policies])

    @cached_property
    def means(self) -> Mapping[str, float]:
        """How long their clauses are on average, field by field."""
        return self._lexical.means(self._all)

    @cached_property
    def _all(self) -> Rows:
        return self._catalogue.rows_of(self._numbers)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The candidates for an answer, and what each leg says of them."""

    question: Question
    profile: Profile
    rows: NDArray[np.intp]
    legs: Legs


class ClauseSearch:
    """The indexes of one generation. It never changes; `changed` gives the one that follows."""

    def __init__(
        self,
        catalogue: Catalogue,
        lexical: LexicalIndex,
        dense: DenseIndex,
        embedder: Embedder | None,
        glossary: Glossary,
    ) -> None:
        """Search in indexes that hold the same clauses, in the same rows.

        Without an `embedder` the words decide alone. `glossary` is the one the clauses' ideas were
        read by, and questions are to be.
        """
        self.catalogue = catalogue
        self.lexical = lexical
        self.dense = dense
        self.glossary = glossary
        self._embedder = embedder
        self._admitted = lru_cache(maxsize=_SCOPES_KEPT)(self._admit)

    def search(
        self,
        question: Question,
        scope: Scope,
        lang: str,
        limit: int = 10,
        learned: Learned = NOTHING,
    ) -> tuple[Hit, ...]:
        """The best clauses of a language among those somebody may be shown, best first."""
        if lang == question.lang and learned.knows(lang):
            return self._taught(question, scope, lang, limit, learned)
        profile = self._profile(lang if lang == question.lang else ACROSS)
        admitted = self._admitted(scope, lang)
        if not admitted.policies:
            return ()
        asked = question if lang == question.lang else question.across()
        rows, legs = self._weigh(asked, profile, admitted)
        scores = fuse(legs, profile)
        order = np.argsort(-scores, kind="stable")
        places = np.asarray(rows, dtype=np.intp)
        seen = _Seen(asked, profile, places, legs)
        return self._hits(seen, order, scores[order], limit)

    def see(
        self, question: Question, scope: Scope, lang: str, named: Iterable[int] = ()
    ) -> Sight | None:
        """What a ranker looks at; None when there is no candidate.

        Rows that are `named` are candidates too, where somebody may be shown them.
        """
        profile, admitted = self._profile(lang), self._admitted(scope, lang)
        known = [row for row in named if row < len(admitted.rows) and admitted.rows[row]]
        rows, legs = self._weigh(question, profile, admitted, known)
        if not rows:
            return None
        places = np.asarray(rows, dtype=np.intp)
        vector = self.vector(question)
        blank = np.zeros((len(rows), 0), dtype=np.float32)
        fused, is_named = fuse(legs, profile), np.isin(places, known)
        around = np.zeros((len(rows), len(AROUND)), dtype=np.float32)
        ranked = best(fused, is_named)
        around[ranked] = self._surroundings(question, profile, admitted, places[ranked])
        return Sight(
            rows=places,
            legs=legs,
            fused=fused,
            words=self.lexical.counted("words", question.words, profile, rows, admitted.means),
            pairs=self.lexical.counted("pairs", question.pairs, profile, rows, admitted.means),
            positions=self._positions[places],
            vectors=self.dense.vectors(places) if vector.size else blank,
            vector=vector,
            pair_weight=profile.pairs,
            around=around,
            named=is_named,
        )

    def vector(self, question: Question) -> Matrix:
        """A question's vector; without dimensions when there is no embedder to ask."""
        found = self._embedder.question(question.text) if self._embedder else None
        return np.zeros(0, dtype=np.float32) if found is None else found

    def kept_vector(self, question: Question) -> Matrix:
        """The vector of a question to be remembered; a named embedder is not asked for those."""
        bundled = self._embedder is not None and self._embedder.bundled
        return self.vector(question) if bundled else np.zeros(0, dtype=np.float32)

    def readable(self, scope: Scope, lang: str) -> Rows:
        """The rows of a language that somebody may be shown."""
        return self._admitted(scope, lang).rows

    def based(self, base: Base | None) -> "ClauseSearch":
        """The same search over another base of vectors."""
        dense = self.dense.based(base)
        return ClauseSearch(self.catalogue, self.lexical, dense, self._embedder, self.glossary)

    def policies(self, scope: Scope) -> tuple[PolicyRecord, ...]:
        """Every version somebody may be shown, in whatever language."""
        return tuple(chain.from_iterable(self._admitted(scope, lang).policies for lang in LANGS))

    def without(self, rows: Iterable[int]) -> "ClauseSearch":
        """The same search with some rows not there, for the clauses beside them either.

        How rare words are and how long clauses usually are stays as it was.
        """
        gone = [*rows]

        def admit(scope: Scope, lang: str) -> Admitted:
            return self._admitted(scope, lang).without(gone)

        other = copy.copy(self)
        other._admitted = lru_cache(maxsize=_SCOPES_KEPT)(admit)  # noqa: SLF001 - its own kind
        return other

    def _taught(
        self, question: Question, scope: Scope, lang: str, limit: int, learned: Learned
    ) -> tuple[Hit, ...]:
        memory = learned.memories.get(lang)
        recalled = memory.recall(tokens_of(question), self.vector(question)) if memory else None
        named = memory.named(recalled) if memory and recalled else ()
        sight = self.see(question, scope, lang, named)
        if sight is None:
            return ()
        order, scores = reorder(sight, learned.rankers.get(lang), memory, recalled)
        seen = _Seen(question, self._profile(lang), sight.rows, sight.legs)
        return self._hits(seen, order, scores, limit)

    def _hits(
        self, seen: "_Seen", order: NDArray[np.intp], scores: Floats, limit: int
    ) -> tuple[Hit, ...]:
        """The first of what was seen; `scores` are those of the `order`, best first."""
        best = order[:limit]
        rows = seen.rows[best].tolist()
        held = self.lexical.held(seen.question, rows)
        weight = seen.profile.pairs
        evidence = weigh(seen.question, seen.legs, best, scores, held, pair_weight=weight)
        ids = (self.catalogue.ids[row] for row in rows)
        return tuple(map(Hit, ids, scores[:limit].tolist(), evidence))

    @cached_property
    def _positions(self) -> Floats:
        """By row, where a clause stands in its version: 0 the first, 1 the last."""
        versions = self.catalogue.versions(range(self.catalogue.rows))
        first, last = (np.zeros(int(versions.max(initial=0)) + 2, dtype=np.intp) for _ in range(2))
        rows = np.arange(len(versions))
        last[versions] = rows
        first[versions[::-1]] = rows[::-1]
        places: Floats = (rows - first[versions]) / np.maximum(last - first, 1)[versions]
        return places.astype(np.float32)

    def _weigh(
        self,
        question: Question,
        profile: Profile,
        admitted: Admitted,
        known: Iterable[int] = (),
    ) -> tuple[list[int], Legs]:
        """The candidates for an answer, as rows that rise, and what each leg says of them."""
        vector = self._vector(question, profile)
        there = admitted.rows
        found = self.lexical.candidates(
            question,
            profile,
            lambda: admitted.among,
            there,
            CANDIDATES,
            at_home=admitted.lang == question.lang,
        )
        named = {*found, *known}
        if vector is not None:
            named |= self.dense.search(vector, admitted.rows, NEAREST).keys()
        rows = sorted(named)
        around = _around(rows, there) if profile.beside else rows
        spoken = self.lexical.spoken(question, profile, around, admitted.means)
        at = np.searchsorted(around, rows)
        wants, rule = self.lexical.wanted(question, rows)
        policies = np.unique(self.catalogue.versions(rows), return_inverse=True)[1]
        legs = Legs(
            rarity=spoken.rarity,
            words=spoken.words[at],
            pairs=spoken.pairs[at],
            beside=self._beside(spoken, profile, around, at),
            about=spoken.about[at],
            covered=spoken.covered[at],
            ideas=self.lexical.ideas(question, rows),
            wants=wants,
            rule=rule,
            near=self._near(vector, rows),
            policy=policies,
        )
        return rows, legs

    def _profile(self, name: str) -> Profile:
        """Profiles know the bundled embedder; any other is taken to know both languages."""
        profile = PROFILES[name]
        if self._embedder is None:
            return replace(profile, near=0.0, near_instead=0.0)
        return profile if self._embedder.bundled else replace(profile, **ANOTHERS)

    def _vector(self, question: Question, profile: Profile) -> Matrix | None:
        if not self._embedder or not profile.near + profile.near_instead:
            return None
        return self._embedder.question(question.text)

    def _near(self, vector: Matrix | None, rows: Sequence[int]) -> Floats:
        if vector is None or not rows:
            return np.zeros(len(rows), dtype=np.float32)
        alike = cosines(self.dense.vectors(np.asarray(rows, dtype=np.intp)), vector)
        least, most = alike.min(), alike.max()
        # Embedders differ in what they call alike; the spread over the candidates does not.
        spread: Floats = (alike - least) / max(most - least, 1e-6)
        return spread

    def _beside(
        self, spoken: Spoken, profile: Profile, around: Sequence[int], at: NDArray[np.intp]
    ) -> Floats:
        """What the better of each clause's two neighbours in its version says.

        `spoken` is what the rows `around` say, `at` where among them the clauses stand.
        """
        best = np.zeros(len(at), dtype=np.float32)
        if profile.beside:
            said = spoken.words + profile.pairs * spoken.pairs
            versions = self.catalogue.versions(around)
            # Before the first row and after the last there is none: they would be their own.
            for others in (np.maximum(at - 1, 0), np.minimum(at + 1, len(around) - 1)):
                same = (versions[others] == versions[at]) & (others != at)
                best = np.maximum(best, np.where(same, said[others], 0))
        return best

    def _surroundings(
        self, question: Question, profile: Profile, admitted: Admitted, rows: NDArray[np.intp]
    ) -> Floats:
        """What the clauses around some rows hold of a question, those of the same version."""
        steps = rows[:, None] + np.arange(-REACH, REACH + 1)
        near = np.clip(steps, 0, len(admitted.rows) - 1)
        versions = self.catalogue.versions(near)
        there = (near == steps) & admitted.rows[near] & (versions == versions[:, [REACH]])
        found = np.unique(near[there])
        places = np.where(there, np.searchsorted(found, near), -1)
        words, pairs = (
            self.lexical.counted(field, tokens, profile, found.tolist(), admitted.means)
            for field, tokens in (("words", question.words), ("pairs", question.pairs))
        )
        return surroundings(words, pairs, places, profile.pairs)

    def _admit(self, scope: Scope, lang: str) -> Admitted:
        return Admitted(scope, lang, self.catalogue, self.lexical)


def _around(rows: Sequence[int], there: Rows) -> list[int]:
    """Some rows, with the one before and the one after each of those that are there; in order."""
    every = np.flatnonzero(there)
    at = np.searchsorted(every, rows)
    near = np.unique(np.concatenate([at - 1, at, at + 1]))
    found: list[int] = every[near[(near >= 0) & (near < len(every))]].tolist()
    return found
