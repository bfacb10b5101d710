"""What risk warnings asked of whom before they were handed over, worsened or raised anew."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Id


class WarningTerm(Base):
    """Who owed an answer to a warning, and until when, over the half-open days [from_day, to_day).

    Terms that are over; those in force are the warning's own row, from the last to_day on.
    """

    __tablename__ = "warning_term"
    __table_args__ = (
        CheckConstraint("severity IN ('red', 'orange', 'yellow', 'blue')", name="severity"),
        CheckConstraint("from_day < to_day", name="span"),
        Index("ix_warning_term_manager", "manager_id", "due_day"),
    )

    warning_id: Mapped[Id] = mapped_column(ForeignKey("risk_warning.id"), primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    severity: Mapped[Id]
    raised_day: Mapped[Day]
    due_day: Mapped[Day]
