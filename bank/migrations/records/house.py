"""New tables: plans, what people judge, corrections, and the audit log that only grows."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import (
    batch_column,
    day_column,
    id_column,
    int_column,
    is_score,
    json_column,
    moment_column,
    number_column,
    one_of,
    ref_column,
    text_column,
)


def create_plans() -> None:
    """The schemes runs used."""
    op.create_table(
        "plan_version",
        id_column("id", key=True),
        text_column("name"),
        json_column("content"),
        moment_column("recorded_at"),
    )


def create_judgements() -> None:
    """Ratings and appeals."""
    op.create_table(
        "rating",
        id_column("id", key=True),
        ref_column("manager_id", "staff"),
        id_column("period"),
        id_column("kind"),
        ref_column("rater_id", "staff"),
        int_column("score"),
        text_column("comment"),
        day_column("day"),
        batch_column(),
        one_of("kind", "kind", "superior", "risk", "client"),
        is_score(),
        sa.CheckConstraint("rater_id <> manager_id", name="two_people"),
    )
    key = ["manager_id", "period", "kind", "rater_id"]
    op.create_index("uq_rating", "rating", key, unique=True)
    op.create_table(
        "appeal",
        id_column("id", key=True),
        ref_column("manager_id", "staff"),
        id_column("period"),
        id_column("item"),
        text_column("claim"),
        id_column("state"),
        day_column("raised_day"),
        day_column("due_day"),
        ref_column("handler_id", "staff", null=True),
        day_column("decided_day", null=True),
        text_column("reason"),
        batch_column(),
        one_of("state", "state", "open", "upheld", "rejected"),
        sa.CheckConstraint("(state = 'open') = (decided_day IS NULL)", name="decided"),
        sa.CheckConstraint("handler_id <> manager_id", name="two_people"),
    )
    op.create_index("ix_appeal_manager", "appeal", ["manager_id", "period"])


def create_state_events() -> None:
    """Every change of state of what people decide on."""
    op.create_table(
        "state_event",
        id_column("id", key=True),
        id_column("kind"),
        id_column("subject_id"),
        id_column("from_state"),
        id_column("to_state"),
        ref_column("actor_id", "staff"),
        moment_column("at"),
        text_column("reason"),
        one_of("kind", "kind", "warning", "incident", "appeal", "rating"),
        sa.CheckConstraint("from_state <> to_state", name="change"),
    )
    op.create_index("ix_state_event_subject", "state_event", ["kind", "subject_id", "at"])


def create_corrections() -> None:
    """Whose figures a drop changed after the fact."""
    op.create_table(
        "correction",
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("import_batch.id"), primary_key=True),
        ref_column("manager_id", "staff", key=True),
        day_column("first_day"),
    )
    op.create_index("ix_correction_manager_id", "correction", ["manager_id"])


def create_audit() -> None:
    """The log of deeds, with triggers that refuse every change but another row."""
    op.create_table(
        "audit",
        number_column("id"),
        moment_column("at"),
        id_column("actor_id"),
        id_column("deed"),
        text_column("subject"),
        id_column("digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_actor", "audit", ["actor_id", "at"])
    op.create_index("ix_audit_subject", "audit", ["subject"])
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_refuses_{deed.lower()} BEFORE {deed} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit log is never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_refuses_change BEFORE UPDATE OR DELETE ON audit"
        " FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
    )
