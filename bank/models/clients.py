"""Clients, who looks after them, their deposits, and their business as a whole."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bank.days import OPEN
from bank.models.base import Base, BatchId, Day, Fen, Id, Key

SIZE_CLASSES = ("", "micro", "small", "medium", "large")
TIERS = ("private", "premium", "standard")
RISK_LEVELS = ("", "low", "medium", "high")
CLOSED_REASONS = ("", "client", "death", "dissolution", "bank")
ASSIGNMENT_REASONS = ("", "joined", "handover", "shared", "cover", "left")
ACCOUNT_KINDS = ("demand", "time", "savings", "margin")
EXCLUSIONS = ("", "interbank", "pledged", "high_cost", "abnormal")
NOTHING = text("''")
"""What a column holds where the sender says nothing."""


class Client(Base):
    """A person or company the bank serves."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("customer_class IN ('corporate', 'retail')", name="customer_class"),
        CheckConstraint(f"size_class IN {SIZE_CLASSES}", name="size"),
        CheckConstraint(f"tier IN {TIERS}", name="tier"),
        CheckConstraint(f"risk_level IN {RISK_LEVELS}", name="risk_level"),
        CheckConstraint(f"closed_reason IN {CLOSED_REASONS}", name="closed_reason"),
        Index("ix_client_acquirer", "acquirer_id", "opened_day"),
        Index("ix_client_group", "group_id", "opened_day"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    customer_class: Mapped[Id]
    size_class: Mapped[Id]
    """Company size; empty for people."""
    tier: Mapped[Id]
    opened_day: Mapped[Day]
    industry: Mapped[str] = mapped_column(server_default=NOTHING)
    risk_level: Mapped[Id] = mapped_column(server_default=NOTHING)
    """The risk of the client as such (anti-money-laundering); empty while not rated."""
    group_id: Mapped[Id | None]
    """Clients of one legal group share it."""
    closed_day: Mapped[Day] = mapped_column(server_default=text(str(OPEN)))
    """First day no longer a client; OPEN while one."""
    closed_reason: Mapped[Id] = mapped_column(server_default=NOTHING)
    kyc_due_day: Mapped[Day | None]
    """Day by which the client's identity must be checked again."""
    acquirer_id: Mapped[Id | None] = mapped_column(ForeignKey("staff.id"))
    """The manager who won the client."""
    batch_id: Mapped[BatchId]


class ClientAttr(Base):
    """What was said of a client over the half-open days [from_day, to_day).

    The import keeps these spans from what each drop says of the client.
    """

    __tablename__ = "client_attr"
    __table_args__ = (
        CheckConstraint(f"size_class IN {SIZE_CLASSES}", name="size"),
        CheckConstraint(f"tier IN {TIERS}", name="tier"),
        CheckConstraint(f"risk_level IN {RISK_LEVELS}", name="risk_level"),
        CheckConstraint("from_day < to_day", name="span"),
    )

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    size_class: Mapped[Id]
    tier: Mapped[Id]
    industry: Mapped[str]
    risk_level: Mapped[Id]
    group_id: Mapped[Id | None]
    batch_id: Mapped[BatchId]


class Assignment(Base):
    """A manager's share of a client over the half-open days [from_day, to_day)."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("share_pct BETWEEN 1 AND 100", name="share"),
        CheckConstraint("from_day < to_day", name="span"),
        CheckConstraint(f"reason IN {ASSIGNMENT_REASONS}", name="reason"),
        Index("ix_assignment_manager", "manager_id", "from_day"),
    )

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    to_day: Mapped[Day]
    share_pct: Mapped[int]
    reason: Mapped[Id] = mapped_column(server_default=NOTHING)
    """Why the span began."""
    batch_id: Mapped[BatchId]


class PoolShare(Base):
    """What of a client no manager holds over [from_day, to_day): the branch pool's share.

    Derived by the import from the assignments, so that the shares of every client add up to
    100 on every day from day 1 to OPEN.
    """

    __tablename__ = "pool_share"
    __table_args__ = (
        CheckConstraint("share_pct BETWEEN 1 AND 100", name="share"),
        CheckConstraint("from_day < to_day", name="span"),
    )

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    share_pct: Mapped[int]


class Account(Base):
    """A deposit account; `margin` deposits are pledged and count for less.

    Amounts are fen of CNY: those of a foreign currency come converted at the day's mid-rate.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(f"kind IN {ACCOUNT_KINDS}", name="kind"),
        CheckConstraint(f"excluded IN {EXCLUSIONS}", name="excluded"),
    )

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[Id]
    opened_day: Mapped[Day]
    closed_day: Mapped[Day]
    """First day without the account; OPEN while it exists."""
    currency: Mapped[Id] = mapped_column(server_default=text("'CNY'"))
    """ISO 4217 code of the money in it."""
    product_id: Mapped[Id | None] = mapped_column(ForeignKey("product.id"))
    matures_day: Mapped[Day | None]
    excluded: Mapped[Id] = mapped_column(server_default=NOTHING)
    """Why its money counts for no manager; empty where it counts."""
    batch_id: Mapped[BatchId]


class BalanceInterval(Base):
    """An account's end-of-day balance over the half-open days [from_day, to_day)."""

    __tablename__ = "balance_interval"
    __table_args__ = (
        CheckConstraint("from_day < to_day", name="span"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[Key]
    """No foreign key, as on every table of intervals: the import checks them set-wise."""
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    amount: Mapped[Fen]
    known_day: Mapped[Day]
    """The business day on which the bank said so."""
    batch_id: Mapped[BatchId]


class BalanceSuperseded(Base):
    """What was believed of an account's balance from known_day until superseded_day."""

    __tablename__ = "balance_superseded"
    __table_args__ = (
        CheckConstraint("from_day < to_day", name="span"),
        CheckConstraint("known_day < superseded_day", name="belief"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[Key]
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    known_day: Mapped[Day] = mapped_column(primary_key=True)
    superseded_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    amount: Mapped[Fen]
    batch_id: Mapped[BatchId]


class ClientBase(Base):
    """A client's deposit day-average over a whole base year, as the bank's ledger states it."""

    __tablename__ = "client_base"

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    day_average: Mapped[Fen]
    batch_id: Mapped[BatchId]


class AssetBase(Base):
    """The same of a client's comprehensive financial assets, deposits included."""

    __tablename__ = "asset_base"

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    day_average: Mapped[Fen]
    batch_id: Mapped[BatchId]


class Wallet(Base):
    """An estimate of all the business a client has, at this bank and elsewhere."""

    __tablename__ = "wallet"
    __table_args__ = (CheckConstraint("total > 0", name="total"),)

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    day: Mapped[Day] = mapped_column(primary_key=True)
    total: Mapped[Fen]
    source: Mapped[str]
    """What the estimate rests on."""
    batch_id: Mapped[BatchId]
