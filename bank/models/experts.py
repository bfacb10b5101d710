"""Questions that were put to an expert, and what experts' answers became."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Id, Key, Moment

TICKET_STATES = ("open", "answered")
VERIFIED_STATES = ("proposed", "approved", "declined", "withdrawn", "lapsed")


class Ticket(Base):
    """A question somebody put to an expert; at most one for each question.

    `question` and `note` hold no client's data: it was masked before they were written.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(f"state IN {TICKET_STATES}", name="state"),
        CheckConstraint("(state = 'open') = (answered_by IS NULL)", name="answered"),
        CheckConstraint(
            "opened_at < half_at AND half_at < due_at AND due_at < late_at", name="times"
        ),
        Index("uq_ticket_question", "question_id", unique=True),
        Index("ix_ticket_state", "state", "half_at"),
        Index("ix_ticket_owner", "owner_id", "state"),
    )

    id: Mapped[Key]
    question_id: Mapped[Id]
    """The question's row; its words may be forgotten before the ticket's are."""
    asker_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), index=True)
    conversation: Mapped[str]
    """Where it was asked, as the question has it."""
    lang: Mapped[Id]
    question: Mapped[str]
    note: Mapped[str]
    """What the asker added; may be empty."""
    clause_ids: Mapped[list[str]] = mapped_column(JSON)
    """The clauses the asker was shown."""
    owner_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    turn: Mapped[int]
    """How many have had it, the present owner counted."""
    state: Mapped[Id]
    opened_at: Mapped[Moment]
    half_at: Mapped[Moment]
    due_at: Mapped[Moment]
    late_at: Mapped[Moment]
    """When it goes to the lead of compliance."""
    reply: Mapped[str]
    answered_by: Mapped[Id | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[Moment | None]


class VerifiedAnswer(Base):
    """An expert's answer that others are to get too, once a second person has approved it."""

    __tablename__ = "verified_answer"
    __table_args__ = (
        CheckConstraint(f"state IN {VERIFIED_STATES}", name="state"),
        CheckConstraint("approver_id <> author_id", name="two_people"),
        CheckConstraint(
            "(state IN ('approved', 'withdrawn', 'lapsed')) = (approved_day IS NOT NULL)",
            name="approved",
        ),
        Index("uq_verified_answer_ticket", "ticket_id", unique=True),
        Index("ix_verified_answer_state", "state", "changed_at"),
    )

    id: Mapped[Key]
    ticket_id: Mapped[Id] = mapped_column(ForeignKey("ticket.id"))
    question: Mapped[str]
    lang: Mapped[Id]
    text: Mapped[str]
    author_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    approver_id: Mapped[Id | None] = mapped_column(ForeignKey("staff.id"))
    """Who was asked to approve it, and then who did or declined to."""
    approved_day: Mapped[Day | None]
    state: Mapped[Id]
    turn: Mapped[int]
    """One more with every change of state."""
    proposed_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    reason: Mapped[str]
    """Why it was declined or withdrawn; may be empty."""


class VerifiedClause(Base):
    """A clause that a verified answer rests on, with the words it had then."""

    __tablename__ = "verified_clause"

    verified_id: Mapped[Id] = mapped_column(
        ForeignKey("verified_answer.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    policy: Mapped[Id]
    number: Mapped[Id]
    digest: Mapped[Id]
    """Of the clause's text (bank.rankings.digest)."""
