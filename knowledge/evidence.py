"""How well a clause supports an answer, as figures the guard can weigh.

A score threshold alone refuses off-topic questions well and near misses badly (design notes on
retrieval, §4); several signals together do better.
"""

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass

from bank.policies import Passage
from knowledge.concepts import ideas, offers
from knowledge.question import Question
from knowledge.tokens import tokenize

Rarity = Callable[[str, str], float]
"""The inverse document frequency of a field's token."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Signals for one clause, each 0 to 1.

    `words`, `pairs` and `ideas` are the shares of the question's, by rarity, that the clause or
    its title and chapter hold. `foreign` is the share of the words that no policy uses at all.
    `wants` is the share of the wanted kinds of fact the clause states. `margin` is how far it is
    ahead of the next best, `strength` the word index's score by the most that was possible.
    """

    words: float
    pairs: float
    ideas: float
    foreign: float
    wants: float
    margin: float
    strength: float

    def signals(self) -> tuple[float, ...]:
        """The figures in the order of the fields."""
        return astuple(self)


def weigh(
    question: Question, passage: Passage, scores: tuple[float, float], rarity: Rarity
) -> Evidence:
    """The evidence of the best clause; `scores` are its own and the next best's word scores."""
    clause = passage.clause
    whole = f"{passage.policy.title}\n{clause.heading}\n{clause.text}"
    tokens = tokenize(whole)
    unknown = rarity("words", "")
    words = set(question.words)
    foreign = {word for word in words if rarity("words", word) >= unknown}
    best, second = scores
    possible = sum(rarity("words", word) for word in words)
    return Evidence(
        words=_share(words, set(tokens.words), "words", rarity),
        pairs=_share(question.pairs, set(tokens.pairs), "pairs", rarity),
        ideas=_share(question.ideas, ideas(whole), "ideas", rarity),
        foreign=_share(words, foreign, "words", rarity),
        wants=len(question.wants & offers(clause.text)) / max(1, len(question.wants)),
        margin=(best - second) / best if best else 0.0,
        strength=min(1.0, best / (4 * possible)) if possible else 0.0,
    )


def _share(
    asked: Iterable[str], held: set[str] | frozenset[str], field: str, rarity: Rarity
) -> float:
    weights = {token: rarity(field, token) for token in asked}
    total = sum(weights.values())
    return sum(weights[token] for token in weights if token in held) / total if total else 0.0
