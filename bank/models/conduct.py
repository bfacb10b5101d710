"""Incidents that can veto a grade, complaints, and compliance checks."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Id, Key
from bank.models.clients import NOTHING

INCIDENT_STATES = ("reported", "confirmed", "dismissed")
COMPLAINT_STATES = ("pending", "upheld", "rejected", "duplicate")
CHECK_KINDS = ("sales", "documents", "aml", "credit")
CHECK_SEVERITIES = ("critical", "major", "minor")


class Incident(Base):
    """A compliance incident; it counts while confirmed, in the period it happened in.

    Reported by one person of the risk department, confirmed or dismissed by another. An appeal
    against it that is upheld (Appeal.item) lifts its veto.
    """

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("veto IN ('V1', 'V2')", name="veto"),
        CheckConstraint(f"state IN {INCIDENT_STATES}", name="state"),
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
    """Who confirmed or dismissed it."""
    summary: Mapped[str]
    policy: Mapped[str]
    """The clause it breaks, as "policy-id clause"."""
    decided_day: Mapped[Day | None]
    """Day it was confirmed or dismissed."""
    code: Mapped[Id] = mapped_column(server_default=NOTHING)
    """What happened, by the catalogue; empty for incidents another system sent."""
    evidence: Mapped[str] = mapped_column(server_default=NOTHING)
    """What proves it: where the file lies."""
    reason: Mapped[str] = mapped_column(server_default=NOTHING)
    """Why it was dismissed."""
    batch_id: Mapped[BatchId]


class Complaint(Base):
    """A client's complaint about a manager; an upheld one counts on the day it was received."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("severity IN ('major', 'minor')", name="severity"),
        CheckConstraint(f"state IN {COMPLAINT_STATES}", name="state"),
        CheckConstraint("(state = 'pending') = (decided_day IS NULL)", name="decided"),
        CheckConstraint("(state = 'duplicate') = (duplicate_of IS NOT NULL)", name="duplicate"),
        Index("ix_complaint_manager", "manager_id", "received_day"),
    )

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    received_day: Mapped[Day]
    severity: Mapped[Id]
    state: Mapped[Id]
    decided_day: Mapped[Day | None]
    duplicate_of: Mapped[Id | None] = mapped_column(ForeignKey("complaint.id"))
    summary: Mapped[str]
    batch_id: Mapped[BatchId]


class CheckItem(Base):
    """One item of a compliance check; the first result stands, a later one is shown beside it."""

    __tablename__ = "check_item"
    __table_args__ = (
        CheckConstraint(f"kind IN {CHECK_KINDS}", name="kind"),
        CheckConstraint(f"severity IN {CHECK_SEVERITIES}", name="severity"),
        CheckConstraint("(recheck_day IS NULL) = (recheck_passed IS NULL)", name="recheck"),
        Index("ix_check_item_manager", "manager_id", "day"),
    )

    id: Mapped[Key]
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[Day]
    kind: Mapped[Id]
    severity: Mapped[Id]
    passed: Mapped[bool]
    recheck_day: Mapped[Day | None]
    recheck_passed: Mapped[bool | None]
    regulation: Mapped[str]
    """The rule it tests, as "policy-id clause" or a regulation's name."""
    subject: Mapped[str]
    """What was looked at."""
    batch_id: Mapped[BatchId]
