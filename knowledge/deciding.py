"""Which sentences of a clause decide a question."""

import re
from collections.abc import Mapping, Sequence

from knowledge.concepts import offers
from knowledge.evidence import Rarity
from knowledge.question import Question
from knowledge.rulings import asks_for_ruling, ruling
from knowledge.statements import asked, stated, unwidened
from knowledge.tokens import tokenize

_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?|\n")
_LATIN_SENTENCE = re.compile(r"[^\n]+?(?:[.;!?](?=\s)|$)\s*|\n", re.MULTILINE)
_ALSO_MARKED = 0.85
_INHERITED = 0.55
"""What a word counts for a sentence that only follows one that says it."""
_ANSWERS = 0.35
"""What stating the kind of fact that is asked for counts, of all that the clause says."""


def deciding(text: str, question: Question, rarity: Rarity) -> tuple[tuple[int, int], ...]:
    """The ranges of a clause's sentences that speak to the question, at least one."""
    spans = sentences(text)
    scores = weigh_sentences(text, spans, question, rarity)
    best = max(scores, default=0.0)
    if not best:
        return tuple(spans[:1])
    chosen = zip(spans, scores, strict=True)
    return tuple(span for span, score in chosen if score >= _ALSO_MARKED * best)


def weigh_sentences(
    text: str, spans: Sequence[tuple[int, int]], question: Question, rarity: Rarity
) -> list[float]:
    """How much each sentence says of the question; what came before it is its subject too."""
    plain = unwidened(text)
    said = [shared(text[start:end], question, rarity) for start, end in spans]
    whole = sum(dict(pair for held in said for pair in held.items()).values())
    before: dict[str, float] = {}
    scores = []
    for span, held in zip(spans, said, strict=True):
        inherited = sum(weight for key, weight in before.items() if key not in held)
        answers = _answers(plain, span, question)
        scores.append(sum(held.values()) + _INHERITED * inherited + _ANSWERS * whole * answers)
        before |= held
    return scores


def shared(text: str, question: Question, rarity: Rarity) -> Mapping[str, float]:
    """What of the question a text says, words, pairs and ideas, each by how rare it is."""
    tokens = tokenize(text)
    held, pairs = set(tokens.words), set(tokens.pairs)
    ideas = question.ideas & question.glossary.ideas(text)
    return (
        {f"w{word}": rarity("words", word) for word in question.words if word in held}
        | {f"p{pair}": 0.4 * rarity("pairs", pair) for pair in question.pairs if pair in pairs}
        | {f"i{idea}": rarity("ideas", idea) for idea in ideas}
    )


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


def _answers(plain: str, span: tuple[int, int], question: Question) -> float:
    """The share of what is asked for that a sentence states, 0 to 1."""
    kinds = asked(question.asks)
    if kinds:
        hits = [
            any(any(True for _ in stated(k, plain, span, question.asks)) for k in alternatives)
            for alternatives in kinds
        ]
        return sum(hits) / len(hits)
    sentence = plain[slice(*span)]
    if asks_for_ruling(question.asks):
        return float(ruling(sentence) is not None)
    return len(question.wants & offers(sentence)) / max(1, len(question.wants))
