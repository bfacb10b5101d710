"""What clients' health is read from besides their accounts: annual statements, industries."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Fen, Id


class ClientStatement(Base):
    """A company's annual statement (年报), in fen; what it earned is of the whole year."""

    __tablename__ = "client_statement"
    __table_args__ = (
        CheckConstraint("received_day >= year_end_day", name="received"),
        CheckConstraint("assets > 0", name="assets"),
    )

    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), primary_key=True)
    year_end_day: Mapped[Day] = mapped_column(primary_key=True)
    received_day: Mapped[Day]
    """Day the bank was given it; it tells nothing before."""
    assets: Mapped[Fen]
    current_assets: Mapped[Fen]
    inventory: Mapped[Fen]
    cash: Mapped[Fen]
    liabilities: Mapped[Fen]
    current_liabilities: Mapped[Fen]
    retained_earnings: Mapped[Fen]
    sales: Mapped[Fen]
    sales_profit: Mapped[Fen]
    ebit: Mapped[Fen]
    net_profit: Mapped[Fen]
    depreciation: Mapped[Fen]
    batch_id: Mapped[BatchId]


class IndustryProsperity(Base):
    """How an industry fares (景气指数), 0 to 100, from a day until its next row."""

    __tablename__ = "industry_prosperity"
    __table_args__ = (CheckConstraint("score BETWEEN 0 AND 100", name="score"),)

    industry: Mapped[str] = mapped_column(primary_key=True)
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    score: Mapped[int]
    batch_id: Mapped[BatchId]
