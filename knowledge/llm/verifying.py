"""What a model wrote, held against the clauses it was shown; what does not stand is dropped.

A claim stands when its quote is words of the clause it names, when every figure, date and ruling
in it is in that quote, and when its own words are mostly the clause's. No model is asked.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bank.policies import Passage
from knowledge.addresses import ADDRESS
from knowledge.answer import Citation, Claim, cite
from knowledge.citing import MOST_CITED
from knowledge.errors import QUESTION_LIMIT
from knowledge.llm.meaning import read_meaning
from knowledge.llm.quoting import find_quote
from knowledge.llm.support import Source, supports
from knowledge.question import language_of
from knowledge.tokens import tokenize

MOST_CLAIMS = 5
LONGEST_CLAIM = 400
SHORTEST_QUOTE = 4
OWN_WORDS = 0.6
"""The share of a claim's words that must be the clause's or the question's, in one language."""

_MARKUP = re.compile(r"://|[<>@#]|\]\(|`")
_PART = re.compile(r"[。；;，,：:！!？?\n]|\.(?=\s|$)")
_SENTENCE = re.compile(r"[。；;！!？?\n]|\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Written:
    """A claim as a model wrote it: what it says, the source it names, the words it quotes."""

    text: str
    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The claims that stand and the clauses they rest on, in the order they were made."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


def verify(written: Sequence[Written], shown: Mapping[str, Passage], question: str) -> Standing:
    """What stands of what was written; `shown` are the clauses by the source ids they went by."""
    places: dict[str, int] = {}
    kept: list[Claim] = []
    for one in written:
        span = _stands(one, shown.get(one.source), question)
        if span is None or len(kept) == MOST_CLAIMS:
            continue
        if one.source not in places and len(places) == MOST_CITED:
            continue
        place = places.setdefault(one.source, len(places))
        claim = Claim(_tidy(one.text), place, *span)
        if claim not in kept:
            kept.append(claim)
    citations = (cite(shown[source], _marks(kept, place)) for source, place in places.items())
    return Standing(tuple(kept), tuple(citations))


def only_words_of(texts: Sequence[str], made: str) -> bool:
    """Whether a question made from others says nothing they do not, in the last one's language."""
    before = "\n".join(texts)
    meaning, held = read_meaning(made), read_meaning(before)
    return (
        0 < len(made) <= QUESTION_LIMIT
        and not _links(made)
        and language_of(made) == language_of(texts[-1])
        and set(tokenize(made).words) <= set(tokenize(before).words)
        and set(meaning.rulings) <= set(held.rulings)
        and meaning.negated <= held.negated
    )


def _stands(one: Written, passage: Passage | None, question: str) -> tuple[int, int] | None:
    """The range of the clause that bears a claim out, None when none does."""
    text = _tidy(one.text)
    if passage is None or not text or len(text) > LONGEST_CLAIM or _links(text):
        return None
    span = find_quote(one.quote, passage.clause.text)
    if span is None or span[1] - span[0] < SHORTEST_QUOTE:
        return None
    quote = passage.clause.text[slice(*span)]
    whole = passage.clause.text
    start, end = _part(whole, span, _PART)
    first, last = _part(whole, span, _SENTENCE)
    around = whole[start:end]
    texts = (quote, around, whole[first:end], whole[first:last], question)
    own = _own_words(text, f"{around}\n{question}\n{passage.clause.heading}")
    ordered = language_of(text) == language_of(quote)
    source = Source(*map(read_meaning, texts))
    return span if own and supports(source, read_meaning(text), ordered=ordered) else None


def _links(text: str) -> bool:
    """Whether a text holds an address, or the marks of a link, a mention or code."""
    plain = unicodedata.normalize("NFKC", text)
    return bool(ADDRESS.search(plain) or _MARKUP.search(plain))


def _tidy(text: str) -> str:
    """One line without control, format and other signs that are not seen."""
    seen = (one for one in " ".join(text.split()) if unicodedata.category(one)[0] != "C")
    return "".join(seen).strip()


def _part(text: str, span: tuple[int, int], ends: re.Pattern[str]) -> tuple[int, int]:
    """The sentences, or the parts of one between its commas, that a range lies in."""
    start, end = span
    before = [found.end() for found in ends.finditer(text, 0, start)]
    after = ends.search(text, max(start, end - 1))
    return before[-1] if before else 0, after.end() if after else len(text)


def _own_words(text: str, held: str) -> bool:
    if language_of(text) != language_of(held):
        # Words cannot be held against another language's; figures and rulings are.
        meaning = read_meaning(text)
        return bool(meaning.measures or meaning.rulings)
    said, known = tokenize(text).words, set(tokenize(held).words)
    return sum(word in known for word in said) >= OWN_WORDS * len(said)


def _marks(claims: Sequence[Claim], place: int) -> tuple[tuple[int, int], ...]:
    """The ranges of a citation that its claims rest on: in order, overlapping ones made one."""
    spans = sorted((one.start, one.end) for one in claims if one.citation == place)
    marks: list[tuple[int, int]] = []
    for start, end in spans:
        if marks and start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return tuple(marks)
