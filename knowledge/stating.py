"""Whether a clause states the kind of fact a question cannot be answered without.

A clause on visits that gives no interval does not answer how often to visit. Times are what can be
told for sure: of whom, and how much, is said in more ways than patterns know (docs/answers.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bank.policies import Passage
from knowledge.answer import FactKind
from knowledge.deciding import sentences
from knowledge.evidence import Rarity
from knowledge.facts import covered
from knowledge.question import Question
from knowledge.statements import asked, focus, stated, unwidened

_TIMES: frozenset[FactKind] = frozenset(("how_often", "how_long", "when"))
_STATES = 0.12
"""How much of the question the sentence with the fact, or what it stands under, must say."""
_STATES_CLEARLY = 0.32
"""The same where another clause is taken for it instead of the one that was found first."""
_STATES_ALL = 0.45
"""The same for a question of few words in its own language: a report by telephone that holds for
five days says nothing of how long a call is."""
_BESIDE = 0.5
"""What a sentence counts that says nothing of what is to be done by then."""
_CLEARLY = 1.5
"""How many times as much another clause's must say to be taken instead of one that states it."""


def asks_for_time(question: Question) -> bool:
    """Whether how often, how long or when is asked."""
    return any(_TIMES.issuperset(kinds) for kinds in asked(question.asks))


def first_stating(passages: Sequence[Passage], question: Question, rarity: Rarity) -> int | None:
    """Which of the best clauses answers when a time is asked; None where none states it."""
    act = question.glossary.ideas(focus(question.asks)) & question.ideas
    said = [_stating(passage, question, rarity, act) for passage in passages]
    best = max(range(len(said)), key=lambda at: said[at].meant)
    if said[0].plain >= _least(question, passages[0]):
        return best if said[best].meant > _CLEARLY * said[0].meant else 0
    least = max(_STATES_CLEARLY, _least(question, passages[best]))
    return best if said[best].plain >= least else None


def _least(question: Question, passage: Passage) -> float:
    few = question.few_words and passage.policy.lang == question.lang
    return _STATES_ALL if few else _STATES


def _kinds(question: Question) -> frozenset[FactKind]:
    """The kinds of fact that would do; how long something takes does not say how often it is."""
    groups = asked(question.asks)
    often = [kinds for kinds in groups if "how_often" in kinds]
    return frozenset(kind for kinds in often or groups for kind in kinds)


@dataclass(frozen=True, slots=True)
class _Said:
    """How much of a question the sentence says that states the fact; `meant` by what it is of."""

    plain: float
    meant: float


def _stating(passage: Passage, question: Question, rarity: Rarity, act: frozenset[str]) -> _Said:
    text = passage.clause.text
    plain = unwidened(text)
    head = f"{passage.policy.title}\n{passage.clause.heading}"
    kinds = _kinds(question)
    most = meant = 0.0
    for span in sentences(text):
        if any(any(True for _ in stated(kind, plain, span, question.asks)) for kind in kinds):
            sentence = text[slice(*span)]
            said = covered(f"{sentence}\n{head}", question, rarity)
            beside = bool(act) and not act & question.glossary.ideas(sentence)
            most, meant = max(most, said), max(meant, _BESIDE * said if beside else said)
    return _Said(most, meant)
