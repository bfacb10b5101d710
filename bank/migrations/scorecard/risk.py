"""Incidents with a code, evidence and an appeal; what warnings asked of whom, and when."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import (
    batch_column,
    day_column,
    id_column,
    is_span,
    one_of,
    ref_column,
    text_column,
)

STATES = ("reported", "confirmed", "dismissed", "lifted")
CODES = ("", "false_materials", "unauthorised_sale", "aml_failure", "major_breach", "loss")
TWO_PEOPLE = "state NOT IN ('confirmed', 'lifted') OR confirmed_by <> reported_by"
LIFTED = "(state = 'lifted') = (lifted_day IS NOT NULL)"
KEPT = (
    "id, manager_id, veto, event_day, known_day, state, reported_by, confirmed_by, summary, policy,"
    " decided_day, batch_id"
)


def extend_incidents() -> None:
    """What happened by its code, what proves it, and that an appeal lifted it."""
    if op.get_bind().dialect.name == "postgresql":
        _extend_in_place()
        return
    # SQLite changes no constraint: the table is made anew.
    op.drop_index("ix_incident_manager_id", "incident")
    op.rename_table("incident", "incident_before")
    op.create_table(
        "incident",
        id_column("id", key=True),
        ref_column("manager_id", "staff"),
        id_column("veto"),
        day_column("event_day"),
        day_column("known_day"),
        id_column("state"),
        ref_column("reported_by", "staff"),
        ref_column("confirmed_by", "staff", null=True),
        text_column("summary"),
        text_column("policy"),
        day_column("decided_day", null=True),
        *_new_columns(),
        batch_column(),
        one_of("veto", "veto", "V1", "V2"),
        one_of("state", "state", *STATES),
        one_of("code", "code", *CODES),
        sa.CheckConstraint(TWO_PEOPLE, name="two_people"),
        sa.CheckConstraint(LIFTED, name="lifted"),
    )
    op.execute(f"INSERT INTO incident ({KEPT}) SELECT {KEPT} FROM incident_before")
    op.drop_table("incident_before")
    op.create_index("ix_incident_manager_id", "incident", ["manager_id"])


def create_warning_terms() -> None:
    """What a warning asked, before it asked something else."""
    op.create_table(
        "warning_term",
        ref_column("warning_id", "risk_warning", key=True),
        day_column("from_day", key=True),
        day_column("to_day"),
        ref_column("manager_id", "staff"),
        id_column("severity"),
        day_column("raised_day"),
        day_column("due_day"),
        one_of("severity", "severity", "red", "orange", "yellow", "blue"),
        is_span(),
    )
    op.create_index("ix_warning_term_manager", "warning_term", ["manager_id", "due_day"])


def _extend_in_place() -> None:
    for column in _new_columns():
        op.add_column("incident", column)
    checks = {
        "state": f"state IN ({_words(STATES)})",
        "two_people": TWO_PEOPLE,
        "code": f"code IN ({_words(CODES)})",
        "lifted": LIFTED,
    }
    for name in ("state", "two_people"):
        op.execute(f"ALTER TABLE incident DROP CONSTRAINT ck_incident_{name}")
    for name, check in checks.items():
        op.execute(f"ALTER TABLE incident ADD CONSTRAINT ck_incident_{name} CHECK ({check})")


def _new_columns() -> tuple[sa.Column[object], ...]:
    nothing = sa.text("''")
    return (
        sa.Column("code", sa.String(64), nullable=False, server_default=nothing),
        sa.Column("evidence", sa.String(), nullable=False, server_default=nothing),
        sa.Column("reason", sa.String(), nullable=False, server_default=nothing),
        day_column("lifted_day", null=True),
    )


def _words(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
