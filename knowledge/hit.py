"""What a search gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found: its fused score, which orders hits, and how strong a hit it is.

    The strength is what of the question the clause says, words, pairs and ideas, by how rare each
    is: unlike the score it tells a good answer from the best of bad ones.
    """

    clause_id: str
    score: float
    strength: float
