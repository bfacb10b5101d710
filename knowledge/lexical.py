"""The word index: tantivy in memory over our own tokens, private to the process.

Derived from SQL and thrown away with the process, so it never outlives what it was built from.
One index holds words, pairs of neighbours (in Chinese: characters and bigrams), the same of the
policy's title and chapter, and the clause's ideas, each a field with a weight of its own.
"""

import copy
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import tantivy

from knowledge.analysis import FIELDS
from knowledge.concepts import RULE
from knowledge.question import Question

_WRITER_MEMORY = 64_000_000

Among = tantivy.Query
"""Some versions, ready to be searched among."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How one language is searched: the weight of each field, and of what a clause is good for.

    `about_words` is also, at half, the weight of the title's and chapter's pairs. `wants` is for
    the wanted kinds of fact a clause states, by their share, `rule` for ruling on anything at
    all. `dense` is the share of dense vectors in the fused score.
    """

    words: float
    pairs: float
    about_words: float
    ideas: float
    wants: float
    rule: float
    dense: float

    def fields(self) -> dict[str, float]:
        """The weight of each scored field."""
        about = {"about_words": self.about_words, "about_pairs": self.about_words / 2}
        return {"words": self.words, "pairs": self.pairs, "ideas": self.ideas, **about}


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause as it is indexed; `tokens` as knowledge.analysis gives them."""

    id: str
    version_id: str
    tokens: str


class LexicalIndex:
    """An index over entries. It never changes; `changed` gives the one that follows."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Index every entry."""
        self._schema = _schema()
        self._index = tantivy.Index(self._schema)
        self._ids: list[str] = []
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

    def search(
        self, question: Question, profile: Profile, among: Among, limit: int
    ) -> dict[str, float]:
        """The scores of the best entries among some versions, by id, best first.

        A score is the weighted sum of the fields' BM25 and of what the profile gives for the
        kinds of fact the clause states.
        """
        terms = [*self._terms(question, profile)]
        if not terms:
            return {}
        wanted = [
            self._offered(RULE, profile.rule),
            *(self._offered(kind, profile.wants / len(question.wants)) for kind in question.wants),
        ]
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, among),
                (tantivy.Occur.Must, tantivy.Query.boolean_query(terms)),
                *wanted,
            ]
        )
        hits = self._searcher.search(query, limit=limit, count=False).hits
        places = self._searcher.fast_field_values("place", [address for _, address in hits])
        return {
            self._ids[int(place or 0)]: float(score)
            for (score, _), place in zip(hits, places, strict=True)
        }

    def frequency(self, field: str, token: str) -> int:
        """In how many entries a field holds a token."""
        # Entries that were taken out count until their segment is merged away.
        return min(int(self._searcher.doc_freq(field, token)), len(self))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def _terms(
        self, question: Question, profile: Profile
    ) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
        asked = {"words": question.words, "pairs": question.pairs, "ideas": sorted(question.ideas)}
        for field, weight in profile.fields().items():
            for token, count in _counts(asked[field.removeprefix("about_")]):
                query = tantivy.Query.term_query(self._schema, field, token, "freq")
                boosted = tantivy.Query.boost_query(query, weight * count)
                yield tantivy.Occur.Should, boosted

    def _offered(self, kind: str, weight: float) -> tuple[tantivy.Occur, tantivy.Query]:
        query = tantivy.Query.term_query(self._schema, "offers", kind, "freq")
        return tantivy.Occur.Should, tantivy.Query.const_score_query(query, weight)

    def _write(self, removed: Iterable[str], added: Iterable[Entry]) -> tantivy.Searcher:
        # One thread keeps the order of entries, which decides between equal scores.
        writer = self._index.writer(_WRITER_MEMORY, num_threads=1)
        for version in removed:
            writer.delete_documents_by_term("version", version)
        fresh = []
        for place, entry in enumerate(added, len(self._ids)):
            writer.add_document(self._document(entry, place))
            fresh.append(entry.id)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._ids += fresh
        return self._index.searcher()

    def _document(self, entry: Entry, place: int) -> tantivy.Document:
        document = tantivy.Document()
        document.add_text("version", entry.version_id)
        document.add_unsigned("place", place)
        for field, tokens in zip(FIELDS, entry.tokens.split("\n"), strict=True):
            document.add_text(field, tokens)
        return document


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("version", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("place", fast=True)
    for field in FIELDS:
        # Our own tokens, only kept apart by spaces.
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _counts(tokens: Iterable[str]) -> Iterable[tuple[str, int]]:
    counts: dict[str, int] = {}
    for token in tokens:
        counts[token] = counts.get(token, 0) + 1
    return counts.items()
