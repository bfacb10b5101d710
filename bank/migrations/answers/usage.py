"""What a model was used for."""

from alembic import op

from bank.migrations.columns import day_column, id_column, int_column


def create_model_usage() -> None:
    """Calls and tokens by day, person and model."""
    op.create_table(
        "model_usage",
        day_column("day", key=True),
        id_column("staff_id", key=True),
        id_column("model", key=True),
        int_column("calls"),
        int_column("tokens_in"),
        int_column("tokens_out"),
    )
