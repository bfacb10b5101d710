"""The manager days: what managers' clients had, added up in advance."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import day_column, id_column, int_column, json_column


def create_manager_days() -> None:
    """Prefix sums by manager and day, and up to which drop they are kept."""
    op.create_table(
        "manager_day",
        id_column("manager_id", key=True),
        day_column("day", key=True),
        json_column("levels"),
        json_column("totals"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        int_column("batch_id"),
        sa.CheckConstraint("id = 1", name="single"),
    )
