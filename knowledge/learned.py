"""What a bank has taught the search: rankers, memories and guards by language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.features import Sight, look
from knowledge.fusion import Floats
from knowledge.guard import GUARDS, Guard
from knowledge.memory import Memory, Recalled, blank
from knowledge.ranking import Ranker

BOOST = 0.5
"""What a confirmed answer to the very same question adds to a clause's score without a ranker.

Measured on questions held out of the memory: docs/retrieval.md.
"""


@dataclass(frozen=True, slots=True)
class Learned:
    """By language; what is not there has not been learnt. There is always a guard."""

    rankers: Mapping[str, Ranker]
    memories: Mapping[str, Memory]
    guards: Mapping[str, Guard] = field(default_factory=lambda: GUARDS)

    def knows(self, lang: str) -> bool:
        """Whether anything was learnt about a language."""
        return lang in self.rankers or lang in self.memories


NOTHING = Learned(MappingProxyType({}), MappingProxyType({}))


def reorder(
    sight: Sight, ranker: Ranker | None, memory: Memory | None, recalled: Recalled | None
) -> tuple[NDArray[np.intp], Floats]:
    """A sight's candidates best first, and a score for each place.

    The scores are the default's own, best first: whoever judges by them need not know who ranked.
    """
    fused = sight.fused
    if memory and recalled and not ranker:
        fused = boosted(fused, memory.tell(recalled, sight.rows.tolist()))
    order = np.argsort(-fused, kind="stable")
    scores = fused[order]
    if ranker:
        view = look(sight)
        told = memory.tell(recalled, view.rows.tolist()) if memory and recalled else None
        first = ranker.order(view, blank(len(view.rows)) if told is None else told)
        order = np.concatenate([first, order[~np.isin(order, first)]])
    return order, scores


def boosted(fused: Floats, told: Floats) -> Floats:
    """Scores with what confirmed answers add, by how alike their questions are."""
    scores: Floats = fused + BOOST * told[:, 0]
    return scores
