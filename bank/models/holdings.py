"""Products, what they are worth, and how much of them clients hold."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bank.models.base import Base, BatchId, Day, Id, Key

PRODUCT_KINDS = ("deposit", "fund", "wealth", "insurance", "gold", "bond")
INCOME_LINES = ("wealth", "investment_banking", "settlement")
"""The lines of intermediary income (中间业务收入)."""


class Product(Base):
    """Something the bank sells."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint(f"kind IN {PRODUCT_KINDS}", name="kind"),
        CheckConstraint(f"income_line IN {('', *INCOME_LINES)}", name="income_line"),
        CheckConstraint("coefficient_pct >= 0", name="coefficient"),
        CheckConstraint("risk_level BETWEEN 1 AND 5", name="risk_level"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    kind: Mapped[Id]
    income_line: Mapped[Id]
    """The line its fees count for; empty where it earns none."""
    coefficient_pct: Mapped[int]
    """Weight of its value in comprehensive financial assets (综合金融资产), in percent."""
    risk_level: Mapped[int]
    """1 (R1, lowest) to 5."""
    matures_day: Mapped[Day | None]
    batch_id: Mapped[BatchId]


class Price(Base):
    """A product's net asset value over the half-open days [from_day, to_day)."""

    __tablename__ = "price"
    __table_args__ = (
        CheckConstraint("from_day < to_day", name="span"),
        {"sqlite_with_rowid": False},
    )

    product_id: Mapped[Key]
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    nav: Mapped[int] = mapped_column(BigInteger)
    """Of one unit, in ten-thousandths of a yuan."""
    known_day: Mapped[Day]
    batch_id: Mapped[BatchId]


class PriceSuperseded(Base):
    """What was believed of a product's value from known_day until superseded_day."""

    __tablename__ = "price_superseded"
    __table_args__ = (
        CheckConstraint("from_day < to_day", name="span"),
        CheckConstraint("known_day < superseded_day", name="belief"),
        {"sqlite_with_rowid": False},
    )

    product_id: Mapped[Key]
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    known_day: Mapped[Day] = mapped_column(primary_key=True)
    superseded_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    nav: Mapped[int] = mapped_column(BigInteger)
    batch_id: Mapped[BatchId]


class Holding(Base):
    """A client's position in a product."""

    __tablename__ = "holding"

    id: Mapped[Key]
    client_id: Mapped[Id] = mapped_column(ForeignKey("client.id"), index=True)
    product_id: Mapped[Id] = mapped_column(ForeignKey("product.id"), index=True)
    opened_day: Mapped[Day]
    closed_day: Mapped[Day]
    """First day without the position; OPEN while it exists."""
    matures_day: Mapped[Day | None]
    batch_id: Mapped[BatchId]


class HoldingUnits(Base):
    """The units of a holding over the half-open days [from_day, to_day).

    A day's value in fen is units × nav ÷ 10,000, rounded half up. The product may exceed 64
    bits: multiply the units' ten-thousands and their rest apart.
    """

    __tablename__ = "holding_units"
    __table_args__ = (
        CheckConstraint("from_day < to_day", name="span"),
        {"sqlite_with_rowid": False},
    )

    holding_id: Mapped[Key]
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    units: Mapped[int] = mapped_column(BigInteger)
    """In hundredths of a unit."""
    known_day: Mapped[Day]
    batch_id: Mapped[BatchId]


class HoldingUnitsSuperseded(Base):
    """What was believed of a holding's units from known_day until superseded_day."""

    __tablename__ = "holding_units_superseded"
    __table_args__ = (
        CheckConstraint("from_day < to_day", name="span"),
        CheckConstraint("known_day < superseded_day", name="belief"),
        {"sqlite_with_rowid": False},
    )

    holding_id: Mapped[Key]
    from_day: Mapped[Day] = mapped_column(primary_key=True)
    known_day: Mapped[Day] = mapped_column(primary_key=True)
    superseded_day: Mapped[Day] = mapped_column(primary_key=True)
    to_day: Mapped[Day]
    units: Mapped[int] = mapped_column(BigInteger)
    batch_id: Mapped[BatchId]
