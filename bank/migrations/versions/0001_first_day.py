"""Everything a first day needs: people, clients, credit, care, plans, policies, delivery."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, each subject after the ones it refers to."""
    for create in (
        _people,
        _clients,
        _credit,
        _warnings_and_snoozes,
        _visits_and_responses,
        _conduct,
        _plans,
        _policies,
        _questions_and_drops,
        _messages,
    ):
        create()


def _people() -> None:
    op.create_table(
        "org_unit", _id("id", key=True), _text("name"), _ref("parent_id", "org_unit", null=True)
    )
    op.create_table(
        "staff",
        _id("id", key=True),
        _text("name"),
        _id("role"),
        _ref("unit_id", "org_unit"),
        _id("slack_user_id", null=True),
        _id("lang"),
        _day("hired_day"),
        _day("left_day"),
        sa.CheckConstraint(
            "role IN ('manager', 'team_lead', 'risk', 'compliance', 'hr', 'operator')", name="role"
        ),
        sa.UniqueConstraint("slack_user_id"),
    )
    op.create_index("ix_staff_unit_id", "staff", ["unit_id"])


def _clients() -> None:
    op.create_table(
        "client",
        _id("id", key=True),
        _text("name"),
        _id("customer_class"),
        _id("size_class"),
        _id("tier"),
        _day("opened_day"),
        sa.CheckConstraint("size_class IN ('', 'micro', 'small', 'medium', 'large')", name="size"),
        sa.CheckConstraint("tier IN ('private', 'premium', 'standard')", name="tier"),
        sa.CheckConstraint("customer_class IN ('corporate', 'retail')", name="customer_class"),
    )
    op.create_table(
        "account",
        _id("id", key=True),
        _ref("client_id", "client"),
        _id("kind"),
        _day("opened_day"),
        _day("closed_day"),
        sa.CheckConstraint("kind IN ('demand', 'time', 'savings', 'margin')", name="kind"),
    )
    op.create_index("ix_account_client_id", "account", ["client_id"])
    op.create_table(
        "client_base",
        _ref("client_id", "client", key=True),
        _int("year", key=True),
        _big("day_average"),
    )
    op.create_table(
        "assignment",
        _ref("client_id", "client", key=True),
        _day("from_day", key=True),
        _ref("manager_id", "staff", key=True),
        _day("to_day"),
        _int("share_pct"),
        sa.CheckConstraint("from_day < to_day", name="span"),
        sa.CheckConstraint("share_pct BETWEEN 1 AND 100", name="share"),
    )
    op.create_index("ix_assignment_manager", "assignment", ["manager_id", "from_day"])
    op.create_table(
        "balance_interval",
        _ref("account_id", "account", key=True),
        _day("from_day", key=True),
        _day("to_day"),
        _big("amount"),
        sa.CheckConstraint("from_day < to_day", name="span"),
    )


def _credit() -> None:
    op.create_table(
        "loan",
        _id("id", key=True),
        _ref("client_id", "client"),
        _ref("originator_id", "staff"),
        _day("signed_day"),
        _flag("refinances"),
    )
    op.create_index("ix_loan_client_id", "loan", ["client_id"])
    op.create_table(
        "loan_class",
        _ref("loan_id", "loan", key=True),
        _day("from_day", key=True),
        _day("to_day"),
        _id("grade"),
        sa.CheckConstraint("from_day < to_day", name="span"),
        sa.CheckConstraint(
            "grade IN ('normal', 'special_mention', 'substandard', 'doubtful', 'loss')",
            name="grade",
        ),
    )
    op.create_table(
        "loan_event",
        _id("id", key=True),
        _ref("loan_id", "loan"),
        _day("day"),
        _id("kind"),
        _big("amount"),
        sa.CheckConstraint("kind IN ('drawdown', 'repayment', 'write_off')", name="kind"),
        sa.CheckConstraint("amount > 0", name="amount"),
    )
    op.create_index("ix_loan_event_loan", "loan_event", ["loan_id", "day"])
    op.create_table(
        "repayment",
        _ref("loan_id", "loan", key=True),
        _day("due_day", key=True),
        _big("amount"),
        _day("paid_day"),
    )


def _warnings_and_snoozes() -> None:
    op.create_table(
        "risk_warning",
        _id("id", key=True),
        _id("signal"),
        _ref("client_id", "client"),
        _ref("manager_id", "staff"),
        _id("severity"),
        _day("raised_day"),
        _day("due_day"),
        _id("state"),
        _json("evidence"),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name="state"),
        sa.CheckConstraint("severity IN ('red', 'orange', 'yellow', 'blue')", name="severity"),
    )
    op.create_index("ix_risk_warning_manager", "risk_warning", ["manager_id", "raised_day"])
    op.create_index(
        "uq_risk_warning_open",
        "risk_warning",
        ["client_id", "signal"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "snooze",
        _ref("staff_id", "staff", key=True),
        _text("item", key=True),
        _day("until_day"),
        _moment("set_at"),
    )


def _visits_and_responses() -> None:
    op.create_table(
        "visit",
        _id("id", key=True),
        _ref("client_id", "client"),
        _ref("manager_id", "staff"),
        _day("day"),
        _day("logged_day"),
        _id("kind"),
        _text("note"),
        sa.CheckConstraint("kind IN ('onsite', 'video', 'phone')", name="kind"),
    )
    op.create_index("ix_visit_client", "visit", ["client_id", "day"])
    op.create_index("ix_visit_manager", "visit", ["manager_id", "day"])
    op.create_table(
        "warning_response",
        _id("id", key=True),
        _ref("warning_id", "risk_warning"),
        _ref("staff_id", "staff"),
        _day("day"),
        _text("text"),
    )
    op.create_index("ix_warning_response_warning_id", "warning_response", ["warning_id"])


def _conduct() -> None:
    op.create_table(
        "incident",
        _id("id", key=True),
        _ref("manager_id", "staff"),
        _id("veto"),
        _day("event_day"),
        _day("known_day"),
        _id("state"),
        _ref("reported_by", "staff"),
        _ref("confirmed_by", "staff", null=True),
        _text("summary"),
        _text("policy"),
        sa.CheckConstraint("veto IN ('V1', 'V2')", name="veto"),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_by <> reported_by", name="two_people"
        ),
        sa.CheckConstraint("state IN ('reported', 'confirmed', 'dismissed')", name="state"),
    )
    op.create_index("ix_incident_manager_id", "incident", ["manager_id"])
    op.create_table(
        "training_result",
        _ref("manager_id", "staff", key=True),
        _text("course", key=True),
        _int("attempt", key=True),
        _day("due_day"),
        _day("taken_day", null=True),
        _int("score", null=True),
    )


def _plans() -> None:
    op.create_table(
        "calendar_day",
        _day("day", key=True),
        _flag("is_business"),
        _flag("provisional"),
        _text("name"),
    )
    op.create_table(
        "score_run",
        _id("id", key=True),
        _id("period"),
        _day("as_of_day"),
        _id("scheme"),
        _moment("computed_at"),
    )
    op.create_table(
        "kpi_result",
        _ref("run_id", "score_run", key=True),
        _ref("manager_id", "staff", key=True),
        _json("scorecard"),
        _id("inputs_hash"),
    )
    op.create_table(
        "target",
        _ref("manager_id", "staff", key=True),
        _id("indicator", key=True),
        _int("year", key=True),
        _int("version", key=True),
        _big("amount"),
        _day("signed_day"),
    )


def _policies() -> None:
    op.create_table(
        "index_generation",
        _id("id", key=True),
        _id("embedder"),
        _int("clauses"),
        _id("fingerprint"),
        _moment("built_at"),
        _flag("active"),
    )
    op.create_table(
        "policy_version",
        _id("id", key=True),
        _id("policy"),
        _id("version"),
        _text("title"),
        _id("kind"),
        _id("lang"),
        _day("from_day"),
        _day("to_day"),
        _id("replaces", null=True),
        _json("audience"),
        _text("owner"),
        _text("path"),
        _id("content_hash"),
    )
    op.create_index("uq_policy_version", "policy_version", ["policy", "version"], unique=True)
    op.create_table(
        "clause",
        _id("id", key=True),
        _ref("version_id", "policy_version", ondelete="CASCADE"),
        _int("position"),
        _id("number"),
        _text("label"),
        _text("heading"),
        _text("text"),
        _int("page", null=True),
        _bytes("vector"),
    )
    op.create_index("ix_clause_version", "clause", ["version_id", "position"])


def _questions_and_drops() -> None:
    op.create_table(
        "question",
        _id("id", key=True),
        _moment("asked_at"),
        _ref("staff_id", "staff"),
        _text("conversation"),
        _text("text"),
        _id("lang"),
        _id("status"),
        _json("clause_ids"),
    )
    op.create_index("ix_question_staff_id", "question", ["staff_id"])
    op.create_table(
        "import_batch",
        _id("source", key=True),
        _day("business_day", key=True),
        _int("batch", key=True),
        _id("digest"),
        _int("rows"),
        _moment("imported_at"),
    )


def _messages() -> None:
    op.create_table(
        "inbox",
        _text("key", key=True),
        _id("kind"),
        _json("payload"),
        _moment("received_at"),
        _id("state"),
        _int("attempts"),
        _id("claim", null=True),
        _moment("lease_until", null=True),
        sa.CheckConstraint("state IN ('received', 'working', 'done', 'failed')", name="state"),
    )
    op.create_index("ix_inbox_state", "inbox", ["state", "received_at"])
    op.create_table(
        "outbox",
        _text("key", key=True),
        _id("recipient"),
        _id("kind"),
        _id("disclosure"),
        _id("severity"),
        _json("payload"),
        _moment("due_at"),
        _id("state"),
        _int("attempts"),
        _id("claim", null=True),
        _moment("lease_until", null=True),
        _moment("first_attempt_at", null=True),
        _id("channel", null=True),
        _id("ts", null=True),
        _text("problem", null=True),
        sa.CheckConstraint(
            "disclosure IN ('public', 'staff', 'personal', 'client')", name="disclosure"
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'sending', 'sent', 'uncertain', 'dead', 'cancelled')",
            name="state",
        ),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "due_at"])
    op.create_table(
        "schedule_fire", _id("schedule", key=True), _moment("due_at", key=True), _moment("fired_at")
    )


def _column(
    name: str, kind: sa.types.TypeEngine[Any], *, key: bool = False, null: bool = False
) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=key, nullable=null)


def _ref(
    name: str, table: str, *, key: bool = False, null: bool = False, ondelete: str | None = None
) -> sa.Column[Any]:
    target = sa.ForeignKey(f"{table}.id", ondelete=ondelete)
    return sa.Column(name, sa.String(64), target, primary_key=key, nullable=null)


_id = partial(_column, kind=sa.String(64))
_text = partial(_column, kind=sa.String())
_day = _int = partial(_column, kind=sa.Integer())
_big = _moment = partial(_column, kind=sa.BigInteger())
_flag = partial(_column, kind=sa.Boolean())
_json = partial(_column, kind=sa.JSON())
_bytes = partial(_column, kind=sa.LargeBinary())
