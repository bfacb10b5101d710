"""What the first day's facts say of the new tables: histories, the pool's shares, the drops."""

from alembic import op

from bank.migrations.records.additions import OPEN, newest_batch

DROPPED = (
    "org_unit", "staff", "client", "assignment", "account", "client_base",
    "loan", "loan_event", "repayment", "incident", "training_result", "target",
)  # fmt: skip
"""Tables only drops wrote to; warnings and answers may be what Daybook's own people entered."""


def attribute_rows() -> None:
    """Take every row as confirmed by the newest drop: nothing says which one brought it.

    Visits were also logged in Daybook, which gave them ids of 32 characters.
    """
    batch = newest_batch()
    for table in DROPPED:
        op.execute(f"UPDATE {table} SET batch_id = {batch}")
    op.execute(f"UPDATE visit SET batch_id = {batch} WHERE length(id) <> 32")


def derive_histories() -> None:
    """One span for each person and client, from their first day on."""
    op.execute(
        "INSERT INTO staff_unit (staff_id, from_day, to_day, unit_id, role, batch_id)"
        f" SELECT id, hired_day, {OPEN}, unit_id, role, batch_id FROM staff"
    )
    op.execute(
        "INSERT INTO client_attr (client_id, from_day, to_day, size_class, tier, industry,"
        " risk_level, group_id, batch_id)"
        f" SELECT id, opened_day, {OPEN}, size_class, tier, industry, risk_level, group_id,"
        " batch_id FROM client"
    )


def derive_pool_shares() -> None:
    """What no manager holds of a client: 100 less the shares, between the days they change."""
    op.execute(
        f"""
        WITH change (client_id, day, pct) AS (
            SELECT id, 1, 100 FROM client
            UNION ALL SELECT client_id, from_day, -share_pct FROM assignment
            UNION ALL SELECT client_id, to_day, share_pct FROM assignment WHERE to_day < {OPEN}
        ), step AS (
            SELECT client_id, day, sum(pct) AS pct FROM change GROUP BY client_id, day
            HAVING sum(pct) <> 0
        ), span AS (
            SELECT client_id, day AS from_day,
                coalesce(lead(day) OVER (PARTITION BY client_id ORDER BY day), {OPEN}) AS to_day,
                sum(pct) OVER (PARTITION BY client_id ORDER BY day) AS share_pct
            FROM step
        )
        INSERT INTO pool_share (client_id, from_day, to_day, share_pct)
        SELECT client_id, from_day, to_day, share_pct FROM span WHERE share_pct > 0
        """
    )
