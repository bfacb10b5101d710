"""Where the line runs between an answer, the closest rules, and a refusal."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from knowledge.evidence import Evidence
from knowledge.fusion import ACROSS
from knowledge.question import Question

Outcome = Literal["answered", "closest_only", "off_topic"]


@dataclass(frozen=True, slots=True)
class Guard:
    """When evidence suffices in one language, or across the two: a logistic curve over its signals.

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

    def outcome(self, estimate: float) -> Outcome:
        """What an estimate allows."""
        if estimate >= self.answer:
            return "answered"
        return "closest_only" if estimate >= self.show else "off_topic"


# Fitted on tests/golden by `python -m tests.knowledge.calibrate`, which says how.
GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "en": Guard(-2.85, (2.81, 3.21, -3.18, 1.8, 6.88, -5.23), answer=0.46, show=0.1),
        "zh": Guard(-3.33, (0.0, 1.93, 0.0, 2.55, 6.64, -5.42), answer=0.5, show=0.1),
        ACROSS: Guard(-3.63, (12.14, 0.0, -1.11, 0.94, 21.1, -2.18), answer=0.75, show=0.4),
    }
)
"""By the policies' language, ACROSS where it is not the question's."""


def guard_of(guards: Mapping[str, Guard], question: Question, lang: str) -> Guard:
    """The guard of a question for policies in `lang`."""
    return guards[lang if lang == question.lang else ACROSS]
