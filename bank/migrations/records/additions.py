"""New columns of the first day's tables, and the tables SQLite must copy to change.

Plain SQL, because one text for both engines says it shortest: columns that come with their
check and reference can be added in place on either.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from bank.migrations.columns import (
    batch_column,
    big_column,
    day_column,
    flag_column,
    id_column,
    int_column,
    is_span,
    number_column,
    one_of,
    ref_column,
    text_column,
)

OPEN = 3652059
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
MOVES = ("drawdown", "repayment", "write_off", "reversal", "transfer_out")
REVERSAL = "(kind = 'reversal') = (reverses_id IS NOT NULL)"


def _word(table: str, name: str, *values: str, check: str | None = None) -> str:
    """A column that holds one of some words, the first one until the sender says more."""
    words = ", ".join(f"'{value}'" for value in values)
    constraint = f"CONSTRAINT ck_{table}_{check or name} CHECK ({name} IN ({words}))"
    return f"{name} VARCHAR(64) DEFAULT '{values[0]}' NOT NULL {constraint}"


def _reference(table: str, name: str, target: str) -> str:
    return f"{name} VARCHAR(64) CONSTRAINT fk_{table}_{name} REFERENCES {target} (id)"


COLUMNS = {
    "org_unit": (),
    "staff": (),
    "client": (
        "industry VARCHAR DEFAULT '' NOT NULL",
        _word("client", "risk_level", "", "low", "medium", "high"),
        "group_id VARCHAR(64)",
        f"closed_day INTEGER DEFAULT {OPEN} NOT NULL",
        _word("client", "closed_reason", "", "client", "death", "dissolution", "bank"),
        "kyc_due_day INTEGER",
        _reference("client", "acquirer_id", "staff"),
    ),
    "assignment": (
        _word("assignment", "reason", "", "joined", "handover", "shared", "cover", "left"),
    ),
    "account": (
        "currency VARCHAR(64) DEFAULT 'CNY' NOT NULL",
        _reference("account", "product_id", "product"),
        "matures_day INTEGER",
        _word("account", "excluded", "", "interbank", "pledged", "high_cost", "abnormal"),
    ),
    "client_base": (),
    "loan": (
        "approved_day INTEGER",
        "matures_day INTEGER",
        _word("loan", "purpose", "", "operating", "consumer", "mortgage"),
        _word("loan", "size_class", "", "micro", "small", "medium", "large", check="size"),
        "green_code VARCHAR(64)",
        _word("loan", "green_catalogue", "", "2021", "2025"),
        "restructured_day INTEGER",
    ),
    "repayment": (),
    "visit": (),
    "risk_warning": (),
    "warning_response": (),
    "incident": ("decided_day INTEGER",),
    "training_result": (_word("training_result", "kind", "compliance", "product"),),
    "target": (),
}
"""What each table that drops write gains, besides the drop a row came with."""


def add_columns() -> None:
    """Every column that can be added in place."""
    for table, columns in COLUMNS.items():
        for column in (*columns, "batch_id INTEGER"):
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.execute(
        "ALTER TABLE score_run ADD COLUMN plan_id VARCHAR(64)"
        " CONSTRAINT fk_score_run_plan_id REFERENCES plan_version (id)"
    )
    op.execute("ALTER TABLE score_run ADD COLUMN batch_id INTEGER")
    op.execute("UPDATE incident SET decided_day = known_day WHERE state <> 'reported'")
    op.create_index("ix_risk_warning_client", "risk_warning", ["client_id", "raised_day"])


NEWEST = "SELECT id FROM import_batch ORDER BY business_day DESC, batch DESC, id DESC LIMIT 1"


def change_tables() -> None:
    """The tables whose keys, checks or form change. No other table refers to them."""
    if op.get_bind().dialect.name == "sqlite":
        _copy_batches()
        _copy_intervals("balance_interval", "account_id", big_column("amount"))
        grade = (id_column("grade"), one_of("grade", "grade", *CLASSES))
        _copy_intervals("loan_class", "loan_id", *grade)
        _copy_loan_events()
        _copy_calendar()
    else:
        _alter_batches()
        _alter_intervals("balance_interval", "account_id")
        _alter_intervals("loan_class", "loan_id")
        _alter_loan_events()
        _alter_calendar()


def newest_batch() -> str:
    """The id of the newest drop, which every row is taken to be confirmed by, or NULL."""
    return str(op.get_bind().scalar(sa.text(NEWEST)) or "NULL")


def _copy_intervals(table: str, thing: str, *value: SchemaItem) -> None:
    """What was known before is taken as known from the first."""
    op.rename_table(table, "former")
    op.create_table(
        table,
        id_column(thing, key=True),
        day_column("from_day", key=True),
        day_column("to_day"),
        *value,
        day_column("known_day"),
        batch_column(),
        is_span(),
        sqlite_with_rowid=False,
    )
    name = next(item.name for item in value if isinstance(item, sa.Column))
    columns = f"{thing}, from_day, to_day, {name}"
    _refill(
        table,
        f"{columns}, known_day, batch_id",
        f"{columns}, from_day, {newest_batch()}",
        f"{thing}, from_day",
    )


def _alter_intervals(table: str, thing: str) -> None:
    op.drop_constraint(f"fk_{table}_{thing}", table)
    op.add_column(table, day_column("known_day", null=True))
    op.add_column(table, batch_column())
    # A change of type writes the table once and leaves no dead rows, as an UPDATE would.
    op.execute(
        f"ALTER TABLE {table} ALTER COLUMN known_day TYPE INTEGER USING from_day,"
        f" ALTER COLUMN batch_id TYPE INTEGER USING {newest_batch()}"
    )
    op.alter_column(table, "known_day", nullable=False)


def _copy_loan_events() -> None:
    op.rename_table("loan_event", "former")
    op.create_table(
        "loan_event",
        id_column("id", key=True),
        ref_column("loan_id", "loan"),
        day_column("day"),
        id_column("kind"),
        big_column("amount"),
        ref_column("reverses_id", "loan_event", null=True),
        batch_column(),
        one_of("kind", "kind", *MOVES),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(REVERSAL, name="reversal"),
    )
    columns = "id, loan_id, day, kind, amount"
    _refill("loan_event", columns, columns, "id")
    op.create_index("ix_loan_event_loan", "loan_event", ["loan_id", "day"])


def _alter_loan_events() -> None:
    op.drop_constraint(op.f("ck_loan_event_kind"), "loan_event")
    op.add_column("loan_event", ref_column("reverses_id", "loan_event", null=True))
    op.add_column("loan_event", batch_column())
    moves = ", ".join(f"'{move}'" for move in MOVES)
    op.create_check_constraint("kind", "loan_event", f"kind IN ({moves})")
    op.create_check_constraint("reversal", "loan_event", REVERSAL)


MARKET_OPEN = "is_business AND (day + 6) % 7 < 5"
"""Business days from Monday to Friday; day 1 was a Monday."""


def _copy_calendar() -> None:
    op.rename_table("calendar_day", "former")
    op.create_table(
        "calendar_day",
        day_column("day", key=True),
        flag_column("is_business"),
        flag_column("provisional"),
        text_column("name"),
        flag_column("market_open"),
        id_column("source"),
        one_of("source", "source", "published", "bank"),
    )
    columns = "day, is_business, provisional, name"
    _refill(
        "calendar_day",
        f"{columns}, market_open, source",
        f"{columns}, {MARKET_OPEN}, 'published'",
        "day",
    )


def _alter_calendar() -> None:
    for column in (flag_column("market_open", null=True), id_column("source", null=True)):
        op.add_column("calendar_day", column)
    op.execute(f"UPDATE calendar_day SET market_open = {MARKET_OPEN}, source = 'published'")
    for name in ("market_open", "source"):
        op.alter_column("calendar_day", name, nullable=False)
    op.create_check_constraint("source", "calendar_day", "source IN ('published', 'bank')")


IN_ORDER = "row_number() OVER (ORDER BY imported_at, business_day, source, batch)"


def _copy_batches() -> None:
    op.rename_table("import_batch", "former")
    op.create_table(
        "import_batch",
        number_column("id"),
        id_column("source"),
        day_column("business_day"),
        int_column("batch"),
        id_column("digest"),
        int_column("rows"),
        big_column("imported_at"),
        sqlite_autoincrement=True,
    )
    columns = "source, business_day, batch, digest, rows, imported_at"
    _refill("import_batch", f"id, {columns}", f"{IN_ORDER}, {columns}", "imported_at")
    key = ["source", "business_day", "batch"]
    op.create_index("uq_import_batch", "import_batch", key, unique=True)


def _alter_batches() -> None:
    op.add_column("import_batch", int_column("id", null=True))
    op.execute(
        f"UPDATE import_batch AS b SET id = n.id FROM (SELECT source, business_day, batch,"
        f" {IN_ORDER} AS id FROM import_batch) AS n WHERE b.source = n.source"
        " AND b.business_day = n.business_day AND b.batch = n.batch"
    )
    op.drop_constraint(op.f("pk_import_batch"), "import_batch")
    op.alter_column("import_batch", "id", nullable=False)
    op.create_primary_key(op.f("pk_import_batch"), "import_batch", ["id"])
    # The same as SERIAL gives a new table.
    op.execute("CREATE SEQUENCE import_batch_id_seq AS integer OWNED BY import_batch.id")
    op.execute(
        "SELECT setval('import_batch_id_seq', coalesce(max(id), 0) + 1, false) FROM import_batch"
    )
    counted = sa.text("nextval('import_batch_id_seq'::regclass)")
    op.alter_column("import_batch", "id", server_default=counted)
    key = ["source", "business_day", "batch"]
    op.create_index("uq_import_batch", "import_batch", key, unique=True)


def _refill(table: str, columns: str, values: str, order: str) -> None:
    """Move the rows of the table's former self over, in the order of the new key."""
    op.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM former ORDER BY {order}")
    op.drop_table("former")
