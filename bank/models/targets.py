"""Targets on their way to two signatures, and the signatures."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Id, Key, Moment

HOLDER_KINDS = ("unit", "manager")
PROPOSAL_STATES = ("held", "proposed", "signed", "declined", "replaced")
SIDES = ("above", "below")
IS_OPEN = "state IN ('held', 'proposed')"


class TargetProposal(Base):
    """A yearly target as somebody proposed it, for a manager or a unit; never changed, only ended.

    Signed by both sides it is a version of the holder's target; a manager's is then in `target`.
    """

    __tablename__ = "target_proposal"
    __table_args__ = (
        CheckConstraint(f"holder_kind IN {HOLDER_KINDS}", name="holder_kind"),
        CheckConstraint(f"state IN {PROPOSAL_STATES}", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(state IN ('declined', 'replaced')) = (ended_by IS NOT NULL)", name="end"),
        Index(
            "uq_target_proposal_open",
            *("holder_kind", "holder_id", "indicator", "year"),
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_target_proposal_holder", "holder_kind", "holder_id", "year"),
    )

    id: Mapped[Key]
    holder_kind: Mapped[Id]
    holder_id: Mapped[Id]
    indicator: Mapped[Id]
    year: Mapped[int]
    version: Mapped[int]
    """The version it is, or would have been, once signed."""
    amount: Mapped[int] = mapped_column(BigInteger)
    """Of the year, in the indicator's unit: fen for money, whole clients."""
    months: Mapped[list[int]] = mapped_column(JSON)
    """What is signed for each month: sums that add up to the amount, or for an average what it is
    to be from the first of January to the month's end."""
    reason: Mapped[str]
    state: Mapped[Id]
    proposed_by: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[Moment]
    proposed_day: Mapped[Day]
    content_hash: Mapped[Id]
    """Of everything above but the state: what both sign."""
    over: Mapped[int] = mapped_column(BigInteger)
    """By how much all that is given out exceeds what there is to give, with it; 0 for most."""
    over_reason: Mapped[str]
    approved_by: Mapped[Id | None] = mapped_column(ForeignKey("staff.id"))
    """Who allowed it to exceed that; null while nobody has, and where nothing exceeds."""
    approved_at: Mapped[Moment | None]
    ended_by: Mapped[Id | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[Moment | None]
    end_reason: Mapped[str]


class TargetSignature(Base):
    """One side's signature; rows are only ever added."""

    __tablename__ = "target_signature"
    __table_args__ = (CheckConstraint(f"side IN {SIDES}", name="side"),)

    proposal_id: Mapped[Id] = mapped_column(ForeignKey("target_proposal.id"), primary_key=True)
    side: Mapped[Id] = mapped_column(primary_key=True)
    staff_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[Moment]
    content_hash: Mapped[Id]
