"""How well a clause supports an answer, as figures the guard can weigh.

A score threshold alone refuses off-topic questions well and near misses badly; several signals
together do better (docs/answers.md has the figures). All are arithmetic over the candidates that
were weighed already, and mean the same over ten clauses and over a hundred thousand.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from bank.policies import Passage
from knowledge.fusion import Floats, Legs
from knowledge.question import Question

Rarity = Callable[[str, str], float]
"""The inverse document frequency of a field's token."""

FULL_STRENGTH = 8.0
"""The strength of a hit, in rarities of an unseen word, from which it is at its strongest."""
_TENTH = 9
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Evidence:
    """Signals for one clause, each 0 to 1 or a little more.

    Of the question, by how rare each is, the clause or its title and chapter hold `words`, `pairs`
    of neighbours and `ideas`; `count` is the share of words when all weigh the same, `rarest` the
    rarest one held, by that of a word nobody uses, and `foreign` the share of words that no policy
    uses at all. `said` is BM25 by the question's rarity, `strength` by FULL_STRENGTH with what the
    ideas add, `beside` what its better neighbour says. `wants` is the share of the wanted kinds of
    fact the clause states, `near` how alike it is worded, from the least alike candidate to the
    most. `off_subject` is 1 when the question names a subject the clause does not mention. Of all
    that was found, `lead` and `margin` are how far the first is above the second and the tenth, by
    its score.
    """

    words: float
    pairs: float
    count: float
    ideas: float
    rarest: float
    foreign: float
    said: float
    strength: float
    beside: float
    wants: float
    near: float
    off_subject: float
    lead: float
    margin: float

    def signals(self) -> tuple[float, ...]:
        """The figures in the order of the fields."""
        return astuple(self)


SIGNALS = tuple(field.name for field in fields(Evidence))
AGAINST = frozenset({"foreign", "off_subject"})
"""The signals that speak against an answer; all others speak for one."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Which of a question's different tokens K clauses hold: K by tokens, and each one's rarity."""

    tokens: tuple[str, ...]
    held: NDArray[np.bool_]
    rarities: Floats

    def share(self) -> Floats:
        """The share that each clause holds, by rarity; 0 where there is nothing to hold."""
        total = max(float(self.rarities.sum()), _TINY)
        shares: Floats = (self.held * self.rarities).sum(axis=1) / total
        return shares


@dataclass(frozen=True, slots=True)
class Held:
    """What K clauses hold of a question; `unseen` is the rarity of a word that no policy uses."""

    words: Holding
    pairs: Holding
    ideas: Holding
    unseen: float


def weigh(
    question: Question,
    legs: Legs,
    best: NDArray[np.intp],
    scores: Floats,
    held: Held,
    *,
    pair_weight: float,
) -> tuple[Evidence, ...]:
    """The evidence of the best K clauses, best first.

    `best` says which of the legs' candidates they are, `scores` and `held` are theirs. A pair of
    neighbours weighs `pair_weight` beside a word.
    """
    if not len(best):
        return ()
    whole = max(legs.rarity, _TINY)
    said = legs.words[best] + pair_weight * legs.pairs[best]
    strength = (said + legs.ideas[best]) / (FULL_STRENGTH * max(held.unseen, _TINY))
    words = held.words
    unused = words.rarities >= held.unseen
    foreign = float(words.rarities[unused].sum()) / max(float(words.rarities.sum()), _TINY)
    named = np.array([idea in question.glossary.subjects for idea in held.ideas.tokens], dtype=bool)
    columns = {
        "words": words.share(),
        "pairs": held.pairs.share(),
        "count": words.held.sum(axis=1) / max(1, len(words.tokens)),
        "ideas": held.ideas.share(),
        "rarest": (words.held * words.rarities).max(axis=1, initial=0) / max(held.unseen, _TINY),
        "foreign": foreign,
        "said": said / whole,
        "strength": np.minimum(1.0, strength),
        "beside": legs.beside[best] / whole,
        "wants": legs.wants[best],
        "near": legs.near[best],
        "off_subject": (~held.ideas.held[:, named]).any(axis=1),
        "lead": _fall(scores, 1),
        "margin": _fall(scores, _TENTH),
    }
    table = np.empty((len(best), len(SIGNALS)))
    for at, name in enumerate(SIGNALS):
        table[:, at] = columns[name]
    return tuple(Evidence(*row) for row in table.tolist())


def share_of_ideas(question: Question, passage: Passage, rarity: Rarity) -> float:
    """The share of the question's ideas, by rarity, that a clause or its title and chapter hold."""
    whole = f"{passage.policy.title}\n{passage.clause.heading}\n{passage.clause.text}"
    held = question.glossary.ideas(whole)
    weights = {idea: rarity("ideas", idea) for idea in question.ideas}
    total = sum(weights.values())
    return sum(weights[idea] for idea in weights if idea in held) / total if total else 0.0


def _fall(scores: Floats, place: int) -> float:
    """How far below the first a place is, as a share; 1 where nothing is there."""
    if len(scores) <= place:
        return 1.0
    return float((scores[0] - scores[place]) / max(float(scores[0]), _TINY))
