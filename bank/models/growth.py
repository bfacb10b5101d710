"""Training, certificates, proposals, and how colleagues rate working together."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Id, Key

COURSE_KINDS = ("compliance", "product")
PROPOSAL_STATES = ("submitted", "screened", "adopted", "rolled_out", "rejected")
PROPOSAL_STEPS = ("screened", "adopted", "rolled_out")


class TrainingResult(Base):
    """One attempt at a mandatory course, or its absence (no taken_day, no score)."""

    __tablename__ = "training_result"
    __table_args__ = (CheckConstraint(f"kind IN {COURSE_KINDS}", name="kind"),)

    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    course: Mapped[str] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    due_day: Mapped[Day]
    taken_day: Mapped[Day | None]
    score: Mapped[int | None]
    kind: Mapped[Id] = mapped_column(server_default=text("'compliance'"))
    """What the course teaches."""
    batch_id: Mapped[BatchId]


class Certificate(Base):
    """A qualification (CFP, FRM, …) valid over the half-open days [from_day, to_day)."""

    __tablename__ = "certificate"
    __table_args__ = (CheckConstraint("from_day < to_day", name="span"),)

    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    from_day: Mapped[Day]
    to_day: Mapped[Day]
    batch_id: Mapped[BatchId]


class Proposal(Base):
    """A suggestion for the bank to do something better, and how far it came."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(f"state IN {PROPOSAL_STATES}", name="state"),
        CheckConstraint("(state = 'submitted') = (decided_day IS NULL)", name="decided"),
    )

    id: Mapped[Key]
    title: Mapped[str]
    day: Mapped[Day]
    state: Mapped[Id]
    decided_day: Mapped[Day | None]
    """Day it reached its state."""
    batch_id: Mapped[BatchId]


class ProposalStep(Base):
    """The day a proposal came so far; each step counts in the period of its own day."""

    __tablename__ = "proposal_step"
    __table_args__ = (CheckConstraint(f"state IN {PROPOSAL_STEPS}", name="state"),)

    proposal_id: Mapped[Id] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    state: Mapped[Id] = mapped_column(primary_key=True)
    day: Mapped[Day]
    batch_id: Mapped[BatchId]


class ProposalAuthor(Base):
    """An author's share of a proposal; the shares of one add up to 100."""

    __tablename__ = "proposal_author"
    __table_args__ = (CheckConstraint("share_pct BETWEEN 1 AND 100", name="share"),)

    proposal_id: Mapped[Id] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    share_pct: Mapped[int]
    batch_id: Mapped[BatchId]


class CollabRating(Base):
    """How someone of another department found working with a manager in a quarter."""

    __tablename__ = "collab_rating"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("rater_id <> manager_id", name="two_people"),
    )

    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    rater_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    quarter: Mapped[Id] = mapped_column(primary_key=True)
    """Such as 2026Q4."""
    score: Mapped[int]
    day: Mapped[Day]
    batch_id: Mapped[BatchId]


class CreditFile(Base):
    """A credit file a manager handed in, and whether it came back for rework."""

    __tablename__ = "credit_file"
    __table_args__ = (Index("ix_credit_file_manager", "manager_id", "submitted_day"),)

    id: Mapped[Key]
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"))
    submitted_day: Mapped[Day]
    returned_day: Mapped[Day | None]
    reason: Mapped[str]
    """Why it was returned; empty when it was not."""
    batch_id: Mapped[BatchId]
