"""Fees and how managers share them."""

from bank import models
from bank.importing.contract.declarations import (
    ID,
    NO_ID,
    PAST,
    SHARE,
    Column,
    File,
    Rule,
    Sums,
)
from bank.importing.kinds import Choice, Flag, Whole
from bank.models.holdings import INCOME_LINES

FEES = File(
    "fees",
    models.FeeEvent,
    "update",
    "Intermediary income by accounting date. A refund is a negative row of its own day.",
    ("id",),
    (
        Column("id", ID, "fee"),
        Column("client_id", ID, "client who paid it", "clients"),
        Column("product_id", NO_ID, "product it is for", "products"),
        Column("income_line", Choice(INCOME_LINES), "line of income"),
        Column("date", PAST, "accounting date"),
        Column("amount_fen", Whole(), "fen, net of VAT and third parties' shares"),
        Column("refunds_id", NO_ID, "the fee a refund gives back", "fees"),
        Column("cancelled", Flag(), "withdrawn in the cooling-off period: never counts"),
    ),
    (
        Rule(
            "amount_fen",
            "is not negative, though refunds_id names a fee: write a refund as a negative amount",
            lambda row: row["refunds_id"] is None or row["amount"] < 0,
        ),
    ),
    takes_effect="date",
)
FEE_SPLITS = File(
    "fee_splits",
    models.FeeSplit,
    "update",
    "How managers share a fee. A fee without a split counts by the client's shares of its day.",
    ("fee_id", "manager_id"),
    (
        Column("fee_id", ID, "fee", "fees"),
        Column("manager_id", ID, "manager", "staff"),
        Column("share_pct", SHARE, "share in percent"),
    ),
    sums=Sums("fee_id"),
)
