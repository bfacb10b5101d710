"""The word index: tantivy in memory over our own tokens, private to the process.

Derived from SQL and thrown away with the process, so it never outlives what it was built from.
tantivy holds words, pairs of neighbours (in Chinese: characters and bigrams), each with the
policy's title and chapter in front, and the clause's ideas; it finds the candidates. What each
candidate holds is then counted exactly, field by field.
"""

import copy
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import tantivy
from numpy.typing import NDArray

from knowledge.analysis import FIELDS
from knowledge.catalogue import Rows
from knowledge.concepts import RULE
from knowledge.counting import Column, Counted, numbers_of
from knowledge.evidence import Held, Holding
from knowledge.fusion import Floats, Profile
from knowledge.question import Question

_WRITER_MEMORY = 64_000_000
_SEARCHED = ("words", "pairs", "ideas")
_LEAST_SHARE = 0.1
_IDEAS = 1.5
"""The weight of an idea beside a word where candidates are looked for."""

Among = tantivy.Query
"""Some versions, ready to be searched among."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause as it is indexed; `tokens` as knowledge.analysis gives them."""

    id: str
    version_id: str
    tokens: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What entries hold of a question's words: the legs of knowledge.fusion of those names."""

    rarity: float
    words: Floats
    pairs: Floats
    about: Floats
    covered: Floats


@dataclass(frozen=True, slots=True)
class _Held:
    """One field: BM25, what of the question the entry and its title hold, and all of it."""

    score: Floats
    held: Floats
    about: Floats
    whole: float


class LexicalIndex:
    """An index over entries. It never changes; `changed` gives the one that follows."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Index every entry."""
        self._schema = _schema()
        self._index = tantivy.Index(self._schema)
        self._columns = {field: Column() for field in FIELDS}
        self._searcher = self._write((), entries)

    def changed(self, removed: Iterable[str], added: Iterable[Entry]) -> "LexicalIndex":
        """This index without some versions, by id, and with more entries.

        Costs what the difference does. Only the newest index may be asked for another.
        """
        other = copy.copy(self)
        other._searcher = self._write(removed, added)  # noqa: SLF001 - its own kind
        return other

    def among(self, versions: Collection[str]) -> Among:
        """Versions to search among: worth keeping, it takes longer to make than a search."""
        chosen = tantivy.Query.term_set_query(self._schema, "version", list(versions))
        return tantivy.Query.const_score_query(chosen, 0.0)

    def candidates(
        self,
        question: Question,
        profile: Profile,
        among: Callable[[], Among],
        rows: Rows,
        limit: int,
        *,
        at_home: bool = True,
    ) -> list[int]:
        """The rows of the entries among some versions that share most with a question.

        Only `rows` of those versions are named. To look among them takes twice as long as to look
        at all and leave the others out, which does where enough are left: never where they are
        not `at_home` in the question's language.
        """
        weights = {"words": 1.0, "pairs": profile.pairs, "ideas": _IDEAS}
        terms = [*self._terms(question, weights)]
        if not terms:
            return []
        anywhere = tantivy.Query.boolean_query(terms)

        def inside() -> tantivy.Query:
            both = [(tantivy.Occur.Must, among()), (tantivy.Occur.Must, anywhere)]
            return tantivy.Query.boolean_query(both)

        share = np.count_nonzero(rows) / max(1, len(rows))
        if at_home and share >= _LEAST_SHARE:
            query, wanted = anywhere, math.ceil(limit / share)
        else:
            query, wanted = inside(), limit
        while True:
            found = self._best(query, wanted)
            kept = found[rows[found]]
            if len(kept) >= limit or len(found) < wanted:
                return [*map(int, kept[:limit])]
            query, wanted = inside(), 2 * wanted

    def _best(self, query: tantivy.Query, limit: int) -> NDArray[np.intp]:
        """The rows of the entries that fit a query best, the best one first."""
        hits = self._searcher.search(query, limit=limit, count=False).hits
        places = self._searcher.fast_field_values("place", [address for _, address in hits])
        return np.array(places, dtype=np.intp)

    def spoken(
        self,
        question: Question,
        profile: Profile,
        rows: Sequence[int],
        means: Mapping[str, float],
    ) -> Spoken:
        """What some entries hold of a question's words and pairs, and what those weigh."""
        words = self._held("words", question.words, profile, rows, means)
        pairs = self._held("pairs", question.pairs, profile, rows, means)
        whole = words.whole + pairs.whole
        return Spoken(
            rarity=words.whole,
            words=words.score,
            pairs=pairs.score,
            about=(words.about + pairs.about / 2) / max(words.whole, 1e-6),
            covered=(words.held + pairs.held) / max(whole, 1e-6),
        )

    def counted(
        self,
        field: str,
        tokens: Collection[str],
        profile: Profile,
        rows: Sequence[int],
        means: Mapping[str, float],
    ) -> Counted:
        """How often some entries hold each different token in "words" or "pairs"."""
        return self._counted(field, tokens, profile, rows, means)[0]

    def held(self, question: Question, rows: Sequence[int]) -> Held:
        """What some entries hold of a question, with what stands above them."""
        return Held(
            words=self._holding("words", question.words, rows),
            pairs=self._holding("pairs", question.pairs, rows),
            ideas=self._holding("ideas", question.ideas, rows),
            unseen=self.rarity("words", ""),
        )

    def ideas(self, question: Question, rows: Sequence[int]) -> Floats:
        """The rarity of the question's ideas that each of some entries shares."""
        asked = sorted(question.ideas)
        counts, _ = self._columns["ideas"].count(rows, numbers_of(asked))
        return _weight(counts, self._rarities("ideas", asked, 1.0))

    def wanted(self, question: Question, rows: Sequence[int]) -> tuple[Floats, Floats]:
        """The share of the wanted kinds of fact that each entry states, and whether it rules."""
        asked = [RULE, *sorted(question.wants)]
        counts, _ = self._columns["offers"].count(rows, numbers_of(asked))
        stated = _any(counts)
        return stated[:, 1:].sum(axis=1) / max(1, len(question.wants)), stated[:, 0]

    def means(self, rows: Rows) -> dict[str, float]:
        """How many tokens of each field the entries of some rows have on average."""
        places = np.flatnonzero(rows)
        return {
            field: float(column.lengths()[places].mean()) if len(places) else 0.0
            for field, column in self._columns.items()
        }

    def frequency(self, field: str, token: str) -> int:
        """In how many entries a field holds a token; title and chapter count with the text."""
        # Entries that were taken out count until their segment is merged away.
        return min(int(self._searcher.doc_freq(field, token)), len(self))

    def rarity(self, field: str, token: str) -> float:
        """The inverse document frequency of a token, as BM25 counts it; at least 0."""
        found = self.frequency(field, token)
        return math.log(1 + (len(self) - found + 0.5) / (found + 0.5))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def _terms(
        self, question: Question, weights: Mapping[str, float]
    ) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
        asked = {"words": question.words, "pairs": question.pairs, "ideas": question.ideas}
        for field, weight in weights.items():
            for token in sorted(set(asked[field])):
                query = tantivy.Query.term_query(self._schema, field, token, "freq")
                yield tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)

    def _held(
        self,
        field: str,
        tokens: Collection[str],
        profile: Profile,
        rows: Sequence[int],
        means: Mapping[str, float],
    ) -> _Held:
        """BM25 over the text and, counted `title` times, what stands above it."""
        counted, above = self._counted(field, tokens, profile, rows, means)
        score = counted.scores(profile.saturation, profile.length).sum(axis=1)
        held = _weight(counted.counts + above, counted.rarities)
        whole = float(counted.rarities.sum())
        return _Held(score, held, _weight(above, counted.rarities), whole)

    def _counted(
        self,
        field: str,
        tokens: Collection[str],
        profile: Profile,
        rows: Sequence[int],
        means: Mapping[str, float],
    ) -> tuple[Counted, Floats]:
        asked = sorted(set(tokens))
        numbers = numbers_of(asked)
        inside, length = self._columns[field].count(rows, numbers)
        above, above_length = self._columns[f"about_{field}"].count(rows, numbers)
        counts = inside + profile.title * above
        usual = means[field] + profile.title * means[f"about_{field}"]
        lengths = (length + profile.title * above_length) / max(usual, 1e-6)
        rarities = self._rarities(field, asked, profile.rarity)
        return Counted(tuple(asked), counts, lengths, rarities), above

    def _holding(self, field: str, tokens: Collection[str], rows: Sequence[int]) -> Holding:
        asked = sorted(set(tokens))
        numbers = numbers_of(asked)
        counts, _ = self._columns[field].count(rows, numbers)
        if f"about_{field}" in self._columns:
            counts = counts + self._columns[f"about_{field}"].count(rows, numbers)[0]
        return Holding(tuple(asked), counts > 0, self._rarities(field, asked, 1.0))

    def _rarities(self, field: str, tokens: Sequence[str], power: float) -> Floats:
        """The tokens' rarities; a power above 1 takes more from frequent tokens."""
        unseen = self.rarity(field, "")
        found = np.array([self.rarity(field, token) for token in tokens], dtype=np.float32)
        powered: Floats = found**power * unseen ** (1 - power)
        return powered

    def _write(self, removed: Iterable[str], added: Iterable[Entry]) -> tantivy.Searcher:
        # One thread keeps the order of entries, which decides between equal scores.
        writer = self._index.writer(_WRITER_MEMORY, num_threads=1)
        for version in removed:
            writer.delete_documents_by_term("version", version)
        for entry in added:
            writer.add_document(self._document(entry))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        return self._index.searcher()

    def _document(self, entry: Entry) -> tantivy.Document:
        lines = dict(zip(FIELDS, entry.tokens.split("\n"), strict=True))
        for field, tokens in lines.items():
            self._columns[field].add(tokens)
        document = tantivy.Document()
        document.add_text("version", entry.version_id)
        document.add_unsigned("place", len(self._columns["words"]) - 1)
        for field in _SEARCHED:
            document.add_text(field, f"{lines.get(f'about_{field}', '')} {lines[field]}")
        return document


def _weight(counts: Floats, rarities: Floats) -> Floats:
    """What the tokens that each row holds weigh together."""
    # Not a matrix product: BLAS may warn of values that are none of these, and is no quicker here.
    weights: Floats = (_any(counts) * rarities).sum(axis=1)
    return weights


def _any(counts: Floats) -> Floats:
    return (counts > 0).astype(np.float32)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("version", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("place", fast=True)
    for field in _SEARCHED:
        # Our own tokens, only kept apart by spaces.
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
