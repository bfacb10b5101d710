"""The bank's own entries of the glossary."""

from alembic import op

from bank.migrations.columns import id_column, json_column, one_of


def create_entries() -> None:
    """Entries that are laid over the shipped glossary."""
    op.create_table(
        "glossary_entry",
        id_column("key", key=True),
        id_column("kind"),
        json_column("en"),
        json_column("zh"),
        one_of("kind", "kind", "idea", "term", "subject"),
    )
