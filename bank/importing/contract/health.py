"""Clients' annual statements, and how their industries fare."""

from bank import models
from bank.importing.contract.declarations import (
    ID,
    MONEY,
    PAST,
    SCORE,
    SOME_MONEY,
    Column,
    File,
    Rule,
    not_before,
)
from bank.importing.kinds import Text, Whole


def _within(part: str, whole: str) -> Rule:
    return Rule(
        f"{part}_fen",
        f"is more than {whole}_fen: correct one of the two",
        lambda row: row[part] <= row[whole],
    )


STATEMENTS = File(
    "statements",
    models.ClientStatement,
    "update",
    "Companies' annual statements, in fen. What was earned is of the whole year: half-years are"
    " not sent. A corrected statement replaces the one of the same year.",
    ("client_id", "year_end_date"),
    (
        Column("client_id", ID, "company", "clients"),
        Column("year_end_date", PAST, "last day of the business year"),
        Column("received_date", PAST, "day the bank was given it; it tells nothing before"),
        Column("assets_fen", SOME_MONEY, "total assets"),
        Column("current_assets_fen", MONEY, "of them current"),
        Column("inventory_fen", MONEY, "of the current ones inventory"),
        Column("cash_fen", MONEY, "of the current ones cash and what is as good"),
        Column("liabilities_fen", MONEY, "total liabilities; what is left of the assets is equity"),
        Column("current_liabilities_fen", MONEY, "of them due within a year"),
        Column("retained_earnings_fen", Whole(), "surplus reserves and undistributed profit"),
        Column("sales_fen", MONEY, "sales of the year"),
        Column("sales_profit_fen", Whole(), "profit on sales (营业利润)"),
        Column("ebit_fen", Whole(), "profit before interest and tax"),
        Column("net_profit_fen", Whole(), "net profit"),
        Column("depreciation_fen", MONEY, "depreciation and amortisation"),
    ),
    (
        not_before("year_end_date", "received_date"),
        _within("current_assets", "assets"),
        _within("inventory", "current_assets"),
        _within("cash", "current_assets"),
        _within("current_liabilities", "liabilities"),
    ),
)
PROSPERITY = File(
    "prosperity",
    models.IndustryProsperity,
    "update",
    "How industries fare, as the bank's research department sees it.",
    ("industry", "from_date"),
    (
        Column("industry", Text(), "industry, as the clients' file names it"),
        Column("from_date", PAST, "day from which it holds, until the industry's next row"),
        Column("score", SCORE, "prosperity index, 0 to 100; 50 is neither good nor bad"),
    ),
)
