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
        "en": Guard(
            -4.05,
            (1.92, 0.0, 1.38, 3.8, 0.0, -3.28, 0.79, 8.37, 0.0, 2.14, 0.0, -5.69, 0.0, 0.0),
            answer=0.385,
            show=0.267,
        ),
        "zh": Guard(
            -4.82,
            (0.0, 0.5, 3.65, 2.17, 0.0, 0.0, 0.0, 5.41, 0.0, 2.5, 0.0, -5.37, 2.59, 0.0),
            answer=0.52,
            show=0.196,
        ),
        ACROSS: Guard(
            -4.54,
            (6.02, 0.0, 0.0, 0.0, 1.68, -0.95, 4.1, 24.66, 0.0, 1.14, 0.0, -2.78, 0.4, 0.0),
            answer=0.388,
            show=0.196,
        ),
    }
)
"""By the policies' language, ACROSS where it is not the question's."""


def guard_of(guards: Mapping[str, Guard], question: Question, lang: str) -> Guard:
    """The guard of a question for policies in `lang`."""
    return guards[lang if lang == question.lang else ACROSS]
