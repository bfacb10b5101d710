"""What a search gives."""

from dataclasses import dataclass

from knowledge.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found: its fused score, which orders hits, and what speaks for it.

    The score tells a clause from the others that were found; the evidence tells a good answer from
    the best of bad ones.
    """

    clause_id: str
    score: float
    evidence: Evidence
