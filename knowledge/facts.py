"""The words of a clause that answer outright: who, when, how long, how much, may I, must I.

A fact is always the clause's own words, and there is none where two could be meant.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.answer import Fact, FactKind
from knowledge.deciding import sentences, shared, weigh_sentences
from knowledge.evidence import Rarity
from knowledge.question import Question
from knowledge.rulings import RULINGS, asks_for_ruling, find_ruling
from knowledge.statements import asked, stated, unwidened

Span = tuple[int, int]

_CLEARLY = 1.3
"""How many times as much of the question the chosen words' sentence says as any other's."""
_CLEARLY_NEARER = 1.25
_NEARER = 2.5
"""The same of the parts of one sentence, between its commas; and how much more, in rarities."""
_LEAST = 0.3
"""How much of the question the sentence and its heading must say for its words to answer."""
_LEAST_OF_A_RULING = 0.5
"""The same of the sentence alone where it rules: a ban on something near is no ban on this."""
_PART = re.compile(r"(?:(?!,\s|;\s| and )[^，；：。;|\n])+")
_FAINT = 0.3
_LIMIT = 1.3
"""What a limit counts more where a question asks for one."""
_ASKS_MOST = re.compile(
    r"最[长多高大]|至多|上限|\b(?:longest|most|maximum|highest|largest|up to)\b", re.IGNORECASE
)
_MOST = re.compile(
    r"最[长多高大]|至多|不超过|不得超过|\b(?:up to|at most|(?:not|no) more than|not exceed)\b",
    re.IGNORECASE,
)
_SET_ELSEWHERE = (" the ", " these ", " those ")
"""In front of a figure: "the 72 hours before the report" are no deadline."""
_BEYOND = re.compile(r"超过|满|more than|over ", re.IGNORECASE)
_JOINS = re.compile(r"[，, ]{1,2}(?:且|and in any case )[^，,]{0,7}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that state a fact, and how much their surroundings say of the question."""

    kind: FactKind
    span: Span
    sentence: Span
    around: float
    score: float


def find_fact(
    quote: str, heading: str, question: Question, rarity: Rarity
) -> tuple[Fact, Span] | None:
    """The words of a clause that answer the question, and their sentence; None where unclear.

    `heading` is what the clause stands under, its policy's title too.
    """
    found = _find(quote, question, rarity)
    if found is None:
        return None
    fact, (start, end) = found
    if fact.kind in RULINGS:
        said = covered(quote[start:end], question, rarity)
        return found if said >= _LEAST_OF_A_RULING else None
    said = covered(f"{quote[start:end]}\n{heading}", question, rarity)
    return found if said >= _LEAST else None


def _find(quote: str, question: Question, rarity: Rarity) -> tuple[Fact, Span] | None:
    plain = unwidened(quote)
    spans = sentences(quote)
    scores = weigh_sentences(quote, spans, question, rarity)
    wanted = asked(question.asks)
    if not wanted:
        ruled = asks_for_ruling(question.asks)
        return find_ruling(plain, spans, scores, question.asks) if ruled else None
    found = [
        Candidate(kind, words, span, near, _fit(plain, words, question, score + near))
        for span, score in zip(spans, scores, strict=True)
        for kind in wanted[0]
        for words in stated(kind, plain, span, question.asks)
        if not plain[: words[0]].endswith(_SET_ELSEWHERE)
        for near in [_around(plain, words, span, question, rarity)]
    ]
    chosen = _clearest(plain, found)
    return (Fact(chosen.kind, *chosen.span), chosen.sentence) if chosen else None


def _fit(plain: str, words: Span, question: Question, score: float) -> float:
    """A score; where a limit is asked for, more of it for one, none for what begins beyond it."""
    stating = plain[slice(*words)]
    if not _ASKS_MOST.search(question.asks):
        return score
    if _BEYOND.match(stating):
        return 0.0
    return score * _LIMIT if _MOST.search(stating) else score


def _around(plain: str, words: Span, sentence: Span, question: Question, rarity: Rarity) -> float:
    """What stands around the words, between the sentence's commas, that the question says too."""
    parts = [part.span() for part in _PART.finditer(plain, *sentence)]
    near = [part for part in parts if part[0] < words[1] and words[0] < part[1]]
    start, end = (near[0][0], near[-1][1]) if near else words
    said = shared(f"{plain[start : words[0]]}\n{plain[words[1] : end]}", question, rarity)
    # Single characters are in everything.
    return sum(_FAINT * w if key[1:] >= "㐀" and len(key) == 2 else w for key, w in said.items())  # noqa: PLR2004


def covered(text: str, question: Question, rarity: Rarity) -> float:
    """The share of the question, its words and ideas by how rare each is, that a text says."""
    said = shared(text, question, rarity)
    words = sum(rarity("words", word) for word in set(question.words))
    total = words + sum(rarity("ideas", idea) for idea in question.ideas)
    return sum(w for key, w in said.items() if not key.startswith("p")) / max(total, 1e-6)


def _clearest(plain: str, found: Sequence[Candidate]) -> Candidate | None:
    """The candidate whose surroundings say clearly the most of the question."""
    best = max(found, key=lambda one: one.score, default=None)
    if best is None or not best.score:
        return None
    words = plain[slice(*best.span)]
    rivals = [one for one in found if one is not best and plain[slice(*one.span)] != words]
    joined = best
    for rival in rivals:
        if rival.sentence != best.sentence:
            if rival.score * _CLEARLY > best.score:
                return None
        elif "|" in plain[slice(*best.sentence)]:
            return None
        elif _JOINS.fullmatch(plain[best.span[1] : rival.span[0]]):
            joined = replace(joined, span=(joined.span[0], max(joined.span[1], rival.span[1])))
        elif max(rival.around * _CLEARLY_NEARER, rival.around + _NEARER) > best.around:
            return None
    return joined
