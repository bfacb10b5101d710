"""What a search gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found: its fused score (0 to 1) and the word index's own."""

    clause_id: str
    score: float
    words: float
