"""A first day's database brought up to all of the bank's records, on both engines."""

import json
from datetime import date

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from bank.database import Database
from bank.days import OPEN, number
from bank.models import Base
from bank.schema import check, migrate
from tests.bank.drops import day

JOINED, SHARED, SPLIT = day("2020-05-06"), day("2025-01-01"), day("2026-07-01")
NIGHT = 1_763_300_000_000_000
"""Microseconds since 1970, in November 2025."""
MONDAY, MAKE_UP, HOLIDAY = day("2026-09-28"), day("2026-10-10"), day("2026-10-01")


def row(**values):
    return values


# A row of every table as revision 0001 has them, each after those it refers to.
FIRST_DAY = {
    "org_unit": [row(id="B1", name="Riverside", parent_id=None)],
    "staff": [
        row(id=name, name=name, role=role, unit_id="B1", slack_user_id=slack, lang="zh",
            hired_day=JOINED, left_day=left)
        for name, role, slack, left in (
            ("M001", "manager", "UM001", OPEN),
            ("M002", "manager", None, day("2026-12-31")),
            ("R001", "risk", "UR001", OPEN),
        )
    ],
    "client": [
        row(id=name, name="星河灯塔", customer_class=kind, size_class=size, tier="standard",
            opened_day=JOINED)
        for name, kind, size in (
            ("C1", "corporate", "small"), ("C2", "retail", ""), ("C3", "retail", ""),
        )
    ],
    "account": [row(id="A1", client_id="C1", kind="demand", opened_day=SHARED, closed_day=OPEN)],
    "client_base": [row(client_id="C1", year=2025, day_average=90_000)],
    "assignment": [
        row(client_id="C1", from_day=SHARED, manager_id="M001", to_day=SPLIT, share_pct=100),
        row(client_id="C1", from_day=SPLIT, manager_id="M001", to_day=OPEN, share_pct=40),
        row(client_id="C1", from_day=SPLIT, manager_id="M002", to_day=SPLIT + 30, share_pct=35),
        row(client_id="C2", from_day=1, manager_id="M002", to_day=OPEN, share_pct=100),
    ],
    "balance_interval": [
        row(account_id="A1", from_day=SHARED, to_day=SPLIT, amount=10**13),
        row(account_id="A1", from_day=SPLIT, to_day=OPEN, amount=0),
    ],
    "loan": [row(id="N1", client_id="C1", originator_id="M001", signed_day=SHARED,
                 refinances=True)],
    "loan_class": [row(loan_id="N1", from_day=SHARED, to_day=OPEN, grade="normal")],
    "loan_event": [
        row(id=f"E{at}", loan_id="N1", day=SHARED + at, kind=kind, amount=500)
        for at, kind in enumerate(("drawdown", "repayment", "write_off"))
    ],
    "repayment": [row(loan_id="N1", due_day=SPLIT, amount=500, paid_day=OPEN)],
    "risk_warning": [
        row(id="W1", signal="W01", client_id="C1", manager_id="M001", severity="red",
            raised_day=SPLIT, due_day=SPLIT + 1, state="open", evidence='{"days_past_due": 3}')
    ],
    "snooze": [row(staff_id="M001", item="visit:C1", until_day=SPLIT, set_at=NIGHT)],
    "visit": [
        row(id=name, client_id="C1", manager_id="M001", day=SPLIT, logged_day=SPLIT,
            kind="onsite", note="met")
        for name in ("V1", "0123456789abcdef0123456789abcdef")
    ],
    "warning_response": [
        row(id="R1", warning_id="W1", staff_id="M001", day=SPLIT, text="called")
    ],
    "incident": [
        row(id=f"I-{state}", manager_id="M002", veto="V1", event_day=SHARED, known_day=SPLIT,
            state=state, reported_by="M001", confirmed_by="R001", summary="s", policy="kyc 1")
        for state in ("reported", "confirmed", "dismissed")
    ],
    "training_result": [
        row(manager_id="M001", course="AML", attempt=1, due_day=SPLIT, taken_day=None, score=None)
    ],
    "calendar_day": [
        row(day=on, is_business=works, provisional=False, name=name)
        for on, works, name in (
            (MONDAY, True, ""), (MAKE_UP, True, "调休"), (HOLIDAY, False, "国庆节"),
        )
    ],
    "score_run": [row(id="S1", period="2026Q4", as_of_day=SPLIT, scheme="default",
                      computed_at=NIGHT)],
    "kpi_result": [row(run_id="S1", manager_id="M001", scorecard='{"score": "88"}',
                       inputs_hash="h")],
    "target": [row(manager_id="M001", indicator="P01", year=2026, version=1, amount=10**11,
                   signed_day=SHARED)],
    "index_generation": [row(id="G1", embedder="e", clauses=1, fingerprint="f", built_at=NIGHT,
                             active=True)],
    "policy_version": [
        row(id="P1", policy="kyc", version="1", title="KYC", kind="policy", lang="en",
            from_day=SHARED, to_day=OPEN, replaces=None, audience='["all"]', owner="o", path="p",
            content_hash="h")
    ],
    "clause": [
        row(id="P1-1", version_id="P1", position=1, number="1", label="1", heading="", text="t",
            page=None, vector=b"\x00\x01")
    ],
    "question": [
        row(id="Q1", asked_at=NIGHT, staff_id="M001", conversation="", text="?", lang="en",
            status="answered", clause_ids='["P1-1"]')
    ],
    "import_batch": [
        row(source=source, business_day=SPLIT + later, batch=1, digest="d", rows=9,
            imported_at=NIGHT + later)
        for source, later in (("core", 1), ("cards", 0), ("core", 0))
    ],
    "inbox": [
        row(key="message:1", kind="message", payload="{}", received_at=NIGHT, state="done",
            attempts=1, claim=None, lease_until=None)
    ],
    "outbox": [
        row(key="digest:M001", recipient="M001", kind="digest", disclosure="personal",
            severity="blue", payload="{}", due_at=NIGHT, state="sent", attempts=1, claim=None,
            lease_until=None, first_attempt_at=NIGHT, channel="D1", ts="1.2", problem=None)
    ],
    "schedule_fire": [row(schedule="morning", due_at=NIGHT, fired_at=NIGHT)],
}  # fmt: skip


def upgrade_from_first_day(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", "bank:migrations")
    with database.write() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "0001")
        assert set(inspect(tx).get_table_names()) == {*FIRST_DAY, "alembic_version"}
        for table, rows in FIRST_DAY.items():
            names = list(rows[0])
            values = ", ".join(f":{name}" for name in names)
            tx.execute(text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"), rows)
    migrate(database)


@pytest.fixture(scope="module")
def upgraded_url(databases):
    """One database for all tests here, which change nothing in it."""
    url = databases.copy("from_first_day", upgrade_from_first_day)
    yield url
    databases.drop(url)


@pytest.fixture
def upgraded(upgraded_url):
    database = Database(upgraded_url)
    yield database
    database.close()


def rows_of(database, query):
    with database.read() as tx:
        return [tuple(map(plain, found)) for found in tx.execute(text(query))]


def plain(value):
    return json.dumps(value) if isinstance(value, dict | list) else value


def test_every_row_is_still_there(upgraded):
    for table, rows in FIRST_DAY.items():
        found = rows_of(upgraded, f"SELECT {', '.join(rows[0])} FROM {table}")
        assert set(found) >= {tuple(each.values()) for each in rows}, table
        # Migrating also fills the calendar.
        assert len(found) == len(rows) or table == "calendar_day", table


def test_it_is_at_this_versions_schema(upgraded):
    check(upgraded)
    with upgraded.read() as tx:
        assert set(inspect(tx).get_table_names()) == set(Base.metadata.tables) | {"alembic_version"}


def test_nothing_refers_to_what_is_not_there(upgraded):
    if upgraded.engine.dialect.name == "sqlite":
        assert rows_of(upgraded, "PRAGMA foreign_key_check") == []
        assert rows_of(upgraded, "PRAGMA integrity_check") == [("ok",)]


def test_facts_count_as_known_from_their_first_day(upgraded):
    for table in ("balance_interval", "loan_class"):
        assert rows_of(upgraded, f"SELECT 1 FROM {table} WHERE known_day <> from_day") == []


def test_drops_are_numbered_as_they_came(upgraded):
    found = rows_of(upgraded, "SELECT id, source, imported_at FROM import_batch ORDER BY id")
    assert found == [(1, "cards", NIGHT), (2, "core", NIGHT), (3, "core", NIGHT + 1)]
    with upgraded.write() as tx:
        number_given = tx.scalar(
            text(
                "INSERT INTO import_batch (source, business_day, batch, digest, rows, imported_at)"
                " VALUES ('core', 1, 1, 'd', 0, 0) RETURNING id"
            )
        )
        tx.rollback()
    assert number_given == 4


def test_rows_belong_to_the_newest_drop_but_what_people_wrote_to_none(upgraded):
    assert rows_of(upgraded, "SELECT DISTINCT batch_id FROM client") == [(3,)]
    assert rows_of(upgraded, "SELECT DISTINCT batch_id FROM balance_interval") == [(3,)]
    assert rows_of(upgraded, "SELECT id, batch_id FROM visit ORDER BY id DESC") == [
        ("V1", 3),
        ("0123456789abcdef0123456789abcdef", None),
    ]
    assert rows_of(upgraded, "SELECT batch_id FROM risk_warning") == [(None,)]


def test_people_and_clients_have_a_history_from_their_first_day(upgraded):
    units = "SELECT staff_id, from_day, to_day, unit_id, role FROM staff_unit ORDER BY staff_id"
    assert rows_of(upgraded, units)[0] == ("M001", JOINED, OPEN, "B1", "manager")
    assert len(rows_of(upgraded, units)) == 3
    said = (
        "SELECT from_day, to_day, size_class, tier, industry, risk_level, group_id"
        " FROM client_attr WHERE client_id = 'C1'"
    )
    assert rows_of(upgraded, said) == [(JOINED, OPEN, "small", "standard", "", "", None)]


def test_the_pool_holds_what_nobody_does(upgraded):
    spans = "SELECT from_day, to_day, share_pct FROM pool_share WHERE client_id = '{}' ORDER BY 1"
    assert rows_of(upgraded, spans.format("C1")) == [
        (1, SHARED, 100),
        (SPLIT, SPLIT + 30, 100 - 40 - 35),
        (SPLIT + 30, OPEN, 100 - 40),
    ]
    assert rows_of(upgraded, spans.format("C2")) == []
    assert rows_of(upgraded, spans.format("C3")) == [(1, OPEN, 100)]


def test_decided_incidents_were_decided_when_known(upgraded):
    found = dict(rows_of(upgraded, "SELECT state, decided_day FROM incident"))
    assert found == {"reported": None, "confirmed": SPLIT, "dismissed": SPLIT}


def test_policies_are_for_every_unit_and_end_where_their_files_say(upgraded):
    said = "SELECT units, notices, stated_to_day = to_day, since FROM policy_version"
    assert rows_of(upgraded, said) == [("[]", "[]", True, 0)]
    placed = "SELECT place, start_at, end_at, tokens FROM clause"
    assert rows_of(upgraded, placed) == [("", 0, 0, "")]


def test_markets_keep_weekends_that_the_bank_works(upgraded):
    days = f"({MONDAY}, {MAKE_UP}, {HOLIDAY})"
    found = rows_of(
        upgraded, f"SELECT day, market_open, source FROM calendar_day WHERE day IN {days}"
    )
    assert set(found) == {
        (MONDAY, True, "published"),
        (MAKE_UP, False, "published"),
        (HOLIDAY, False, "published"),
    }
    assert (date.fromordinal(MAKE_UP).weekday(), number(date(1, 1, 1))) == (5, 1)


@pytest.mark.parametrize("change", ["UPDATE audit SET deed = 'x'", "DELETE FROM audit"])
def test_the_audit_log_only_grows(database, change):
    with database.write() as tx:
        tx.execute(
            text(
                "INSERT INTO audit (at, actor_id, deed, subject, digest)"
                " VALUES (0, 'M001', 'visit', 'visit:V1', 'd')"
            )
        )
    with pytest.raises(DBAPIError, match="the audit log is never changed"), database.write() as tx:
        tx.execute(text(change))
    assert rows_of(database, "SELECT deed, subject FROM audit") == [("visit", "visit:V1")]
