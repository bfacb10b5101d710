"""Intermediary income: fees earned and given back, and how managers share them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Fen, Id, Key
from bank.models.holdings import INCOME_LINES


class FeeEvent(Base):
    """A fee booked on a day, net of tax and third parties' shares; a refund is negative."""

    __tablename__ = "fee_event"
    __table_args__ = (
        CheckConstraint(f"income_line IN {INCOME_LINES}", name="income_line"),
        CheckConstraint("refunds_id IS NULL OR amount < 0", name="refund"),
        Index("ix_fee_event_client", "client_id", "day"),
        Index("ix_fee_event_day", "day"),
        Index("ix_fee_event_refunds", "refunds_id"),
    )

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"))
    product_id: Mapped[Id | None] = mapped_column(ForeignKey("product.id"))
    income_line: Mapped[Id]
    day: Mapped[Day]
    amount: Mapped[Fen]
    refunds_id: Mapped[Id | None] = mapped_column(ForeignKey("fee_event.id"))
    """The fee it gives back."""
    cancelled: Mapped[bool]
    """Withdrawn within the cooling-off period: never counts."""
    batch_id: Mapped[BatchId]


class FeeSplit(Base):
    """A manager's share of a fee; without any, the shares of the fee's day hold."""

    __tablename__ = "fee_split"
    __table_args__ = (CheckConstraint("share_pct BETWEEN 1 AND 100", name="share"),)

    fee_id: Mapped[Id] = mapped_column(ForeignKey("fee_event.id"), primary_key=True)
    manager_id: Mapped[Id] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    share_pct: Mapped[int]
    batch_id: Mapped[BatchId]
