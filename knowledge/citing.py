"""Which of the found clauses are cited, and how many: the best one, and what stands close to it.

The first is the search's. What may stand beside it is judged by more than the score that the
search orders by: a clause that speaks of what is asked and states the kind of fact that is wanted
is worth showing even where its words differ. The weights lie
between those of two conditional logits over the golden questions' best ten clauses, English and
Chinese (docs/answers.md).
"""

from collections.abc import Sequence

from knowledge.hit import Hit

MOST_CITED = 3
IDEAS, WANTS, NEAR = 0.4, 0.1, 0.3
"""What all the question's ideas, all its wanted kinds of fact, and the likest wording count."""
CLOSE = 0.35
"""A clause is cited beside the first when its fit is at most so much below the first's."""


def arrange(hits: Sequence[Hit]) -> tuple[int, ...]:
    """Where the found clauses stand: the first stays first, the others follow by their fit."""
    fits = _fits(hits)
    others = sorted(range(1, len(hits)), key=lambda at: -fits[at])
    return (*range(min(1, len(hits))), *others)


def choose(hits: Sequence[Hit]) -> int:
    """How many of the arranged clauses are cited: one when it is clear, at most MOST_CITED."""
    fits = _fits(hits[:MOST_CITED])
    return sum(fit >= fits[0] - CLOSE for fit in fits)


def _fits(hits: Sequence[Hit]) -> list[float]:
    first = max(hits[0].score, 1e-6) if hits else 1.0
    return [hit.score / first + _meant(hit) for hit in hits]


def _meant(hit: Hit) -> float:
    seen = hit.evidence
    return IDEAS * seen.ideas + WANTS * seen.wants + NEAR * seen.near
