"""What came in from Slack, and what goes out to people."""

from sqlalchemy import JSON, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Id, Key, Moment

INBOX_STATES = ("received", "working", "done", "failed")
OUTBOX_STATES = ("planned", "sending", "sent", "uncertain", "dead", "cancelled")


class Inbox(Base):
    """One envelope from Slack, recorded before it is acknowledged."""

    __tablename__ = "inbox"
    __table_args__ = (
        CheckConstraint(f"state IN {INBOX_STATES}", name="state"),
        Index("ix_inbox_state", "state", "received_at"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    """What it is about, once: "message:<team>/<channel>/<ts>", "action:<...>"."""
    kind: Mapped[Id]
    payload: Mapped[dict[str, object]] = mapped_column(JSON)
    received_at: Mapped[Moment]
    state: Mapped[Id]
    attempts: Mapped[int]
    claim: Mapped[Id | None]
    lease_until: Mapped[Moment | None]


class Outbox(Base):
    """One message owed to one person, sent once under its business key."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"state IN {OUTBOX_STATES}", name="state"),
        CheckConstraint(
            "disclosure IN ('public', 'staff', 'personal', 'client')", name="disclosure"
        ),
        Index("ix_outbox_state", "state", "due_at"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    """Business key: "digest:M001:2026-11-18", "answer:<inbox key>"."""
    recipient: Mapped[Id]
    kind: Mapped[Id]
    disclosure: Mapped[Id]
    severity: Mapped[Id]
    payload: Mapped[dict[str, object]] = mapped_column(JSON)
    due_at: Mapped[Moment]
    state: Mapped[Id]
    attempts: Mapped[int]
    claim: Mapped[Id | None]
    lease_until: Mapped[Moment | None]
    first_attempt_at: Mapped[Moment | None]
    channel: Mapped[Id | None]
    ts: Mapped[Id | None]
    problem: Mapped[str | None]


class ScheduleFire(Base):
    """A schedule's due moment that some replica has taken; the unique key is the lock."""

    __tablename__ = "schedule_fire"

    schedule: Mapped[Key]
    due_at: Mapped[Moment] = mapped_column(primary_key=True)
    fired_at: Mapped[Moment]
