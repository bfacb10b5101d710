"""What the word index and the dense index are brought up to date from."""

from alembic import op

COLUMNS = {
    "clause": ("tokens VARCHAR DEFAULT '' NOT NULL",),
    "policy_version": ("since INTEGER DEFAULT 0 NOT NULL",),
    "index_generation": (
        "number INTEGER DEFAULT 0 NOT NULL",
        "analysis VARCHAR DEFAULT '' NOT NULL",
        "base VARCHAR(64) DEFAULT '' NOT NULL",
        "base_number INTEGER DEFAULT 0 NOT NULL",
        "base_clauses INTEGER DEFAULT 0 NOT NULL",
    ),
}


def add_columns() -> None:
    """Tokens of clauses, the generation each version came with, the base a generation stands on."""
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_index("ix_policy_version_since", "policy_version", ["since"])
