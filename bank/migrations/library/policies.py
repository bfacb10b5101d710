"""Where clauses stand in their files, what they refer to, whom versions are for, what changed."""

from alembic import op

from bank.migrations.columns import (
    day_column,
    id_column,
    int_column,
    json_column,
    number_column,
    one_of,
    ref_column,
    text_column,
)

KINDS = ("added", "changed", "removed", "moved", "renumbered", "split", "merged")
OPEN = 3652059
COLUMNS = {
    "policy_version": (
        f"stated_to_day INTEGER DEFAULT {OPEN} NOT NULL",
        "digests VARCHAR DEFAULT '' NOT NULL",
        "units JSON DEFAULT '[]' NOT NULL",
        "notices JSON DEFAULT '[]' NOT NULL",
    ),
    "clause": (
        "place VARCHAR DEFAULT '' NOT NULL",
        "start_at INTEGER DEFAULT 0 NOT NULL",
        "end_at INTEGER DEFAULT 0 NOT NULL",
    ),
}


def add_columns() -> None:
    """Columns that can be added in place; files are read again, which fills them."""
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.execute("UPDATE policy_version SET stated_to_day = to_day")


def create_links() -> None:
    """What clauses refer to and define."""
    op.create_table(
        "clause_link",
        ref_column("clause_id", "clause", key=True, on_delete="CASCADE"),
        int_column("position", key=True),
        id_column("kind"),
        int_column("start_at"),
        int_column("end_at"),
        id_column("target_number"),
        text_column("target_policy"),
        text_column("term"),
        one_of("kind", "kind", "reference", "definition"),
    )


def create_changes() -> None:
    """What each version changed against the one before it, clause by clause."""
    op.create_table(
        "clause_change",
        number_column("id"),
        id_column("policy"),
        id_column("version"),
        id_column("before"),
        day_column("day"),
        int_column("position"),
        id_column("kind"),
        text_column("label"),
        text_column("label_before"),
        json_column("edits"),
        one_of("kind", "kind", *KINDS),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_clause_change_version", "clause_change", ["policy", "version"])
    op.create_index("ix_clause_change_day", "clause_change", ["day"])
