"""What people thought of the answers they saw."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Id, Moment

VERDICTS = ("up", "down")
COMPLAINTS = ("", "wrong_clause", "out_of_date", "not_asked", "incomplete", "other")
"""Why an answer was no good; empty for one that was, and until somebody says why."""


class AnswerFeedback(Base):
    """One person's verdict on one answer; given again, it replaces the one before."""

    __tablename__ = "answer_feedback"
    __table_args__ = (
        CheckConstraint(f"verdict IN {VERDICTS}", name="verdict"),
        CheckConstraint(f"reason IN {COMPLAINTS}", name="reason"),
        Index("ix_answer_feedback_at", "at"),
    )

    question_id: Mapped[Id] = mapped_column(
        ForeignKey("question.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    verdict: Mapped[Id]
    reason: Mapped[Id]
    note: Mapped[str]
    """A sentence of theirs; removed with the question's words."""
    at: Mapped[Moment]
