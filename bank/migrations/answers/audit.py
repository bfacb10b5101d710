"""The audit log as a chain: seals, its head, and triggers that pass what was accounted for."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import id_column, int_column

UNCHANGED = "the audit log is never changed"


def chain_audit() -> None:
    """Columns in place, the head, and the trigger for removals anew."""
    for name, kind, default in (
        ("detail", sa.String(), "'{}'"),
        ("key_name", sa.String(64), "''"),
        ("seal", sa.String(64), "''"),
    ):
        column = sa.Column(name, kind, nullable=False, server_default=sa.text(default))
        op.add_column("audit", column)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        int_column("row_id"),
        id_column("last"),
        id_column("key_name"),
        int_column("sealed_to"),
        id_column("seal"),
        sa.CheckConstraint("id = 1", name="single"),
    )
    _pass_what_is_sealed()


def _pass_what_is_sealed() -> None:
    sealed = "OLD.id <= coalesce((SELECT sealed_to FROM audit_head), 0)"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_refuses_delete")
        op.execute(
            f"CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit WHEN NOT ({sealed})"
            f" BEGIN SELECT RAISE(ABORT, '{UNCHANGED}'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF TG_OP = 'DELETE' AND {sealed} THEN RETURN OLD; END IF;"
        f" RAISE EXCEPTION '{UNCHANGED}'; END $$"
    )
