"""The appraisal's course: its state, its steps, what people said, adjustments, what follows."""

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

STATES = (
    *("open", "target_proposed", "running", "data_freeze", "prelim", "confirmed"),
    *("rating", "calibration", "approved", "published", "appeal", "locked"),
)
ENTRIES = (
    *("risk", "client", "comment", "superior_confirmed", "risk_confirmed", "acknowledged"),
    *("query", "answer", "abstain", "grade"),
)


def create_appraisals() -> None:
    """Appraisals and every step of theirs."""
    op.create_table(
        "appraisal",
        id_column("id", key=True),
        id_column("period"),
        ref_column("manager_id", "staff"),
        id_column("kind"),
        id_column("scheme"),
        id_column("state"),
        int_column("turn"),
        moment_column("entered_at"),
        day_column("entered_day"),
        day_column("due_day", null=True),
        ref_column("run_id", "score_run", null=True),
        json_column("result", null=True),
        id_column("result_hash"),
        one_of("state", "state", *STATES),
        one_of("kind", "kind", "quarter", "year"),
    )
    op.create_index("uq_appraisal", "appraisal", ["period", "manager_id"], unique=True)
    op.create_index("ix_appraisal_state", "appraisal", ["state", "period"])
    op.create_index("ix_appraisal_manager", "appraisal", ["manager_id", "period"])
    op.create_table(
        "appraisal_step",
        ref_column("appraisal_id", "appraisal", key=True),
        id_column("to_state", key=True),
        id_column("from_state"),
        id_column("action"),
        id_column("actor_id"),
        moment_column("at"),
        text_column("reason"),
        id_column("payload_hash"),
        sa.CheckConstraint("from_state <> to_state", name="change"),
    )
    op.create_index("ix_appraisal_step_at", "appraisal_step", ["at"])


def create_appraisal_entries() -> None:
    """What people said about appraisals."""
    op.create_table(
        "appraisal_entry",
        ref_column("appraisal_id", "appraisal", key=True),
        int_column("turn", key=True),
        id_column("kind"),
        ref_column("actor_id", "staff"),
        moment_column("at"),
        day_column("day"),
        int_column("points"),
        id_column("before"),
        id_column("after"),
        text_column("text"),
        int_column("refers_id", null=True),
        day_column("due_day", null=True),
        one_of("kind", "kind", *ENTRIES),
    )
    op.create_index("ix_appraisal_entry_about", "appraisal_entry", ["refers_id"])
    for name, kind, default in (("evidence", sa.String(), "''"), ("points", sa.Integer(), "0")):
        column = sa.Column(name, kind, nullable=False, server_default=sa.text(default))
        op.add_column("appeal", column)


def create_consequences() -> None:
    """Adjustments of locked periods, and what grades entail."""
    op.create_table(
        "prior_adjustment",
        id_column("id", key=True),
        ref_column("appraisal_id", "appraisal"),
        ref_column("manager_id", "staff"),
        id_column("period"),
        id_column("posted_to"),
        int_column("version"),
        big_column("points"),
        text_column("reason"),
        ref_column("run_id", "score_run"),
        id_column("from_hash"),
        id_column("to_hash"),
        json_column("result"),
        ref_column("actor_id", "staff"),
        moment_column("at"),
        sa.CheckConstraint("from_hash <> to_hash", name="change"),
    )
    op.create_index(
        "uq_prior_adjustment", "prior_adjustment", ["appraisal_id", "version"], unique=True
    )
    op.create_index("ix_prior_adjustment_posted", "prior_adjustment", ["posted_to", "manager_id"])
    op.create_table(
        "consequence",
        ref_column("appraisal_id", "appraisal", key=True),
        id_column("kind", key=True),
        ref_column("manager_id", "staff"),
        ref_column("owner_id", "staff", null=True),
        id_column("state"),
        day_column("given_day"),
        day_column("due_day", null=True),
        json_column("facts"),
        ref_column("decided_by", "staff", null=True),
        day_column("decided_day", null=True),
        one_of("kind", "kind", "eligibility", "pool", "training"),
        one_of("state", "state", "open", "done", "unmet"),
    )
    op.create_index("ix_consequence_manager", "consequence", ["manager_id", "state"])
    op.create_index("ix_consequence_state", "consequence", ["state", "kind"])
