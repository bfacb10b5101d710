"""Ratings of managers, as their superiors and the risk department give them."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import select

from bank.audit import Deed
from bank.database import Transaction
from bank.entries import admit
from bank.models import Rating


@dataclass(frozen=True, slots=True)
class RatingEntry:
    """What one rater says of one manager for a period: 0 to 100, and why."""

    manager_id: str
    period: str
    kind: str
    rater_id: str
    score: int
    comment: str


def record_rating(tx: Transaction, rating: RatingEntry, on: date, at: datetime) -> str:
    """Record a rating, or what its rater now says instead; returns the rating's id.

    Raises EntryError.
    """
    rating_id = _known(tx, rating) or _id(rating)
    cells = {
        "id": rating_id,
        "manager_id": rating.manager_id,
        "period": rating.period,
        "kind": rating.kind,
        "rater_id": rating.rater_id,
        "score": str(rating.score),
        "comment": rating.comment,
        "date": on.isoformat(),
    }
    admit(tx, "ratings", cells, Deed(rating.rater_id, "rate", on, at))
    return rating_id


def _known(tx: Transaction, rating: RatingEntry) -> str | None:
    """The id of what the rater said before, here or in a drop."""
    return tx.scalar(
        select(Rating.id).where(
            Rating.manager_id == rating.manager_id,
            Rating.period == rating.period,
            Rating.kind == rating.kind,
            Rating.rater_id == rating.rater_id,
        )
    )


def _id(rating: RatingEntry) -> str:
    """Two tellings at once make one rating."""
    told = f"{rating.manager_id} {rating.period} {rating.kind} {rating.rater_id}"
    return sha256(told.encode()).hexdigest()[:32]
