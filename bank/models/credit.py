"""Credit: lines, loans, what moved on them, what is due, their classes, and what secures them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Fen, Id, Key
from bank.models.clients import NOTHING, SIZE_CLASSES

LOAN_CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
LOAN_PURPOSES = ("operating", "consumer", "mortgage")
LOAN_MOVES = ("drawdown", "repayment", "write_off", "reversal", "transfer_out")
GREEN_CATALOGUES = ("", "2021", "2025")
COLLATERAL_KINDS = ("property", "equipment", "deposit", "guarantee", "receivable")
RECOVERY_KINDS = ("cash", "repossession")


class CreditLine(Base):
    """What a client may borrow at most over the half-open days [from_day, to_day)."""

    __tablename__ = "credit_line"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("from_day < to_day", name="span"),
        CheckConstraint(f"purpose IN {LOAN_PURPOSES}", name="purpose"),
    )

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    amount: Mapped[Fen]
    from_day: Mapped[Day]
    to_day: Mapped[Day]
    purpose: Mapped[Id]
    batch_id: Mapped[BatchId]


class Loan(Base):
    """A loan contract and the manager who originated it."""

    __tablename__ = "loan"
    __table_args__ = (
        CheckConstraint(f"purpose IN {('', *LOAN_PURPOSES)}", name="purpose"),
        CheckConstraint(f"size_class IN {SIZE_CLASSES}", name="size"),
        CheckConstraint(f"green_catalogue IN {GREEN_CATALOGUES}", name="green_catalogue"),
    )

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    originator_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    signed_day: Mapped[Day]
    refinances: Mapped[bool]
    """True when it repays an older loan without principal paid back (借新还旧)."""
    approved_day: Mapped[Day | None]
    """Day of the credit decision; the rules of that day hold for the loan."""
    matures_day: Mapped[Day | None]
    purpose: Mapped[Id] = mapped_column(server_default=NOTHING)
    """Empty only for loans sent before the contract asked for it."""
    size_class: Mapped[Id] = mapped_column(server_default=NOTHING)
    """The borrower's size at approval; empty for people."""
    green_code: Mapped[Id | None]
    """Code in the green finance catalogue; null for a loan that is not green."""
    green_catalogue: Mapped[Id] = mapped_column(server_default=NOTHING)
    """The catalogue's edition in force at approval."""
    restructured_day: Mapped[Day | None]
    batch_id: Mapped[BatchId]


class LoanEvent(Base):
    """Money that moved on a loan (all positive fen).

    Drawn, repaid, written off or sold (transfer_out); a reversal takes back the event it names.
    """

    __tablename__ = "loan_event"
    __table_args__ = (
        CheckConstraint(f"kind IN {LOAN_MOVES}", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        Index("ix_loan_event_loan", "loan_id", "day"),
        Index(
            "ix_loan_event_reversal",
            "loan_id",
            sqlite_where=text("reverses_id IS NOT NULL"),
            postgresql_where=text("reverses_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    loan_id: Mapped[Id] = mapped_column(ForeignKey("loan.id"))
    day: Mapped[Day]
    kind: Mapped[Id]
    amount: Mapped[Fen]
    reverses_id: Mapped[Id | None] = mapped_column(ForeignKey("loan_event.id"))
    batch_id: Mapped[BatchId]


class LoanClass(Base):
    """The bank's five-grade classification of a loan over [from_day, to_day)."""

    __tablename__ = "loan_class"
    __table_args__ = (
        CheckConstraint(f"grade IN {LOAN_CLASSES}", name="grade"),
        CheckConstraint("from_day < to_day", name="span"),
        {"sqlite_with_rowid": False},
    )

    loan_id: Mapped[Key]
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    grade: Mapped[Id]
    known_day: Mapped[Day]
    batch_id: Mapped[BatchId]


class LoanClassSuperseded(Base):
    """What was believed of a loan's class from known_day until superseded_day."""

    __tablename__ = "loan_class_superseded"
    __table_args__ = (
        CheckConstraint(f"grade IN {LOAN_CLASSES}", name="grade"),
        CheckConstraint("from_day < to_day", name="span"),
        CheckConstraint("known_day < superseded_day", name="belief"),
        {"sqlite_with_rowid": False},
    )

    loan_id: Mapped[Key]
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    known_day: Mapped[Day] = mapped_column(primary_key=True)
    superseded_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    grade: Mapped[Id]
    batch_id: Mapped[BatchId]


class Collateral(Base):
    """What secures a loan over the half-open days [from_day, to_day), as last valued."""

    __tablename__ = "collateral"
    __table_args__ = (
        CheckConstraint(f"kind IN {COLLATERAL_KINDS}", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("from_day < to_day", name="span"),
    )

    id: Mapped[Key]
    loan_id: Mapped[Id] = mapped_column(ForeignKey("loan.id"), index=True)
    kind: Mapped[Id]
    amount: Mapped[Fen]
    from_day: Mapped[Day]
    to_day: Mapped[Day]
    valued_day: Mapped[Day]
    batch_id: Mapped[BatchId]


class Repayment(Base):
    """One instalment of a loan's schedule."""

    __tablename__ = "repayment"

    loan_id: Mapped[Id] = mapped_column(ForeignKey("loan.id"), primary_key=True)
    due_day: Mapped[Day] = mapped_column(primary_key=True)
    amount: Mapped[Fen]
    paid_day: Mapped[Day]
    """The day it was paid in full; OPEN while unpaid."""
    batch_id: Mapped[BatchId]


class NplRecovery(Base):
    """Money or goods taken in on a non-performing or written-off loan (清收)."""

    __tablename__ = "npl_recovery"
    __table_args__ = (
        CheckConstraint(f"kind IN {RECOVERY_KINDS}", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_npl_recovery_loan", "loan_id", "day"),
    )

    id: Mapped[Key]
    loan_id: Mapped[Id] = mapped_column(ForeignKey("loan.id"))
    day: Mapped[Day]
    kind: Mapped[Id]
    amount: Mapped[Fen]
    booked_day: Mapped[Day]
    """Day it went into the books; it counts from then."""
    batch_id: Mapped[BatchId]
