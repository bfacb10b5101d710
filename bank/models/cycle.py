"""The appraisal's course: its state, every step of it, what people said, and what follows."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Id, Key, Moment
from scoring.cycle import KINDS, STATES

ENTRY_KINDS = (
    *("risk", "client", "comment", "superior_confirmed", "risk_confirmed", "acknowledged"),
    *("query", "answer", "abstain", "grade"),
)
CONSEQUENCE_KINDS = ("eligibility", "pool", "training")
CONSEQUENCE_STATES = ("open", "done", "unmet")


class Appraisal(Base):
    """A manager's appraisal for a period, and where it stands."""

    __tablename__ = "appraisal"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index("uq_appraisal", "period", "manager_id", unique=True),
        Index("ix_appraisal_state", "state", "period"),
        Index("ix_appraisal_manager", "manager_id", "period"),
    )

    id: Mapped[Key]
    period: Mapped[Id]
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[Id]
    scheme: Mapped[Id]
    state: Mapped[Id]
    turn: Mapped[int]
    """One more with every deed: whoever acts says which turn they saw."""
    entered_at: Mapped[Moment]
    """When it came into its state."""
    entered_day: Mapped[Day]
    due_day: Mapped[Day | None]
    """Last day of the state's window; null where it has none."""
    run_id: Mapped[Id | None] = mapped_column(ForeignKey("score_run.id"))
    """The run whose scorecard it rests on; null before the first."""
    result: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    result_hash: Mapped[Id]
    """Of the result, its run and its inputs' hash; empty while there is none."""


class AppraisalStep(Base):
    """One change of state; rows are only ever added, one for each state that is entered."""

    __tablename__ = "appraisal_step"
    __table_args__ = (
        CheckConstraint("from_state <> to_state", name="change"),
        Index("ix_appraisal_step_at", "at"),
    )

    appraisal_id: Mapped[Id] = mapped_column(ForeignKey("appraisal.id"), primary_key=True)
    to_state: Mapped[Id] = mapped_column(primary_key=True)
    from_state: Mapped[Id]
    action: Mapped[Id]
    actor_id: Mapped[Id]
    """Who did it; "daybook" for the clock."""
    at: Mapped[Moment]
    reason: Mapped[str]
    payload_hash: Mapped[Id]


class AppraisalEntry(Base):
    """What somebody said about an appraisal; rows are only ever added, the newest counts."""

    __tablename__ = "appraisal_entry"
    __table_args__ = (
        CheckConstraint(f"kind IN {ENTRY_KINDS}", name="kind"),
        Index("ix_appraisal_entry_about", "refers_id"),
    )

    appraisal_id: Mapped[Id] = mapped_column(ForeignKey("appraisal.id"), primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True)
    """The turn of the appraisal that it made."""
    kind: Mapped[Id]
    actor_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[Moment]
    day: Mapped[Day]
    points: Mapped[int]
    """Millionths of a point, for reports; otherwise 0."""
    before: Mapped[Id]
    after: Mapped[Id]
    """The grade before and after the committee moved it; what a query is about."""
    text: Mapped[str]
    refers_id: Mapped[int | None]
    """The turn of the query that an answer is for."""
    due_day: Mapped[Day | None]
    """For a query: last day to answer it."""


class PriorAdjustment(Base):
    """What later facts change about a locked period, posted to a period that is still open."""

    __tablename__ = "prior_adjustment"
    __table_args__ = (
        CheckConstraint("from_hash <> to_hash", name="change"),
        Index("uq_prior_adjustment", "appraisal_id", "version", unique=True),
        Index("ix_prior_adjustment_posted", "posted_to", "manager_id"),
    )

    id: Mapped[Key]
    appraisal_id: Mapped[Id] = mapped_column(ForeignKey("appraisal.id"))
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    period: Mapped[Id]
    """The locked one."""
    posted_to: Mapped[Id]
    """The period in whose result it counts."""
    version: Mapped[int]
    """1 for the first; the locked figures themselves are version 0."""
    points: Mapped[int] = mapped_column(BigInteger)
    """Millionths of a point, against the version before."""
    reason: Mapped[str]
    run_id: Mapped[Id] = mapped_column(ForeignKey("score_run.id"))
    from_hash: Mapped[Id]
    to_hash: Mapped[Id]
    result: Mapped[dict[str, object]] = mapped_column(JSON)
    actor_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[Moment]


class Consequence(Base):
    """What a published grade entails, with an owner and, where there is one, a due day."""

    __tablename__ = "consequence"
    __table_args__ = (
        CheckConstraint(f"kind IN {CONSEQUENCE_KINDS}", name="kind"),
        CheckConstraint(f"state IN {CONSEQUENCE_STATES}", name="state"),
        Index("ix_consequence_manager", "manager_id", "state"),
        Index("ix_consequence_state", "state", "kind"),
    )

    appraisal_id: Mapped[Id] = mapped_column(ForeignKey("appraisal.id"), primary_key=True)
    kind: Mapped[Id] = mapped_column(primary_key=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    owner_id: Mapped[Id | None] = mapped_column(ForeignKey("staff.id"))
    """Who sees to it: HR, or the superior; null while there is nobody."""
    state: Mapped[Id]
    given_day: Mapped[Day]
    due_day: Mapped[Day | None]
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
    decided_by: Mapped[Id | None] = mapped_column(ForeignKey("staff.id"))
    decided_day: Mapped[Day | None]
