"""What the bank has taught the search: rankers, and questions whose answers were confirmed."""

from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Id, Key, Moment


class Ranker(Base):
    """A learnt order of candidates; of each language at most one is active."""

    __tablename__ = "ranker"
    __table_args__ = (Index("ix_ranker_lang", "lang", "made_at"),)

    id: Mapped[Key]
    lang: Mapped[Id]
    made_at: Mapped[Moment]
    made_by: Mapped[str]
    reading: Mapped[Id]
    """The features and the embedder that it was fitted to; it fits no others."""
    metrics: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The default's and its own figures, cross-validated."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    active: Mapped[bool]


class ConfirmedAnswer(Base):
    """A question with the clause that somebody confirmed answers it."""

    __tablename__ = "confirmed_answer"

    id: Mapped[Key]
    """A digest of the question, the policy and the clause's number."""
    question: Mapped[str]
    lang: Mapped[Id]
    policy: Mapped[Id]
    number: Mapped[Id]
    digest: Mapped[Id]
    """Of the clause's text when it was confirmed; with another text it counts no longer."""
    confirmed_by: Mapped[Id]
    confirmed_at: Mapped[Moment]
