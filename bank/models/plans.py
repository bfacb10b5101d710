"""Targets, computed results, and the bank's business calendar."""

from sqlalchemy import JSON, BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Id, Key, Moment


class CalendarDay(Base):
    """Whether the bank works on a day; `provisional` until the year's schedule is published."""

    __tablename__ = "calendar_day"

    day: Mapped[Day] = mapped_column(primary_key=True)
    is_business: Mapped[bool]
    provisional: Mapped[bool]
    name: Mapped[str]
    """The holiday's name, or empty."""


class Target(Base):
    """A signed yearly target; it never changes (an amendment is a new version)."""

    __tablename__ = "target"

    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    indicator: Mapped[Id] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    """In the indicator's unit: fen for money, whole percent for rates."""
    signed_day: Mapped[Day]


class ScoreRun(Base):
    """One computation of a period as of a day; the newest run of a period is shown."""

    __tablename__ = "score_run"

    id: Mapped[Key]
    period: Mapped[Id]
    as_of_day: Mapped[Day]
    scheme: Mapped[Id]
    computed_at: Mapped[Moment]


class KpiResult(Base):
    """A manager's scorecard of one run, with every figure's explanation, as JSON."""

    __tablename__ = "kpi_result"

    run_id: Mapped[Id] = mapped_column(ForeignKey("score_run.id"), primary_key=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    scorecard: Mapped[dict[str, object]] = mapped_column(JSON)
    inputs_hash: Mapped[Id]
