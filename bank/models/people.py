"""Who works at the bank, in which unit, since when, and who is on leave."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Id, Key

ROLES = ("manager", "team_lead", "risk", "compliance", "hr", "operator")
LEAVE_KINDS = ("annual", "sick", "parental", "other")


class OrgUnit(Base):
    """A branch or team; the bank itself has no parent."""

    __tablename__ = "org_unit"

    id: Mapped[Key]
    name: Mapped[str]
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("org_unit.id"))
    batch_id: Mapped[BatchId]


class Staff(Base):
    """A person of the bank and their Slack account, bound by an administrator."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    id: Mapped[Key]
    name: Mapped[str]
    role: Mapped[Id]
    unit_id: Mapped[Id] = mapped_column(ForeignKey("org_unit.id"), index=True)
    slack_user_id: Mapped[Id | None] = mapped_column(unique=True)
    lang: Mapped[Id]
    hired_day: Mapped[Day]
    left_day: Mapped[Day]
    """First day no longer employed; OPEN while employed."""
    batch_id: Mapped[BatchId]


class StaffUnit(Base):
    """The unit and role a person had over the half-open days [from_day, to_day).

    The import keeps these spans from what each drop says of the person.
    """

    __tablename__ = "staff_unit"
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint("from_day < to_day", name="span"),
        Index("ix_staff_unit_unit", "unit_id", "from_day"),
    )

    staff_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    unit_id: Mapped[Id] = mapped_column(ForeignKey("org_unit.id"))
    role: Mapped[Id]
    batch_id: Mapped[BatchId]


class StaffLeave(Base):
    """Approved leave over the half-open days [from_day, to_day); one called off holds none."""

    __tablename__ = "staff_leave"
    __table_args__ = (
        CheckConstraint(f"kind IN {LEAVE_KINDS}", name="kind"),
        CheckConstraint("from_day <= to_day", name="span"),
    )

    staff_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    kind: Mapped[Id]
    batch_id: Mapped[BatchId]
