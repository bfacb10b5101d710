"""Plans and targets, computed results, what people judge, and the business calendar."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Id, Key, Moment

RATING_KINDS = ("superior", "risk", "client")
APPEAL_STATES = ("open", "upheld", "rejected")


class CalendarDay(Base):
    """Whether the bank works on a day; `provisional` until the year's schedule is published."""

    __tablename__ = "calendar_day"
    __table_args__ = (CheckConstraint("source IN ('published', 'bank')", name="source"),)

    day: Mapped[Day] = mapped_column(primary_key=True)
    is_business: Mapped[bool]
    provisional: Mapped[bool]
    name: Mapped[str]
    """The holiday's name, or empty."""
    market_open: Mapped[bool]
    """Whether securities are traded; never on a make-up weekend."""
    source: Mapped[Id]
    """`published` for the public calendar, `bank` for the bank's own word, which stays."""


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
    batch_id: Mapped[BatchId]


class PlanVersion(Base):
    """A whole scoring scheme as some run used it; `id` is the hash of its content."""

    __tablename__ = "plan_version"

    id: Mapped[Key]
    name: Mapped[str]
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    recorded_at: Mapped[Moment]


class ScoreRun(Base):
    """One computation of a period as of a day; the newest run of a period is shown."""

    __tablename__ = "score_run"

    id: Mapped[Key]
    period: Mapped[Id]
    as_of_day: Mapped[Day]
    scheme: Mapped[Id]
    computed_at: Mapped[Moment]
    plan_id: Mapped[Id | None] = mapped_column(ForeignKey("plan_version.id"))
    """Null only for runs from before plans were recorded."""
    batch_id: Mapped[int | None]
    """The newest drop in the records the run read; null before the first."""


class KpiResult(Base):
    """A manager's scorecard of one run, with every figure's explanation, as JSON."""

    __tablename__ = "kpi_result"

    run_id: Mapped[Id] = mapped_column(ForeignKey("score_run.id"), primary_key=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    scorecard: Mapped[dict[str, object]] = mapped_column(JSON)
    inputs_hash: Mapped[Id]


class Rating(Base):
    """How a superior, the risk department or a client panel rates a manager for a period."""

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint(f"kind IN {RATING_KINDS}", name="kind"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("rater_id <> manager_id", name="two_people"),
        Index("uq_rating", "manager_id", "period", "kind", "rater_id", unique=True),
    )

    id: Mapped[Key]
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    period: Mapped[Id]
    """2026Q4 or 2026."""
    kind: Mapped[Id]
    rater_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    """Who gave it; for a client panel, who wrote its result down."""
    score: Mapped[int]
    comment: Mapped[str]
    day: Mapped[Day]
    batch_id: Mapped[BatchId]


class Appeal(Base):
    """A manager's objection to one item of their result."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint(f"state IN {APPEAL_STATES}", name="state"),
        CheckConstraint("(state = 'open') = (decided_day IS NULL)", name="decided"),
        CheckConstraint("handler_id <> manager_id", name="two_people"),
        Index("ix_appeal_manager", "manager_id", "period"),
    )

    id: Mapped[Key]
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    period: Mapped[Id]
    item: Mapped[Id]
    """What it is about: an indicator such as R03, or an incident's id."""
    claim: Mapped[str]
    state: Mapped[Id]
    raised_day: Mapped[Day]
    due_day: Mapped[Day]
    handler_id: Mapped[Id | None] = mapped_column(ForeignKey("staff.id"))
    decided_day: Mapped[Day | None]
    reason: Mapped[str]
    """Why it was decided so; empty while open."""
    evidence: Mapped[str] = mapped_column(server_default=text("''"))
    """What the manager points to; only of an appeal made in Daybook."""
    points: Mapped[int] = mapped_column(server_default=text("0"))
    """Millionths of a point that an appeal which was upheld adds to the score."""
    batch_id: Mapped[BatchId]
