"""Drops read straight from a warehouse's views, on both engines."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import column, create_engine, table

from bank.database import Database
from bank.days import number
from bank.errors import WarehouseError
from bank.importing.contract import FILES
from bank.importing.kinds import Day, Flag, JsonObject, Whole
from bank.importing.warehouse import _texts, open_warehouse
from bank.models import ImportBatch
from tests.bank.drops import Files, branch, counts, load, write_drop

TYPES = {Whole: "BIGINT"}
POSTGRES_TYPES = {Whole: "NUMERIC", Day: "DATE", Flag: "BOOLEAN", JsonObject: "JSONB"}


FILES_HELD = (
    "units", "staff", "clients", "assignments", "products", "accounts", "balances", "loans",
    "visits", "warnings",
)  # fmt: skip


def held() -> Files:
    """The files of the small branch that the warehouse has."""
    return {name: rows for name, rows in branch().items() if name in FILES_HELD}


def fill(database: Database) -> None:
    """Tables as a bank might have them, and the views the contract asks for."""
    with database.write() as tx:
        for name, rows in held().items():
            columns = ", ".join(f'"{column}"' for column in rows[0])
            tx.exec_driver_sql(f"CREATE TABLE {name} ({columns.replace(',', ' TEXT,')} TEXT)")
            target = table(name, *(column(name) for name in rows[0]))
            tx.execute(target.insert(), rows)
            chosen = ", ".join(selected(name, tx.dialect.name))
            tx.exec_driver_sql(f"CREATE VIEW daybook_{name} AS SELECT {chosen} FROM {name}")
        tx.exec_driver_sql(
            "CREATE TABLE manifest (source TEXT, business_date DATE, batch INTEGER, file TEXT,"
            " rows BIGINT, version TEXT, complete BOOLEAN, totals TEXT)"
        )
        tx.exec_driver_sql("CREATE VIEW daybook_manifest AS SELECT * FROM manifest")
        for name, rows in held().items():
            tx.exec_driver_sql(
                "INSERT INTO manifest VALUES ('warehouse', '2026-11-16', 1,"
                f" '{name}', {len(rows)}, 'v1', NULL, NULL)"
            )


def selected(name: str, engine: str) -> Iterator[str]:
    """The columns of a view, in the types such a warehouse would have."""
    types = POSTGRES_TYPES if engine == "postgresql" else TYPES
    for declared in next(file for file in FILES if file.name == name).columns:
        cast = types.get(type(declared.kind))
        quoted = f'"{declared.name}"'
        yield f"CAST(NULLIF({quoted}, '') AS {cast}) AS {quoted}" if cast else quoted


class Views:
    """A warehouse of its own for a test."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, *statements: str) -> None:
        engine = create_engine(self.url)
        with engine.begin() as tx:
            for statement in statements:
                tx.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "original.db"
    database = Database(f"sqlite:///{path}")
    fill(database)
    database.close()
    return path


@pytest.fixture
def file(original, tmp_path) -> Views:
    """A warehouse in a file: the quickest to make, for what no engine does otherwise."""
    return Views(f"sqlite:///{shutil.copyfile(original, tmp_path / 'warehouse.db')}")


@pytest.fixture
def views(databases) -> Iterator[Views]:
    url = databases.copy("warehouse", fill)
    yield Views(url)
    databases.drop(url)


def take_in(database, views: Views):
    with open_warehouse(views.url) as warehouse:
        return load(database, warehouse)


def refused(database, views: Views) -> list[tuple[str, int, str, str]]:
    before = counts(database)
    report = take_in(database, views)
    assert not report.committed
    assert counts(database) == before
    return [(found.file, found.line, found.column, found.reason) for found in report.problems]


def test_a_drop_comes_in_from_views_as_it_does_from_files(database, views, tmp_path):
    report = take_in(database, views)
    assert report.problems == ()
    assert report.committed
    assert {file.name: file.rows for file in report.files} == {
        f"daybook_{name}": len(rows) for name, rows in held().items()
    }
    assert take_in(database, views).repeated
    # The folder's rows, which are the same, change nothing.
    assert load(database, write_drop(tmp_path / "drop", held())).committed


def test_another_version_of_the_same_batch_is_refused(database, views):
    take_in(database, views)
    views.run("UPDATE manifest SET version = 'v2' WHERE file = 'clients'")
    assert refused(database, views) == [
        (
            "daybook_manifest",
            0,
            "batch",
            "was imported already with other content: raise batch to 2",
        )
    ]


def test_totals_and_the_ledger_come_with_the_manifest(database, views):
    # 100,000 + 100,000 + 250,000 + 500 fen of balances.
    views.run("""UPDATE manifest SET totals = '{"amount_fen": 450500}' WHERE file = 'balances'""")
    assert take_in(database, views).committed
    views.run(
        "INSERT INTO manifest (source, business_date, batch, file, totals)"
        """ VALUES ('warehouse', '2026-11-16', 1, 'ledger', '{"gold": 1}')"""
    )
    assert refused(database, views) == [
        (
            "daybook_manifest",
            0,
            "ledger",
            "is not a JSON object of whole numbers for deposits_fen and loans_fen",
        )
    ]


FAULTS = {
    "no manifest": (
        "DROP VIEW daybook_manifest",
        ("daybook_manifest", 0, "", "is no view of the warehouse: create it as docs/data.md says"),
    ),
    "a manifest without a column": (
        (
            "DROP VIEW daybook_manifest; CREATE VIEW daybook_manifest AS"
            " SELECT source, business_date, batch, file, rows, complete, totals FROM manifest"
        ),
        ("daybook_manifest", 1, "version", "is missing: add it to the view"),
    ),
    "no drop": (
        "DELETE FROM manifest",
        ("daybook_manifest", 0, "", "shows 0 drops: show exactly the one to take in"),
    ),
    "two drops": (
        "UPDATE manifest SET batch = 2 WHERE file = 'units'",
        ("daybook_manifest", 0, "", "shows 2 drops: show exactly the one to take in"),
    ),
    "no version": (
        "UPDATE manifest SET version = NULL WHERE file = 'units'",
        (
            "daybook_manifest",
            0,
            "daybook_units version",
            "is not a text of 1 to 128 characters without spaces",
        ),
    ),
    "a file nobody knows": (
        "UPDATE manifest SET file = 'gifts' WHERE file = 'units'",
        ("daybook_manifest", 0, "files", "is no file of the contract: see docs/data.md"),
    ),
    "a snapshot of clients": (
        "UPDATE manifest SET complete = TRUE WHERE file = 'clients'",
        (
            "daybook_manifest",
            0,
            "daybook_clients complete",
            "is only for files of changes: leave it out",
        ),
    ),
    "totals that are no JSON": (
        "UPDATE manifest SET totals = 'much' WHERE file = 'balances'",
        (
            "daybook_manifest",
            0,
            "daybook_balances totals",
            "is not a JSON object of whole numbers",
        ),
    ),
    "a view that is not there": (
        "DROP VIEW daybook_visits",
        (
            "daybook_visits",
            0,
            "",
            "is no view of the warehouse: create it, or take it out of daybook_manifest",
        ),
    ),
    "a view without a column": (
        "DROP VIEW daybook_units; CREATE VIEW daybook_units AS SELECT id, name FROM units",
        ("daybook_units", 1, "parent_id", "is missing: add it to the view"),
    ),
    "a column too many": (
        "DROP VIEW daybook_units; CREATE VIEW daybook_units AS SELECT *, 1 AS floor FROM units",
        ("daybook_units", 1, "floor", "is no column of this file: take it away"),
    ),
    "a row that is gone since": (
        "DELETE FROM visits",
        ("daybook_visits", 0, "", "has 0 rows, the manifest says 1: send it again"),
    ),
    "a value of no kind": (
        "UPDATE clients SET tier = 'gold' WHERE id = 'C2'",
        ("daybook_clients", 3, "tier", "is not one of: private, premium, standard"),
    ),
    "a client nobody knows": (
        "UPDATE accounts SET client_id = 'C9' WHERE id = 'A2'",
        (
            "daybook_accounts",
            3,
            "client_id",
            "is not known: add it to clients.csv, or send it in an earlier drop",
        ),
    ),
    "an amount with fractions": (
        (
            "DROP VIEW daybook_balances; CREATE VIEW daybook_balances AS"
            " SELECT account_id, date, CAST(1.5 AS DOUBLE PRECISION) AS amount_fen FROM balances"
        ),
        (
            "daybook_balances",
            2,
            "amount_fen",
            "holds values of float: cast them to text in the view",
        ),
    ),
}


@pytest.mark.parametrize(("change", "problem"), FAULTS.values(), ids=FAULTS)
def test_a_warehouse_that_breaks_the_contract_is_refused(database, file, change, problem):
    file.run(*change.split("; "))
    assert refused(database, file)[0] == problem


def test_every_query_sees_the_state_of_the_first(database, views):
    """A warehouse that goes on loading meanwhile changes nothing about the drop being read."""
    if not views.url.startswith("postgresql"):
        views.run("PRAGMA journal_mode = WAL")
    with open_warehouse(views.url) as warehouse:

        def change(name: str, _rows: int, _total: int) -> None:
            if name == "daybook_units":
                views.run("DELETE FROM visits")

        assert load(database, warehouse, report=change).committed


def test_nothing_can_be_written_there(views):
    with open_warehouse(views.url) as warehouse, pytest.raises(Exception, match=r"read-?only"):
        warehouse.tx.exec_driver_sql("DELETE FROM visits")


URLS = {
    "no URL": ("core", "the warehouse's URL cannot be read: write postgresql://USER@HOST/NAME"),
    "a strange kind": (
        "gopher://u:secret@h/d",
        "warehouse gopher://u:***@h/d: there is no such kind of database: check its name",
    ),
    "a driver that is not installed": (
        "mysql+pymysql://u:secret@h/d",
        (
            "warehouse mysql+pymysql://u:***@h/d: needs the Python package pymysql:"
            " install it beside Daybook"
        ),
    ),
    "a file that is not there": (
        "sqlite:////nowhere/at/all.db",
        "warehouse sqlite:////nowhere/at/all.db: unable to open database file",
    ),
}


@pytest.mark.parametrize(("url", "message"), URLS.values(), ids=URLS)
def test_a_warehouse_that_cannot_be_reached_says_why_in_one_line(url, message):
    with pytest.raises(WarehouseError) as raised, open_warehouse(url):
        pass
    assert str(raised.value) == message


def test_a_server_that_is_down_says_so():
    url = "postgresql://somebody:secret@127.0.0.1:9/bank"
    with pytest.raises(WarehouseError, match="Connection refused") as raised, open_warehouse(url):
        pass
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_values_of_drivers_become_cells():
    values = [
        "text",
        None,
        5,
        True,
        date(2026, 11, 16),
        Decimal(12),
        Decimal("1.50"),
        {"a": "星"},
    ]
    assert _texts(values) == ["text", "", "5", "true", "2026-11-16", "12", "1.50", '{"a": "星"}']
    with pytest.raises(TypeError, match="datetime"):
        _texts([datetime(2026, 11, 16)])  # noqa: DTZ001


def test_the_batch_is_the_warehouse_s(database, file):
    take_in(database, file)
    with database.read() as tx:
        row = tx.execute(ImportBatch.__table__.select()).one()
    assert (row.source, row.business_day, row.batch) == ("warehouse", number(date(2026, 11, 16)), 1)
