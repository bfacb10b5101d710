"""The lines between answers and refusals that were fitted on the bank's own questions."""

from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Id, Key, Moment


class Guard(Base):
    """A fitted guard; of each language, and of asking across two, at most one is active."""

    __tablename__ = "guard"
    __table_args__ = (Index("ix_guard_lang", "lang", "made_at"),)

    id: Mapped[Key]
    lang: Mapped[Id]
    made_at: Mapped[Moment]
    made_by: Mapped[str]
    reading: Mapped[Id]
    """The signals and the embedder that it was fitted to; it fits no others."""
    metrics: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The default's and its own figures, cross-validated."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    active: Mapped[bool]
