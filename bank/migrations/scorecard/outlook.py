"""Indexes for what is asked of one manager at a time: clients won, fees given back, corrections."""

import sqlalchemy as sa
from alembic import op


def index_one_managers_records() -> None:
    """So that nothing of the whole bank is looked through for one manager."""
    op.create_index("ix_client_acquirer", "client", ["acquirer_id", "opened_day"])
    op.create_index("ix_client_group", "client", ["group_id", "opened_day"])
    op.create_index("ix_fee_event_refunds", "fee_event", ["refunds_id"])
    op.create_index(
        "ix_loan_event_reversal",
        "loan_event",
        ["loan_id"],
        sqlite_where=sa.text("reverses_id IS NOT NULL"),
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
