"""Where records come from: drops and their corrections, deeds of people, changes of state."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Id, Key, Moment

STATE_SUBJECTS = ("warning", "incident", "appeal", "rating", "ticket", "verified")


class ImportBatch(Base):
    """A drop that was committed; the same one again is a no-op."""

    __tablename__ = "import_batch"
    __table_args__ = (
        Index("uq_import_batch", "source", "business_day", "batch", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    """Ascending in the order of the imports."""
    source: Mapped[Id]
    business_day: Mapped[Day]
    batch: Mapped[int]
    digest: Mapped[Id]
    rows: Mapped[int]
    imported_at: Mapped[Moment]


class Correction(Base):
    """A manager whose figures from first_day on changed with a later drop."""

    __tablename__ = "correction"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    first_day: Mapped[Day]


class Audit(Base):
    """Who did what and when; rows are only ever added (triggers refuse the rest).

    It holds no client data: `subject` names the row ("visit:V1"), `digest` fingerprints it. Rows
    are a chain (bank/chain); those from before it have no seal.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_actor", "actor_id", "at"),
        Index("ix_audit_subject", "subject"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    actor_id: Mapped[Id]
    deed: Mapped[Id]
    subject: Mapped[str]
    digest: Mapped[Id]
    detail: Mapped[str] = mapped_column(server_default=text("'{}'"))
    """What came of it, as canonical JSON: ids, words of ours and figures."""
    key_name: Mapped[Id] = mapped_column(server_default=text("''"))
    seal: Mapped[Id] = mapped_column(server_default=text("''"))


class AuditHead(Base):
    """Where the audit log ends: one row, which every writer locks. None before the chain began."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_id: Mapped[int]
    """The newest row of the log, and its seal."""
    last: Mapped[Id]
    key_name: Mapped[Id]
    sealed_to: Mapped[int]
    """Rows up to here were exported and accounted for: the triggers let them go."""
    seal: Mapped[Id]


class StateEvent(Base):
    """One change of state of something people decide on."""

    __tablename__ = "state_event"
    __table_args__ = (
        CheckConstraint(f"kind IN {STATE_SUBJECTS}", name="kind"),
        CheckConstraint("from_state <> to_state", name="change"),
        Index("ix_state_event_subject", "kind", "subject_id", "at"),
    )

    id: Mapped[Key]
    kind: Mapped[Id]
    subject_id: Mapped[Id]
    from_state: Mapped[Id]
    """Empty for the first one."""
    to_state: Mapped[Id]
    actor_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[Moment]
    reason: Mapped[str]
