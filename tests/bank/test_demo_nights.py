"""The demo bank night by night: each knows only what had happened, and together they know all."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bank.calendar import published_calendar
from bank.database import Database, Transaction
from bank.demo import clients, conduct, credit, deposits, duties, service, write_drop
from bank.demo.knowledge import Night, told
from bank.demo.people import managers
from bank.demo.rows import Row, by_file
from bank.demo.scene import DemoError, Scene
from bank.importing import import_drop
from bank.importing.contract import FILES, File
from bank.importing.kinds import Day
from bank.schema import migrate
from scoring.scheme import default_scheme

ON = date(2026, 11, 16)
CALENDAR = published_calendar()
NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
NIGHTS = ("2026-11-13", "2026-11-16")
WHOLE = ("units", "staff", "clients", "assignments", "products", "accounts", "holdings")
SNAPSHOTS = ("balances", "holding_units")
SIZE = {"managers": 5, "clients": 90, "seed": 5}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def nightly(tmp_path_factory) -> tuple[Path, ...]:
    return write_drop(tmp_path_factory.mktemp("nightly"), nightly=2, **SIZE)


@pytest.fixture(scope="module")
def everything(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("everything")
    assert write_drop(folder, **SIZE) == (folder,)
    return folder


@pytest.fixture(scope="module")
def records(everything, tmp_path_factory) -> Iterator[dict[str, set[tuple[object, ...]]]]:
    """The bank's tables after the one drop of everything."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('bank')}/daybook.db")
    migrate(database)
    assert import_drop(database, everything, now=NOW).committed
    with database.read() as tx:
        yield tables(tx)
    database.close()


def read(folder: Path, name: str) -> Rows:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest(folder: Path) -> dict[str, object]:
    return json.loads((folder / "manifest.json").read_text())


def tables(tx: Transaction) -> dict[str, set[tuple[object, ...]]]:
    """What every file's table holds, leaving aside which drop brought it."""
    found = {}
    for file in FILES:
        columns = file.model.__table__.columns
        fields = {column.field for column in file.columns} | {"from_day", "to_day"}
        kept = [columns[name] for name in sorted(fields & set(columns.keys()))]
        rows = [tuple(map(str, row)) for row in tx.execute(select(*kept))]
        found[file.name] = set(rows)
        assert len(found[file.name]) == len(rows)
    return found


def key(file: File, row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in file.key)


def test_a_history_is_followed_by_the_last_business_days(nightly):
    assert [folder.name for folder in nightly] == ["history", *NIGHTS]
    days = [manifest(folder)["business_date"] for folder in nightly]
    assert days == ["2026-11-12", *NIGHTS]


def test_nothing_is_known_before_its_day(nightly):
    for folder in nightly:
        last = manifest(folder)["business_date"]
        for file in FILES:
            past = [
                column.name
                for column in file.columns
                if isinstance(column.kind, Day) and not column.kind.future
            ]
            for row in read(folder, file.name):
                assert all(row[name] <= last for name in past)


def test_what_a_row_refers_to_came_with_it_or_before(nightly):
    seen = {file.name: set() for file in FILES}
    for folder in nightly:
        for file in FILES:
            rows = read(folder, file.name)
            seen[file.name].update(row.get("id", "") for row in rows)
            for column in file.columns:
                if column.refers:
                    named = {row[column.name] for row in rows} - {""}
                    assert named <= seen[column.refers]


def test_the_nights_together_tell_everything(nightly, everything):
    for file in FILES:
        if file.known == "changes":
            continue
        told: dict[tuple[str, ...], dict[str, str]] = {}
        for folder in nightly:
            told.update({key(file, row): row for row in read(folder, file.name)})
        assert told == {key(file, row): row for row in read(everything, file.name)}


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_a_night_states_everything_that_stands_at_its_end(nightly, everything, name):
    thing, day, value = next(file for file in FILES if file.name == name).columns
    for folder in nightly[1:]:
        date_of = manifest(folder)["business_date"]
        standing = {}
        for row in read(everything, name):
            if row[day.name] <= date_of:
                standing[row[thing.name]] = row[value.name]
        for row in read(everything, thing.refers):
            if "" < row["closed_date"] <= date_of:
                standing.pop(row["id"], None)
        rows = read(folder, name)
        assert {row[thing.name]: row[value.name] for row in rows} == standing
        assert {row[day.name] for row in rows} == {date_of}


def test_whole_files_and_snapshots_are_large_and_the_rest_is_news(nightly):
    history, *nights = nightly
    for folder in nights:
        complete = {file["name"] for file in manifest(folder)["files"] if file.get("complete")}
        assert complete == {f"{name}.csv" for name in SNAPSHOTS}
        for file in FILES:
            rows, before = len(read(folder, file.name)), len(read(history, file.name))
            if file.name in WHOLE:
                assert rows >= before
            elif file.name not in SNAPSHOTS:
                assert rows < 20 + before // 20
    assert not any("complete" in file for file in manifest(history)["files"])
    visits = sum(len(read(folder, "visits")) for folder in nights)
    assert visits > 0


def test_the_ledger_is_what_the_books_add_up_to(nightly):
    for folder in nightly[1:]:
        stated = manifest(folder)["ledger"]
        assert stated["deposits_fen"] == sum(
            int(row["amount_fen"]) for row in read(folder, "balances")
        )
    owed = 0
    for folder in nightly:
        for row in read(folder, "loan_events"):
            sign = 1 if row["kind"] == "drawdown" else -1
            owed += sign * int(row["amount_fen"])
        assert manifest(folder)["ledger"]["loans_fen"] == owed


def test_night_after_night_the_bank_ends_with_the_same_records(nightly, records, database):
    for folder in nightly:
        report = import_drop(database, folder, now=NOW)
        assert report.problems == ()
        # Nights bring visits written down late, and correct nothing by it.
        assert (report.committed, report.corrected) == (True, 0)
    with database.read() as tx:
        found = tables(tx)
    for name, rows in records.items():
        assert found[name] == rows, name


def test_the_bytes_are_the_same_in_however_many_processes(nightly, tmp_path):
    several = write_drop(tmp_path, nightly=2, processes=2, **SIZE)
    for one, other in zip(nightly, several, strict=True):
        for path in one.iterdir():
            assert path.read_bytes() == (other / path.name).read_bytes(), path.name


def test_a_bank_has_at_most_twenty_nights(tmp_path):
    with pytest.raises(DemoError, match="1 to 20 nights: not 21"):
        write_drop(tmp_path / "x", nightly=21)
    assert not (tmp_path / "x").exists()


def test_a_bank_that_ends_on_a_weekend_has_its_last_night_then(tmp_path):
    drops = write_drop(tmp_path, managers=4, clients=8, nightly=2, on=date(2026, 11, 15))
    assert [folder.name for folder in drops] == ["history", "2026-11-13", "2026-11-15"]


@settings(deadline=None)
@given(
    number=st.integers(0, 3_000),
    seed=st.integers(0, 10**6),
    back=st.lists(st.integers(1, 390), min_size=1, max_size=3, unique=True),
)
def test_a_clients_story_is_told_without_loss_on_whatever_days(number, seed, back):
    scene = Scene(seed, ON, CALENDAR, default_scheme())
    batch = by_file(story(number, scene))
    days = [ON - timedelta(days=count) for count in sorted(back, reverse=True)] + [ON]
    told_so_far: dict[str, dict[tuple[object, ...], Row]] = {file.name: {} for file in FILES}
    for before, day in zip([None, *days], days, strict=False):
        part = told(batch, Night("", day, before))
        for file in FILES:
            places = [
                file.columns.index(column) for column in file.columns if column.name in file.key
            ]
            rows = {tuple(row[at] for at in places): row for row in part.get(file.name, ())}
            told_so_far[file.name].update(rows)
    for file in FILES:
        if file.name not in SNAPSHOTS:
            assert set(told_so_far[file.name].values()) == set(batch[file.name]), file.name


def story(number: int, scene: Scene) -> Iterator[Row]:
    client = clients.client(number, managers(12, scene), scene)
    chance = scene.dice("test", client.id)
    yield from clients.rows(client, scene, chance)
    yield from deposits.rows(deposits.deposits(client, scene, chance), scene)
    loans = credit.loans(client, scene, chance)
    for loan in loans:
        yield from credit.rows(loan, scene, chance)
    yield from duties.rows(client, loans, scene, chance)
    yield from service.rows(client, None, scene, chance)
    yield from conduct.complaints(client, scene, chance)
