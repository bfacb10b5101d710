"""What managers' clients had day by day, added up in advance."""

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Key


class ManagerDay(Base):
    """What a manager's clients had from a day on until the manager's next row, and before it.

    Both are by "what/customer class", without zeros (bank/performance/rollup). They are JSON
    because a sum over a year of a great bank needs more than 64 bits, and no query looks inside.
    """

    __tablename__ = "manager_day"
    __table_args__ = ({"sqlite_with_rowid": False},)

    manager_id: Mapped[Key]
    day: Mapped[Day] = mapped_column(primary_key=True)
    levels: Mapped[dict[str, int]] = mapped_column(JSON)
    """Of each day from this one up to the next row."""
    totals: Mapped[dict[str, int]] = mapped_column(JSON)
    """Added up over the days of this row's year before this one."""


class RollupHead(Base):
    """Up to which drop the manager days are kept: one row, or none while they are not built."""

    __tablename__ = "rollup_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    batch_id: Mapped[int]
    """The newest drop they hold (import_batch.id)."""
