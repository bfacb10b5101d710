"""Where the line runs between an answer, the closest rules, and a refusal."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from knowledge.evidence import SIGNALS, Evidence
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

    def to_data(self) -> dict[str, Any]:
        """The guard as JSON has it."""
        named = dict(zip(SIGNALS, self.weights, strict=True))
        line = {"answer": self.answer, "show": self.show}
        return {"intercept": self.intercept, "weights": named, **line}

    def outcome(self, estimate: float) -> Outcome:
        """What an estimate allows."""
        if estimate >= self.answer:
            return "answered"
        return "closest_only" if estimate >= self.show else "off_topic"


# Fitted on tests/golden by knowledge/calibration; docs/answers.md says how, and how well they do.
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


def from_data(data: Mapping[str, Any]) -> Guard:
    """The guard that `to_data` gave; KeyError, TypeError or ValueError when it is damaged."""
    weights = tuple(float(data["weights"][name]) for name in SIGNALS)
    intercept, answer, show = (float(data[name]) for name in ("intercept", "answer", "show"))
    if not all(map(math.isfinite, (*weights, intercept, answer, show))):
        raise ValueError("a guard's figures are finite")
    return Guard(intercept, weights, answer, show)


def reading_of(embedder: str) -> str:
    """What a guard is fitted to: these signals, with that embedder's likeness among them."""
    return "-".join(
        hashlib.sha256(text.encode()).hexdigest()[:8] for text in ("\n".join(SIGNALS), embedder)
    )
