"""Products, their prices, and what clients hold of them."""

from bank import models
from bank.importing.contract.declarations import (
    ID,
    PAST,
    PLANNED_IF_ANY,
    UNTIL,
    Column,
    File,
    not_before,
)
from bank.importing.kinds import Choice, Text, Whole
from bank.models.holdings import INCOME_LINES, PRODUCT_KINDS

NAV = Whole(0, 10**8)
UNITS = Whole(0, 10**12)
"""A year of days of the largest value, 10^16 fen, still fits 64 bits."""

PRODUCTS = File(
    "products",
    models.Product,
    "update",
    "What the bank sells.",
    ("id",),
    (
        Column("id", ID, "product"),
        Column("name", Text(), "name"),
        Column("kind", Choice(PRODUCT_KINDS), "what it is"),
        Column("income_line", Choice(("", *INCOME_LINES)), "line of its fees; empty if none"),
        Column(
            "coefficient_pct",
            Whole(0, 1_000),
            "weight of its value in comprehensive financial assets, in percent",
        ),
        Column("risk_level", Whole(1, 5), "1 for R1 (lowest) to 5 for R5"),
        Column("matures_date", PLANNED_IF_ANY, "day it pays out"),
    ),
)
PRICES = File(
    "prices",
    models.Price,
    "changes",
    "Changes of products' net asset values, each holding until the next.",
    ("product_id", "date"),
    (
        Column("product_id", ID, "product", "products"),
        Column("date", PAST, "first day of the value"),
        Column("nav", NAV, "value of one unit in ten-thousandths of a yuan"),
    ),
    takes_effect="date",
)
HOLDINGS = File(
    "holdings",
    models.Holding,
    "update",
    "Clients' positions in products.",
    ("id",),
    (
        Column("id", ID, "holding"),
        Column("client_id", ID, "its holder", "clients"),
        Column("product_id", ID, "product", "products"),
        Column("opened_date", PAST, "first day"),
        Column("closed_date", UNTIL, "first day without the position"),
        Column("matures_date", PLANNED_IF_ANY, "day it pays out"),
    ),
    (not_before("opened_date", "closed_date"), not_before("opened_date", "matures_date")),
    takes_effect="opened_date",
)
HOLDING_UNITS = File(
    "holding_units",
    models.HoldingUnits,
    "changes",
    "Changes of the units held at the end of a day. They hold until the next change, or until"
    " the holding is closed. A day's value is units × nav ÷ 10,000 in fen, rounded half up.",
    ("holding_id", "date"),
    (
        Column("holding_id", ID, "holding", "holdings"),
        Column("date", PAST, "day at whose end they are held"),
        Column("units", UNITS, "hundredths of a unit"),
    ),
    takes_effect="date",
)
