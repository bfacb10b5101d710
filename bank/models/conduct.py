"""Incidents that can veto a grade, and training results."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Id, Key


class Incident(Base):
    """A compliance incident; only a confirmed one counts, from the day it was known."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("veto IN ('V1', 'V2')", name="veto"),
        CheckConstraint("state IN ('reported', 'confirmed', 'dismissed')", name="state"),
        CheckConstraint("state <> 'confirmed' OR confirmed_by <> reported_by", name="two_people"),
    )

    id: Mapped[Key]
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), index=True)
    veto: Mapped[Id]
    event_day: Mapped[Day]
    known_day: Mapped[Day]
    state: Mapped[Id]
    reported_by: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    confirmed_by: Mapped[Id | None] = mapped_column(ForeignKey("staff.id"))
    summary: Mapped[str]
    policy: Mapped[str]
    """The clause it breaks, as "policy-id clause"."""


class TrainingResult(Base):
    """One attempt at a mandatory course, or its absence (no taken_day, no score)."""

    __tablename__ = "training_result"

    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    course: Mapped[str] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    due_day: Mapped[Day]
    taken_day: Mapped[Day | None]
    score: Mapped[int | None]
