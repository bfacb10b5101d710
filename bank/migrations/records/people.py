"""New tables: people, clients and their service, conduct, growth."""

import sqlalchemy as sa
from alembic import op

from bank.migrations.columns import (
    batch_column,
    big_column,
    day_column,
    flag_column,
    id_column,
    int_column,
    is_score,
    is_share,
    is_span,
    one_of,
    ref_column,
    text_column,
)

ROLES = ("manager", "team_lead", "risk", "compliance", "hr", "operator")
DUTIES = (
    *("due_diligence", "post_loan_check", "return_visit"),
    *("festive_care", "analysis_report", "client_plan"),
)


def create_histories() -> None:
    """Where people worked, what was said of clients, and what of them nobody holds."""
    op.create_table(
        "staff_unit",
        ref_column("staff_id", "staff", key=True),
        day_column("from_day", key=True),
        day_column("to_day"),
        ref_column("unit_id", "org_unit"),
        id_column("role"),
        batch_column(),
        one_of("role", "role", *ROLES),
        is_span(),
    )
    op.create_index("ix_staff_unit_unit", "staff_unit", ["unit_id", "from_day"])
    op.create_table(
        "client_attr",
        ref_column("client_id", "client", key=True),
        day_column("from_day", key=True),
        day_column("to_day"),
        id_column("size_class"),
        id_column("tier"),
        text_column("industry"),
        id_column("risk_level"),
        id_column("group_id", null=True),
        batch_column(),
        one_of("size", "size_class", "", "micro", "small", "medium", "large"),
        one_of("tier", "tier", "private", "premium", "standard"),
        one_of("risk_level", "risk_level", "", "low", "medium", "high"),
        is_span(),
    )
    op.create_table(
        "pool_share",
        ref_column("client_id", "client", key=True),
        day_column("from_day", key=True),
        day_column("to_day"),
        int_column("share_pct"),
        is_share(),
        is_span(),
    )


def create_leaves() -> None:
    """Who is away, and when."""
    op.create_table(
        "staff_leave",
        ref_column("staff_id", "staff", key=True),
        day_column("from_day", key=True),
        day_column("to_day"),
        id_column("kind"),
        batch_column(),
        one_of("kind", "kind", "annual", "sick", "parental", "other"),
        sa.CheckConstraint("from_day <= to_day", name="span"),
    )


def create_wealth() -> None:
    """What clients had in the base year, and what they may have elsewhere."""
    op.create_table(
        "asset_base",
        ref_column("client_id", "client", key=True),
        int_column("year", key=True),
        big_column("day_average"),
        batch_column(),
    )
    op.create_table(
        "wallet",
        ref_column("client_id", "client", key=True),
        day_column("day", key=True),
        big_column("total"),
        text_column("source"),
        batch_column(),
        sa.CheckConstraint("total > 0", name="total"),
    )


def create_voices() -> None:
    """What clients answer, ask and bring."""
    op.create_table(
        "survey_response",
        id_column("id", key=True),
        ref_column("client_id", "client"),
        ref_column("manager_id", "staff"),
        day_column("day"),
        id_column("channel"),
        int_column("score"),
        text_column("theme"),
        batch_column(),
        one_of("channel", "channel", "onsite", "phone", "app"),
        is_score(),
    )
    op.create_index("ix_survey_response_client", "survey_response", ["client_id", "day"])
    op.create_index("ix_survey_response_manager", "survey_response", ["manager_id", "day"])
    op.create_table(
        "referral",
        id_column("id", key=True),
        ref_column("referrer_id", "client"),
        ref_column("client_id", "client"),
        ref_column("manager_id", "staff"),
        day_column("day"),
        flag_column("related"),
        batch_column(),
        sa.CheckConstraint("referrer_id <> client_id", name="two_clients"),
    )
    op.create_index("ix_referral_client_id", "referral", ["client_id"])
    op.create_index("ix_referral_manager", "referral", ["manager_id", "day"])
    op.create_table(
        "inquiry",
        id_column("id", key=True),
        ref_column("client_id", "client"),
        ref_column("manager_id", "staff"),
        day_column("received_day"),
        day_column("due_day"),
        day_column("answered_day", null=True),
        text_column("topic"),
        batch_column(),
    )
    op.create_index("ix_inquiry_client_id", "inquiry", ["client_id"])
    op.create_index("ix_inquiry_manager", "inquiry", ["manager_id", "received_day"])


def create_needs() -> None:
    """What clients could use, and which of their documents fall due."""
    op.create_table(
        "client_need",
        id_column("id", key=True),
        ref_column("client_id", "client"),
        id_column("kind"),
        day_column("noted_day"),
        day_column("due_day", null=True),
        id_column("state"),
        text_column("note"),
        batch_column(),
        one_of("state", "state", "open", "met", "declined"),
    )
    op.create_index("ix_client_need_client_id", "client_need", ["client_id"])
    op.create_table(
        "client_document",
        ref_column("client_id", "client", key=True),
        id_column("kind", key=True),
        day_column("due_day"),
        day_column("renewed_day", null=True),
        batch_column(),
        one_of("kind", "kind", "identity", "licence", "review", "ownership"),
    )


def create_duties() -> None:
    """What managers must have done by a day."""
    op.create_table(
        "duty",
        id_column("id", key=True),
        ref_column("manager_id", "staff"),
        ref_column("client_id", "client", null=True),
        id_column("kind"),
        day_column("due_day"),
        day_column("done_day", null=True),
        batch_column(),
        one_of("kind", "kind", *DUTIES),
    )
    op.create_index("ix_duty_client_id", "duty", ["client_id"])
    op.create_index("ix_duty_manager", "duty", ["manager_id", "due_day"])


def create_conduct() -> None:
    """Complaints and compliance checks."""
    op.create_table(
        "complaint",
        id_column("id", key=True),
        ref_column("client_id", "client"),
        ref_column("manager_id", "staff"),
        day_column("received_day"),
        id_column("severity"),
        id_column("state"),
        day_column("decided_day", null=True),
        ref_column("duplicate_of", "complaint", null=True),
        text_column("summary"),
        batch_column(),
        one_of("severity", "severity", "major", "minor"),
        one_of("state", "state", "pending", "upheld", "rejected", "duplicate"),
        sa.CheckConstraint("(state = 'pending') = (decided_day IS NULL)", name="decided"),
        sa.CheckConstraint("(state = 'duplicate') = (duplicate_of IS NOT NULL)", name="duplicate"),
    )
    op.create_index("ix_complaint_client_id", "complaint", ["client_id"])
    op.create_index("ix_complaint_manager", "complaint", ["manager_id", "received_day"])
    op.create_table(
        "check_item",
        id_column("id", key=True),
        ref_column("manager_id", "staff"),
        day_column("day"),
        id_column("kind"),
        id_column("severity"),
        flag_column("passed"),
        day_column("recheck_day", null=True),
        flag_column("recheck_passed", null=True),
        text_column("regulation"),
        text_column("subject"),
        batch_column(),
        one_of("kind", "kind", "sales", "documents", "aml", "credit"),
        one_of("severity", "severity", "critical", "major", "minor"),
        sa.CheckConstraint("(recheck_day IS NULL) = (recheck_passed IS NULL)", name="recheck"),
    )
    op.create_index("ix_check_item_manager", "check_item", ["manager_id", "day"])


def create_growth() -> None:
    """Certificates and proposals."""
    op.create_table(
        "certificate",
        ref_column("manager_id", "staff", key=True),
        text_column("name", key=True),
        day_column("from_day"),
        day_column("to_day"),
        batch_column(),
        is_span(),
    )
    op.create_table(
        "proposal",
        id_column("id", key=True),
        text_column("title"),
        day_column("day"),
        id_column("state"),
        day_column("decided_day", null=True),
        batch_column(),
        one_of("state", "state", "submitted", "screened", "adopted", "rolled_out", "rejected"),
        sa.CheckConstraint("(state = 'submitted') = (decided_day IS NULL)", name="decided"),
    )
    op.create_table(
        "proposal_step",
        ref_column("proposal_id", "proposal", key=True),
        id_column("state", key=True),
        day_column("day"),
        batch_column(),
        one_of("state", "state", "screened", "adopted", "rolled_out"),
    )
    op.create_table(
        "proposal_author",
        ref_column("proposal_id", "proposal", key=True),
        ref_column("manager_id", "staff", key=True),
        int_column("share_pct"),
        batch_column(),
        is_share(),
    )
    op.create_index("ix_proposal_author_manager_id", "proposal_author", ["manager_id"])


def create_teamwork() -> None:
    """What colleagues say, and whose papers were returned."""
    op.create_table(
        "collab_rating",
        ref_column("manager_id", "staff", key=True),
        ref_column("rater_id", "staff", key=True),
        id_column("quarter", key=True),
        int_column("score"),
        day_column("day"),
        batch_column(),
        is_score(),
        sa.CheckConstraint("rater_id <> manager_id", name="two_people"),
    )
    op.create_table(
        "credit_file",
        id_column("id", key=True),
        ref_column("manager_id", "staff"),
        ref_column("client_id", "client"),
        day_column("submitted_day"),
        day_column("returned_day", null=True),
        text_column("reason"),
        batch_column(),
    )
    op.create_index("ix_credit_file_manager", "credit_file", ["manager_id", "submitted_day"])
