"""The word index: tantivy in memory over our own tokens, private to the process.

Derived from SQL and thrown away with the process, so it never outlives what it was built from.
One index holds words, pairs of neighbours (in Chinese: characters and bigrams), the same of the
policy's title and chapter, and the clause's ideas, each a field with a weight of its own.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import tantivy

from knowledge.concepts import RULE, ideas, offers
from knowledge.question import Question
from knowledge.tokens import tokenize

FIELDS = ("words", "pairs", "about_words", "about_pairs", "ideas", "offers")
_WRITER_MEMORY = 64_000_000


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
    """One clause as it is indexed: `about` is the policy's title and the chapter path."""

    id: str
    version_id: str
    about: str
    text: str


class LexicalIndex:
    """An immutable index over entries."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Index every entry."""
        self._schema = _schema()
        self._index = tantivy.Index(self._schema)
        self._ids: list[str] = []
        writer = self._index.writer(_WRITER_MEMORY, num_threads=1)
        for entry in entries:
            writer.add_document(self._document(entry))
            self._ids.append(entry.id)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(
        self,
        question: Question,
        profile: Profile,
        versions: Collection[str],
        limit: int,
    ) -> dict[str, float]:
        """The scores of the best entries among these versions, by id, best first.

        A score is the weighted sum of the fields' BM25 and of what the profile gives for the
        kinds of fact the clause states.
        """
        terms = [*self._terms(question, profile)]
        if not terms or not versions:
            return {}
        wanted = [
            self._offered(RULE, profile.rule),
            *(self._offered(kind, profile.wants / len(question.wants)) for kind in question.wants),
        ]
        among = tantivy.Query.term_set_query(self._schema, "version", list(versions))
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, tantivy.Query.const_score_query(among, 0.0)),
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
        return int(self._searcher.doc_freq(field, token))

    def __len__(self) -> int:
        return len(self._ids)

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

    def _document(self, entry: Entry) -> tantivy.Document:
        text, about = tokenize(entry.text), tokenize(entry.about)
        document = tantivy.Document()
        document.add_text("version", entry.version_id)
        document.add_unsigned("place", len(self._ids))
        tokens: dict[str, Iterable[str]] = {
            "words": text.words,
            "pairs": text.pairs,
            "about_words": about.words,
            "about_pairs": about.pairs,
            "ideas": ideas(f"{entry.about}\n{entry.text}"),
            "offers": offers(entry.text),
        }
        for field in FIELDS:
            document.add_text(field, " ".join(tokens[field]))
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
