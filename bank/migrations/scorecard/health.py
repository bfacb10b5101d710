"""What clients' health is read from: their annual statements, and how industries fare."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import (
    batch_column,
    big_column,
    day_column,
    int_column,
    is_score,
    ref_column,
    text_column,
)

AMOUNTS = (
    "assets",
    "current_assets",
    "inventory",
    "cash",
    "liabilities",
    "current_liabilities",
    "retained_earnings",
    "sales",
    "sales_profit",
    "ebit",
    "net_profit",
    "depreciation",
)


def create_statements() -> None:
    """Annual statements by client, indexes by industry."""
    op.create_table(
        "client_statement",
        ref_column("client_id", "client", key=True),
        day_column("year_end_day", key=True),
        day_column("received_day"),
        *(big_column(name) for name in AMOUNTS),
        batch_column(),
        sa.CheckConstraint("received_day >= year_end_day", name="received"),
        sa.CheckConstraint("assets > 0", name="assets"),
    )
    op.create_table(
        "industry_prosperity",
        text_column("industry", key=True),
        day_column("from_day", key=True),
        int_column("score"),
        batch_column(),
        is_score(),
    )
