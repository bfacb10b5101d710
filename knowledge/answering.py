"""From found clauses to an answer, the closest rules, or a refusal: no model, only quotes."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bank.policies import Passage
from knowledge.answer import Citation, Reason, Status, cite
from knowledge.concepts import offers
from knowledge.evidence import Evidence, Rarity, weigh
from knowledge.hit import Hit
from knowledge.question import Question
from knowledge.tokens import tokenize

MOST_CITED = 3
MOST_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the found clauses amount to; `citations` are the closest rules when refused."""

    status: Status
    reason: Reason
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """When evidence suffices in one language: a logistic curve over its signals.

    `weights` are in the order of Evidence's fields. An estimate of at least `answer` is answered,
    of at least `show` the clauses are shown as the closest rules, below that nothing is.
    """

    intercept: float
    weights: tuple[float, ...]
    answer: float
    show: float

    def estimate(self, evidence: Evidence) -> float:
        """How likely the clause answers the question, 0 to 1."""
        pairs = zip(self.weights, evidence.signals(), strict=True)
        return 1 / (1 + math.exp(-self.intercept - sum(w * signal for w, signal in pairs)))


# Fitted on tests/golden by `python -m tests.knowledge.calibrate`, which says how.
GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "en": Guard(-2.49, (4.04, 2.93, -3.71, 1.78, 4.33, -5.54), answer=0.44, show=0.1),
        "zh": Guard(-2.90, (0.36, 2.31, 0.0, 2.88, 4.25, -5.6), answer=0.45, show=0.1),
    }
)

CLEAR = 0.82
"""A clause is cited beside the best when its score is at least this share of the best's."""

_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?|\n")
_LATIN_SENTENCE = re.compile(r"[^\n]+?(?:[.;!?](?=\s)|$)\s*|\n", re.MULTILINE)
_ALSO_MARKED = 0.8


def choose(scores: Sequence[float]) -> int:
    """How many of the best clauses are cited: one when it is clear, at most MOST_CITED."""
    near = [score for score in scores[:MOST_CITED] if score >= CLEAR * scores[0]]
    return len(near)


def judge(
    question: Question, found: Sequence[tuple[Passage, Hit]], lang: str, rarity: Rarity
) -> Verdict:
    """The clauses that answer, or the closest rules, or nothing; `found` is best first."""
    found = _one_piece_each(found)
    if not found:
        return Verdict("refused", "off_topic", ())
    best, hit = found[0]
    evidence = weigh(question, best, hit.strength, rarity)
    estimate = GUARDS[lang].estimate(evidence)
    if estimate >= GUARDS[lang].answer:
        count = choose([hit.score for _, hit in found])
        return Verdict("answered", "", _cited(question, found[:count], rarity))
    if estimate >= GUARDS[lang].show:
        nearest = _cited(question, found[:MOST_NEAREST], rarity)
        return Verdict("refused", "closest_only", nearest)
    return Verdict("refused", "off_topic", ())


def _one_piece_each(found: Sequence[tuple[Passage, Hit]]) -> list[tuple[Passage, Hit]]:
    """Of a long clause's pieces only the best."""
    kept: dict[tuple[str, str], tuple[Passage, Hit]] = {}
    for passage, hit in found:
        kept.setdefault((passage.policy.id, passage.clause.number), (passage, hit))
    return list(kept.values())


def _cited(
    question: Question, found: Sequence[tuple[Passage, Hit]], rarity: Rarity
) -> tuple[Citation, ...]:
    return tuple(
        cite(passage, deciding(passage.clause.text, question, rarity)) for passage, _ in found
    )


def deciding(text: str, question: Question, rarity: Rarity) -> tuple[tuple[int, int], ...]:
    """The ranges of a clause's sentences that speak to the question, at least one."""
    spans = sentences(text)
    scores = [_speaks(text[start:end], question, rarity) for start, end in spans]
    best = max(scores, default=0.0)
    if not best:
        return tuple(spans[:1])
    chosen = zip(spans, scores, strict=True)
    return tuple(span for span, score in chosen if score >= _ALSO_MARKED * best)


def sentences(text: str) -> list[tuple[int, int]]:
    """The ranges of a text's sentences and items, without the space around them."""
    pattern = _SENTENCE if re.search(r"[。；]", text) else _LATIN_SENTENCE
    spans = []
    for found in pattern.finditer(text):
        inner = found[0].strip()
        if inner:
            start = found.start() + found[0].index(inner)
            spans.append((start, start + len(inner)))
    return spans


def _speaks(sentence: str, question: Question, rarity: Rarity) -> float:
    tokens = tokenize(sentence)
    held = set(tokens.words)
    pairs = set(tokens.pairs)
    return (
        sum(rarity("words", word) for word in set(question.words) if word in held)
        + 0.4 * sum(rarity("pairs", pair) for pair in set(question.pairs) if pair in pairs)
        + sum(rarity("ideas", idea) for idea in question.ideas & question.glossary.ideas(sentence))
        + 3.0 * len(question.wants & offers(sentence)) / max(1, len(question.wants))
    )
