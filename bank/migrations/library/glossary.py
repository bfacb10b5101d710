"""The bank's own entries of the glossary."""

from alembic import op

from bank.migrations.columns import flag_column, id_column, json_column


def create_entries() -> None:
    """Entries that are laid over the shipped glossary."""
    op.create_table(
        "glossary_entry",
        id_column("key", key=True),
        flag_column("subject"),
        json_column("en"),
        json_column("zh"),
    )
