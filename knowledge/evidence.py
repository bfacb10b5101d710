"""How well a clause supports an answer, as figures the guard can weigh.

A score threshold alone refuses off-topic questions well and near misses badly (design notes on
retrieval, section 4); several signals together do better.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import astuple, dataclass

from bank.policies import Passage
from knowledge.concepts import offers
from knowledge.hit import Hit
from knowledge.question import Question
from knowledge.tokens import tokenize

Rarity = Callable[[str, str], float]
"""The inverse document frequency of a field's token."""

FULL_STRENGTH = 8.0
"""The strength of a hit, in rarities of an unseen word, from which it is at its strongest.

In rarities, so that it means the same over ten clauses and over a hundred thousand.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Signals for one clause, each 0 to 1.

    `words` and `ideas` are the shares of the question's, by rarity, that the clause or its title
    and chapter hold; `foreign` is the share of the words that no policy uses at all. `wants` is
    the share of the wanted kinds of fact the clause states, `strength` the hit's by the full
    one. `off_subject` is 1 when the question names a subject the clause does not mention.
    """

    words: float
    ideas: float
    foreign: float
    wants: float
    strength: float
    off_subject: float

    def signals(self) -> tuple[float, ...]:
        """The figures in the order of the fields."""
        return astuple(self)


def weigh(question: Question, passage: Passage, hit: Hit, rarity: Rarity) -> Evidence:
    """The evidence of the best clause and how it was found."""
    whole = _whole(passage)
    words, spoken_of = set(question.words), question.glossary.ideas(whole)
    never_seen = rarity("words", "")
    foreign = {word for word in words if rarity("words", word) >= never_seen}
    return Evidence(
        words=_share(words, set(tokenize(whole).words), "words", rarity),
        ideas=_share(question.ideas, spoken_of, "ideas", rarity),
        foreign=_share(words, foreign, "words", rarity),
        wants=len(question.wants & offers(passage.clause.text)) / max(1, len(question.wants)),
        strength=min(1.0, hit.strength / (FULL_STRENGTH * never_seen)),
        off_subject=float(bool((question.ideas & question.glossary.subjects) - spoken_of)),
    )


def share_of_ideas(question: Question, passage: Passage, rarity: Rarity) -> float:
    """The share of the question's ideas, by rarity, that a clause or its title and chapter hold."""
    return _share(question.ideas, question.glossary.ideas(_whole(passage)), "ideas", rarity)


def _whole(passage: Passage) -> str:
    return f"{passage.policy.title}\n{passage.clause.heading}\n{passage.clause.text}"


def _share(asked: Iterable[str], held: Collection[str], field: str, rarity: Rarity) -> float:
    weights = {token: rarity(field, token) for token in asked}
    total = sum(weights.values())
    return sum(weights[token] for token in weights if token in held) / total if total else 0.0
