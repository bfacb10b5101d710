"""A process killed in the middle of an import leaves the bank as it was, or as it should be."""

import pytest

from tests.bank.drops import branch, counts, load, write_drop
from tests.bank.importer import import_until
from tests.processes import PROCESSES

PLACES = {
    "reading": "visits.csv",
    "comparing": "INSERT INTO born_balance_interval",
    "beginning to commit": "INSERT INTO import_batch",
    "writing intervals": "INSERT INTO balance_interval",
    "writing what is derived": "INSERT INTO pool_share",
}

FILES = ("units", "staff", "clients", "assignments", "products", "accounts", "balances", "visits")


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_killed_before_the_end_nothing_is_there(database, database_url, tmp_path, place):
    drop = write_drop(tmp_path / "drop", {name: branch()[name] for name in FILES})
    before = counts(database)
    kill_at(place, database_url, drop)
    assert counts(database) == before
    assert load(database, drop).committed


def test_killed_after_the_commit_everything_is_there(database, database_url, tmp_path):
    drop = write_drop(tmp_path / "drop", {name: branch()[name] for name in FILES})
    kill_at("after", database_url, drop)
    assert load(database, drop).repeated


def kill_at(place: str, url: str, drop) -> None:
    ours, its = PROCESSES.Pipe()
    process = PROCESSES.Process(target=import_until, args=(place, url, drop, its))
    process.start()
    its.close()
    assert ours.recv() == "here"
    process.kill()
    process.join()
    ours.close()
