"""Who works at the bank, and in which unit."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Id, Key

ROLES = ("manager", "team_lead", "risk", "compliance", "hr", "operator")


class OrgUnit(Base):
    """A branch or team; the bank itself has no parent."""

    __tablename__ = "org_unit"

    id: Mapped[Key]
    name: Mapped[str]
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("org_unit.id"))


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
