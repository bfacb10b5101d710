"""What came of questions, and what people thought of the answers."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import id_column, moment_column, one_of, ref_column, text_column


def add_outcomes() -> None:
    """Whose words answered, why not, and how long it took."""
    for name, kind, default in (
        ("mode", sa.String(64), "'extractive'"),
        ("reason", sa.String(64), "''"),
        ("took_ms", sa.Integer(), "0"),
    ):
        column = sa.Column(name, kind, nullable=False, server_default=sa.text(default))
        op.add_column("question", column)
    op.create_index("ix_question_asked_at", "question", ["asked_at"])


def create_feedback() -> None:
    """Verdicts, one a person and answer."""
    op.create_table(
        "answer_feedback",
        ref_column("question_id", "question", key=True, on_delete="CASCADE"),
        ref_column("staff_id", "staff", key=True),
        id_column("verdict"),
        id_column("reason"),
        text_column("note"),
        moment_column("at"),
        one_of("verdict", "verdict", "up", "down"),
        one_of(
            "reason", "reason", "", "wrong_clause", "out_of_date", "not_asked", "incomplete",
            "other",
        ),
    )  # fmt: skip
    op.create_index("ix_answer_feedback_at", "answer_feedback", ["at"])
