"""New tables: products and holdings, credit lines and collateral, fees."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from bank.migrations.columns import (
    batch_column,
    big_column,
    day_column,
    flag_column,
    id_column,
    int_column,
    is_share,
    is_span,
    one_of,
    ref_column,
    text_column,
)

LINES = ("wealth", "investment_banking", "settlement")
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")


def create_products() -> None:
    """What the bank sells."""
    op.create_table(
        "product",
        id_column("id", key=True),
        text_column("name"),
        id_column("kind"),
        id_column("income_line"),
        int_column("coefficient_pct"),
        int_column("risk_level"),
        day_column("matures_day", null=True),
        batch_column(),
        one_of("kind", "kind", "deposit", "fund", "wealth", "insurance", "gold", "bond"),
        one_of("income_line", "income_line", "", *LINES),
        sa.CheckConstraint("coefficient_pct >= 0", name="coefficient"),
        sa.CheckConstraint("risk_level BETWEEN 1 AND 5", name="risk_level"),
    )


def create_holdings() -> None:
    """Positions in products, and their units and prices as intervals."""
    op.create_table(
        "holding",
        id_column("id", key=True),
        ref_column("client_id", "client"),
        ref_column("product_id", "product"),
        day_column("opened_day"),
        day_column("closed_day"),
        day_column("matures_day", null=True),
        batch_column(),
    )
    op.create_index("ix_holding_client_id", "holding", ["client_id"])
    op.create_index("ix_holding_product_id", "holding", ["product_id"])
    _create_intervals("price", "product_id", big_column("nav"))
    _create_intervals("holding_units", "holding_id", big_column("units"))
    _create_superseded("price_superseded", "product_id", big_column("nav"))
    _create_superseded("holding_units_superseded", "holding_id", big_column("units"))


def create_beliefs() -> None:
    """What was believed of balances and loan classes before a correction."""
    _create_superseded("balance_superseded", "account_id", big_column("amount"))
    _create_superseded(
        "loan_class_superseded", "loan_id", id_column("grade"), one_of("grade", "grade", *CLASSES)
    )


def create_credit() -> None:
    """Credit lines, collateral, and recoveries."""
    op.create_table(
        "credit_line",
        id_column("id", key=True),
        ref_column("client_id", "client"),
        big_column("amount"),
        day_column("from_day"),
        day_column("to_day"),
        id_column("purpose"),
        batch_column(),
        sa.CheckConstraint("amount > 0", name="amount"),
        is_span(),
        one_of("purpose", "purpose", "operating", "consumer", "mortgage"),
    )
    op.create_index("ix_credit_line_client_id", "credit_line", ["client_id"])
    op.create_table(
        "collateral",
        id_column("id", key=True),
        ref_column("loan_id", "loan"),
        id_column("kind"),
        big_column("amount"),
        day_column("from_day"),
        day_column("to_day"),
        day_column("valued_day"),
        batch_column(),
        one_of("kind", "kind", "property", "equipment", "deposit", "guarantee", "receivable"),
        sa.CheckConstraint("amount > 0", name="amount"),
        is_span(),
    )
    op.create_index("ix_collateral_loan_id", "collateral", ["loan_id"])
    op.create_table(
        "npl_recovery",
        id_column("id", key=True),
        ref_column("loan_id", "loan"),
        day_column("day"),
        id_column("kind"),
        big_column("amount"),
        day_column("booked_day"),
        batch_column(),
        one_of("kind", "kind", "cash", "repossession"),
        sa.CheckConstraint("amount > 0", name="amount"),
    )
    op.create_index("ix_npl_recovery_loan", "npl_recovery", ["loan_id", "day"])


def create_fees() -> None:
    """Intermediary income and how managers share it."""
    op.create_table(
        "fee_event",
        id_column("id", key=True),
        ref_column("client_id", "client"),
        ref_column("product_id", "product", null=True),
        id_column("income_line"),
        day_column("day"),
        big_column("amount"),
        ref_column("refunds_id", "fee_event", null=True),
        flag_column("cancelled"),
        batch_column(),
        one_of("income_line", "income_line", *LINES),
        sa.CheckConstraint("refunds_id IS NULL OR amount < 0", name="refund"),
    )
    op.create_index("ix_fee_event_client", "fee_event", ["client_id", "day"])
    op.create_index("ix_fee_event_day", "fee_event", ["day"])
    op.create_table(
        "fee_split",
        ref_column("fee_id", "fee_event", key=True),
        ref_column("manager_id", "staff", key=True),
        int_column("share_pct"),
        batch_column(),
        is_share(),
    )
    op.create_index("ix_fee_split_manager_id", "fee_split", ["manager_id"])


def _create_intervals(name: str, thing: str, value: sa.Column[int]) -> None:
    op.create_table(
        name,
        id_column(thing, key=True),
        day_column("from_day", key=True),
        day_column("to_day"),
        value,
        day_column("known_day"),
        batch_column(),
        is_span(),
        sqlite_with_rowid=False,
    )


def _create_superseded(name: str, thing: str, *value: SchemaItem) -> None:
    op.create_table(
        name,
        id_column(thing, key=True),
        day_column("from_day", key=True),
        day_column("known_day", key=True),
        day_column("superseded_day", key=True),
        day_column("to_day"),
        *value,
        batch_column(),
        is_span(),
        sa.CheckConstraint("known_day < superseded_day", name="belief"),
        sqlite_with_rowid=False,
    )
