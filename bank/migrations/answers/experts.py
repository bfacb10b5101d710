"""Tickets for experts, verified answers with the clauses they rest on, and their changes."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import (
    day_column,
    id_column,
    int_column,
    json_column,
    moment_column,
    one_of,
    ref_column,
    text_column,
)

SUBJECTS = ("warning", "incident", "appeal", "rating", "ticket", "verified")
EVENT_COLUMNS = "id, kind, subject_id, from_state, to_state, actor_id, at, reason"


def widen_state_events() -> None:
    """Changes of tickets and verified answers are written down as well."""
    if op.get_bind().dialect.name == "postgresql":
        words = ", ".join(f"'{subject}'" for subject in SUBJECTS)
        op.execute("ALTER TABLE state_event DROP CONSTRAINT ck_state_event_kind")
        op.execute(
            f"ALTER TABLE state_event ADD CONSTRAINT ck_state_event_kind CHECK (kind IN ({words}))"
        )
        return
    # SQLite changes no constraint: the table is made anew.
    op.drop_index("ix_state_event_subject", "state_event")
    op.rename_table("state_event", "state_event_before")
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
        one_of("kind", "kind", *SUBJECTS),
        sa.CheckConstraint("from_state <> to_state", name="change"),
    )
    op.execute(
        f"INSERT INTO state_event ({EVENT_COLUMNS}) SELECT {EVENT_COLUMNS} FROM state_event_before"
    )
    op.drop_table("state_event_before")
    op.create_index("ix_state_event_subject", "state_event", ["kind", "subject_id", "at"])


def create_tickets() -> None:
    """Questions that were put to an expert."""
    op.create_table(
        "ticket",
        id_column("id", key=True),
        id_column("question_id"),
        ref_column("asker_id", "staff"),
        text_column("conversation"),
        id_column("lang"),
        text_column("question"),
        text_column("note"),
        json_column("clause_ids"),
        ref_column("owner_id", "staff"),
        int_column("turn"),
        id_column("state"),
        moment_column("opened_at"),
        moment_column("half_at"),
        moment_column("due_at"),
        moment_column("late_at"),
        text_column("reply"),
        ref_column("answered_by", "staff", null=True),
        moment_column("answered_at", null=True),
        one_of("state", "state", "open", "answered"),
        sa.CheckConstraint("(state = 'open') = (answered_by IS NULL)", name="answered"),
        sa.CheckConstraint(
            "opened_at < half_at AND half_at < due_at AND due_at < late_at", name="times"
        ),
    )
    op.create_index("uq_ticket_question", "ticket", ["question_id"], unique=True)
    op.create_index("ix_ticket_state", "ticket", ["state", "half_at"])
    op.create_index("ix_ticket_owner", "ticket", ["owner_id", "state"])
    op.create_index("ix_ticket_asker_id", "ticket", ["asker_id"])


def create_verified_answers() -> None:
    """What experts' answers became, and what they rest on."""
    op.create_table(
        "verified_answer",
        id_column("id", key=True),
        ref_column("ticket_id", "ticket"),
        text_column("question"),
        id_column("lang"),
        text_column("text"),
        ref_column("author_id", "staff"),
        ref_column("approver_id", "staff", null=True),
        day_column("approved_day", null=True),
        id_column("state"),
        int_column("turn"),
        moment_column("proposed_at"),
        moment_column("changed_at"),
        text_column("reason"),
        one_of("state", "state", "proposed", "approved", "declined", "withdrawn", "lapsed"),
        sa.CheckConstraint("approver_id <> author_id", name="two_people"),
        sa.CheckConstraint(
            "(state IN ('approved', 'withdrawn', 'lapsed')) = (approved_day IS NOT NULL)",
            name="approved",
        ),
    )
    op.create_index("uq_verified_answer_ticket", "verified_answer", ["ticket_id"], unique=True)
    op.create_index("ix_verified_answer_state", "verified_answer", ["state", "changed_at"])
    op.create_table(
        "verified_clause",
        ref_column("verified_id", "verified_answer", key=True, on_delete="CASCADE"),
        int_column("position", key=True),
        id_column("policy"),
        id_column("number"),
        id_column("digest"),
    )
