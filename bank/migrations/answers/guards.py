"""The lines between answers and refusals that were fitted on the bank's own questions."""

from alembic import op

from bank.migrations.columns import flag_column, id_column, json_column, moment_column, text_column


def create_guards() -> None:
    """What was fitted, how well it did, and which is in use."""
    op.create_table(
        "guard",
        id_column("id", key=True),
        id_column("lang"),
        moment_column("made_at"),
        text_column("made_by"),
        id_column("reading"),
        json_column("metrics"),
        json_column("data"),
        flag_column("active"),
    )
    op.create_index("ix_guard_lang", "guard", ["lang", "made_at"])
