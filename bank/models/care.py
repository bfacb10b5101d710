"""Visits and duties to clients, warnings about them, and what managers did about all three."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Id, Key, Moment

DUTY_KINDS = (
    "due_diligence",
    "post_loan_check",
    "return_visit",
    "festive_care",
    "analysis_report",
    "client_plan",
)


class Visit(Base):
    """A contact with a client; on-site and video visits with a note count (scoring/coverage)."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("kind IN ('onsite', 'video', 'phone')", name="kind"),
        Index("ix_visit_client", "client_id", "day"),
        Index("ix_visit_manager", "manager_id", "day"),
    )

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"))
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[Day]
    logged_day: Mapped[Day]
    kind: Mapped[Id]
    note: Mapped[str]
    batch_id: Mapped[BatchId]


class Duty(Base):
    """Something planned that a manager must have done by a day."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint(f"kind IN {DUTY_KINDS}", name="kind"),
        Index("ix_duty_manager", "manager_id", "due_day"),
    )

    id: Mapped[Key]
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    client_id: Mapped[Id | None] = mapped_column(ForeignKey("client.id"), index=True)
    """None where it is about the manager's clients as a whole."""
    kind: Mapped[Id]
    due_day: Mapped[Day]
    done_day: Mapped[Day | None]
    batch_id: Mapped[BatchId]


class RiskWarning(Base):
    """A risk signal raised on a client: one open warning per client and signal."""

    __tablename__ = "risk_warning"
    __table_args__ = (
        CheckConstraint("severity IN ('red', 'orange', 'yellow', 'blue')", name="severity"),
        CheckConstraint("state IN ('open', 'answered', 'closed')", name="state"),
        Index(
            "uq_risk_warning_open",
            "client_id",
            "signal",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_risk_warning_manager", "manager_id", "raised_day"),
        Index("ix_risk_warning_client", "client_id", "raised_day"),
    )

    id: Mapped[Key]
    signal: Mapped[Id]
    """The signal's id in the catalogue, such as W01."""
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"))
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    severity: Mapped[Id]
    raised_day: Mapped[Day]
    due_day: Mapped[Day]
    """Last business day on which the first substantive response is on time."""
    state: Mapped[Id]
    evidence: Mapped[dict[str, object]] = mapped_column(JSON)
    batch_id: Mapped[BatchId]


class WarningResponse(Base):
    """A manager's substantive answer to a warning."""

    __tablename__ = "warning_response"

    id: Mapped[Key]
    warning_id: Mapped[Id] = mapped_column(ForeignKey("risk_warning.id"), index=True)
    staff_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[Day]
    text: Mapped[str]
    batch_id: Mapped[BatchId]


class Snooze(Base):
    """An item a person has put off; it moves that one item and never its interval."""

    __tablename__ = "snooze"

    staff_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    until_day: Mapped[Day]
    """First day the item may be shown again."""
    set_at: Mapped[Moment]
