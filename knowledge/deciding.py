"""Which sentences of a clause decide a question."""

import re

from knowledge.concepts import offers
from knowledge.evidence import Rarity
from knowledge.question import Question
from knowledge.tokens import tokenize

_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?|\n")
_LATIN_SENTENCE = re.compile(r"[^\n]+?(?:[.;!?](?=\s)|$)\s*|\n", re.MULTILINE)
_ALSO_MARKED = 0.8


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
