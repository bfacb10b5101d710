"""Clients, who looks after them, and what they hold."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, Day, Fen, Id, Key


class Client(Base):
    """A person or company the bank serves."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("customer_class IN ('corporate', 'retail')", name="customer_class"),
        CheckConstraint("size_class IN ('', 'micro', 'small', 'medium', 'large')", name="size"),
        CheckConstraint("tier IN ('private', 'premium', 'standard')", name="tier"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    customer_class: Mapped[Id]
    size_class: Mapped[Id]
    """Company size; empty for people."""
    tier: Mapped[Id]
    opened_day: Mapped[Day]


class Assignment(Base):
    """A manager's share of a client over the half-open days [from_day, to_day)."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("share_pct BETWEEN 1 AND 100", name="share"),
        CheckConstraint("from_day < to_day", name="span"),
        Index("ix_assignment_manager", "manager_id", "from_day"),
    )

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    to_day: Mapped[Day]
    share_pct: Mapped[int]


class Account(Base):
    """A deposit account; `margin` deposits are pledged and count for less."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("kind IN ('demand', 'time', 'savings', 'margin')", name="kind"),
    )

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[Id]
    opened_day: Mapped[Day]
    closed_day: Mapped[Day]
    """First day without the account; OPEN while it exists."""


class BalanceInterval(Base):
    """An account's end-of-day balance over the half-open days [from_day, to_day)."""

    __tablename__ = "balance_interval"
    __table_args__ = (CheckConstraint("from_day < to_day", name="span"),)

    account_id: Mapped[Id] = mapped_column(ForeignKey("account.id"), primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    amount: Mapped[Fen]


class ClientBase(Base):
    """A client's deposit day-average over a whole base year, as the bank's ledger states it."""

    __tablename__ = "client_base"

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    day_average: Mapped[Fen]
