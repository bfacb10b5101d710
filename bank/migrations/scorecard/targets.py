"""Targets on their way to two signatures. Those signed before stay as they are."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import (
    big_column,
    day_column,
    id_column,
    int_column,
    json_column,
    moment_column,
    one_of,
    ref_column,
    text_column,
)

IS_OPEN = "state IN ('held', 'proposed')"


def create_target_proposals() -> None:
    """Proposals of targets, and the signatures under them."""
    op.create_table(
        "target_proposal",
        id_column("id", key=True),
        id_column("holder_kind"),
        id_column("holder_id"),
        id_column("indicator"),
        int_column("year"),
        int_column("version"),
        big_column("amount"),
        json_column("months"),
        text_column("reason"),
        id_column("state"),
        ref_column("proposed_by", "staff"),
        moment_column("proposed_at"),
        day_column("proposed_day"),
        id_column("content_hash"),
        big_column("over"),
        text_column("over_reason"),
        ref_column("approved_by", "staff", null=True),
        moment_column("approved_at", null=True),
        ref_column("ended_by", "staff", null=True),
        moment_column("ended_at", null=True),
        text_column("end_reason"),
        one_of("holder_kind", "holder_kind", "unit", "manager"),
        one_of("state", "state", "held", "proposed", "signed", "declined", "replaced"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(
            "(state IN ('declined', 'replaced')) = (ended_by IS NOT NULL)", name="end"
        ),
    )
    op.create_index(
        "uq_target_proposal_open",
        "target_proposal",
        ["holder_kind", "holder_id", "indicator", "year"],
        unique=True,
        sqlite_where=sa.text(IS_OPEN),
        postgresql_where=sa.text(IS_OPEN),
    )
    op.create_index(
        "ix_target_proposal_holder", "target_proposal", ["holder_kind", "holder_id", "year"]
    )
    _create_signatures()


def _create_signatures() -> None:
    op.create_table(
        "target_signature",
        ref_column("proposal_id", "target_proposal", key=True),
        id_column("side", key=True),
        ref_column("staff_id", "staff"),
        moment_column("at"),
        id_column("content_hash"),
        one_of("side", "side", "above", "below"),
    )
