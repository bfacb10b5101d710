"""Clients, who looks after them, their deposits, and their business as a whole."""

from bank import models
from bank.days import OPEN
from bank.importing.contract.declarations import (
    ID,
    MONEY,
    NO_ID,
    NOTE,
    PAST,
    PLANNED_END,
    PLANNED_IF_ANY,
    SHARE,
    SOME_MONEY,
    UNTIL,
    YEAR,
    Column,
    File,
    History,
    Rule,
    matches,
    not_before,
    starts_first,
)
from bank.importing.kinds import Choice, Text
from bank.models.clients import (
    ACCOUNT_KINDS,
    ASSIGNMENT_REASONS,
    CLOSED_REASONS,
    EXCLUSIONS,
    RISK_LEVELS,
    SIZE_CLASSES,
    TIERS,
)

CLIENTS = File(
    "clients",
    models.Client,
    "update",
    "People and companies the bank serves.",
    ("id",),
    (
        Column("id", ID, "client"),
        Column("name", Text(), "name"),
        Column("customer_class", Choice(("corporate", "retail")), "company or person"),
        Column("size_class", Choice(SIZE_CLASSES), "company size; empty for people"),
        Column("tier", Choice(TIERS), "service tier"),
        Column("industry", NOTE, "industry; empty while unknown"),
        Column("risk_level", Choice(RISK_LEVELS), "money-laundering risk; empty while not rated"),
        Column("group_id", NO_ID, "the same code for all clients of a legal group"),
        Column("opened_date", PAST, "first day as a client"),
        Column("closed_date", UNTIL, "first day no longer a client"),
        Column(
            "closed_reason", Choice(CLOSED_REASONS), "who or what ended it; empty while a client"
        ),
        Column("kyc_due_date", PLANNED_IF_ANY, "day by which to check the identity again"),
        Column("acquirer_id", NO_ID, "manager who won the client", "staff"),
    ),
    (
        not_before("opened_date", "closed_date"),
        Rule(
            "closed_reason",
            "is given without closed_date, or the reverse: give both or neither",
            lambda row: (row["closed_day"] == OPEN) == (not row["closed_reason"]),
        ),
    ),
    history=History(
        models.ClientAttr,
        "client_id",
        "opened_date",
        ("size_class", "tier", "industry", "risk_level", "group_id"),
    ),
)
ASSIGNMENTS = File(
    "assignments",
    models.Assignment,
    "update",
    "Who looks after a client, and with which share. One manager's spans of a client do not"
    " overlap, and on no day do a client's shares exceed 100 %; what is left belongs to the"
    " branch pool.",
    ("client_id", "from_date", "manager_id"),
    (
        Column("client_id", ID, "client", "clients"),
        Column("manager_id", ID, "manager", "staff"),
        Column("from_date", PAST, "first day"),
        Column("to_date", PLANNED_END, "first day no longer"),
        Column("share_pct", SHARE, "share of the client in percent"),
        Column("reason", Choice(ASSIGNMENT_REASONS), "why it began; empty if nothing is known"),
    ),
    (starts_first("from", "to"),),
    takes_effect="from_date",
)
ACCOUNTS = File(
    "accounts",
    models.Account,
    "update",
    "Deposit accounts.",
    ("id",),
    (
        Column("id", ID, "account"),
        Column("client_id", ID, "its holder", "clients"),
        Column("kind", Choice(ACCOUNT_KINDS), "kind of deposit"),
        Column(
            "currency",
            ID,
            "ISO code of its money, such as CNY; amounts come converted to CNY at the day's"
            " mid-rate",
        ),
        Column("product_id", NO_ID, "product it was sold as", "products"),
        Column("opened_date", PAST, "first day"),
        Column("closed_date", UNTIL, "first day without the account"),
        Column("matures_date", PLANNED_IF_ANY, "day a time deposit falls due"),
        Column(
            "excluded",
            Choice(EXCLUSIONS),
            "why its money counts for no manager's figures; empty where it counts",
        ),
    ),
    (
        not_before("opened_date", "closed_date"),
        not_before("opened_date", "matures_date"),
        matches("currency", "[A-Z]{3}", "is no currency: write three capital letters, such as CNY"),
    ),
    takes_effect="opened_date",
)
BALANCES = File(
    "balances",
    models.BalanceInterval,
    "changes",
    "Changes of end-of-day balances. A balance holds until the account's next change, or until"
    " the account is closed; before its first it is 0. A row for an earlier day corrects that"
    " day and those after it up to the next change.",
    ("account_id", "date"),
    (
        Column("account_id", ID, "account", "accounts"),
        Column("date", PAST, "day at whose end the balance stands"),
        Column("amount_fen", MONEY, "balance in fen"),
    ),
    takes_effect="date",
)
CLIENT_BASES = File(
    "client_bases",
    models.ClientBase,
    "update",
    "Deposit day-averages of a whole base year, as the ledger states them.",
    ("client_id", "year"),
    (
        Column("client_id", ID, "client", "clients"),
        Column("year", YEAR, "base year"),
        Column("day_average_fen", MONEY, "average of the year's end-of-day deposits, in fen"),
    ),
    takes_effect="year",
)
ASSET_BASES = File(
    "asset_bases",
    models.AssetBase,
    "update",
    "Day-averages of comprehensive financial assets over a whole base year, deposits included, as"
    " the ledger states them.",
    ("client_id", "year"),
    (
        Column("client_id", ID, "client", "clients"),
        Column("year", YEAR, "base year"),
        Column(
            "day_average_fen",
            MONEY,
            "average of the year's end-of-day values, each weighted by its product's"
            " coefficient_pct, in fen",
        ),
    ),
    takes_effect="year",
)
WALLETS = File(
    "wallets",
    models.Wallet,
    "update",
    "Estimates of all the business clients have, here and at other banks.",
    ("client_id", "date"),
    (
        Column("client_id", ID, "client", "clients"),
        Column("date", PAST, "day of the estimate"),
        Column("total_fen", SOME_MONEY, "assets and business altogether, in fen"),
        Column("source", Text(), "what the estimate rests on"),
    ),
)
