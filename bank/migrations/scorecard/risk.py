"""Incidents with a code, evidence and a reason; what warnings asked of whom, and when."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import day_column, id_column, is_span, one_of, ref_column

NEW_COLUMNS = {"code": sa.String(64), "evidence": sa.String(), "reason": sa.String()}


def extend_incidents() -> None:
    """What happened by its code, what proves it, and why it was dismissed."""
    for name, kind in NEW_COLUMNS.items():
        column = sa.Column(name, kind, nullable=False, server_default=sa.text("''"))
        op.add_column("incident", column)


def create_warning_terms() -> None:
    """What a warning asked, before it asked something else."""
    op.create_table(
        "warning_term",
        ref_column("warning_id", "risk_warning", key=True),
        day_column("from_day", key=True),
        day_column("to_day"),
        ref_column("manager_id", "staff"),
        id_column("severity"),
        day_column("raised_day"),
        day_column("due_day"),
        one_of("severity", "severity", "red", "orange", "yellow", "blue"),
        is_span(),
    )
    op.create_index("ix_warning_term_manager", "warning_term", ["manager_id", "due_day"])
