"""Loans: what was drawn and repaid, what is due, and how each loan is classified."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Fen, Id, Key

LOAN_CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")


class Loan(Base):
    """A loan contract and the manager who originated it."""

    __tablename__ = "loan"

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    originator_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"))
    signed_day: Mapped[Day]
    refinances: Mapped[bool]
    """True when it repays an older loan without principal paid back (借新还旧)."""


class LoanEvent(Base):
    """Money that moved on a loan: drawn, repaid, or written off (all positive fen)."""

    __tablename__ = "loan_event"
    __table_args__ = (
        CheckConstraint("kind IN ('drawdown', 'repayment', 'write_off')", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_loan_event_loan", "loan_id", "day"),
    )

    id: Mapped[Key]
    loan_id: Mapped[Id] = mapped_column(ForeignKey("loan.id"))
    day: Mapped[Day]
    kind: Mapped[Id]
    amount: Mapped[Fen]


class LoanClass(Base):
    """The bank's five-grade classification of a loan over [from_day, to_day)."""

    __tablename__ = "loan_class"
    __table_args__ = (
        CheckConstraint(f"grade IN {LOAN_CLASSES}", name="grade"),
        CheckConstraint("from_day < to_day", name="span"),
    )

    loan_id: Mapped[Id] = mapped_column(ForeignKey("loan.id"), primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    grade: Mapped[Id]


class Repayment(Base):
    """One instalment of a loan's schedule."""

    __tablename__ = "repayment"

    loan_id: Mapped[Id] = mapped_column(ForeignKey("loan.id"), primary_key=True)
    due_day: Mapped[Day] = mapped_column(primary_key=True)
    amount: Mapped[Fen]
    paid_day: Mapped[Day]
    """The day it was paid in full; OPEN while unpaid."""
