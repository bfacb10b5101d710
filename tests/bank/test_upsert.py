"""Writing rows that may be there already, alike on both engines."""

import pytest
from sqlalchemy import select

from bank.models import OrgUnit
from bank.upsert import insert_new, upsert, upsert_from


def unit(name: str, title: str = "", parent: str | None = None):
    return {"id": name, "name": title or name, "parent_id": parent}


@pytest.fixture
def tx(database):
    with database.write() as tx:
        yield tx


def names(tx) -> dict[str, str]:
    return dict(tx.execute(select(OrgUnit.id, OrgUnit.name)).all())


def test_inserting_counts_only_what_is_new(tx):
    assert insert_new(tx, OrgUnit, [unit("A")]) == 1
    assert insert_new(tx, OrgUnit, [unit("A"), unit("B"), unit("C")]) == 2
    assert insert_new(tx, OrgUnit, [unit("A", "other")]) == 0
    assert insert_new(tx, OrgUnit, []) == 0
    assert names(tx) == {"A": "A", "B": "B", "C": "C"}


def test_upserting_replaces_by_key_and_the_last_row_stands(tx):
    upsert(tx, OrgUnit, [unit("A"), unit("B")], ["id"])
    upsert(tx, OrgUnit, [unit("A", "one"), unit("A", "two"), unit("C")], ["id"])
    upsert(tx, OrgUnit, [], ["id"])
    assert names(tx) == {"A": "two", "B": "B", "C": "C"}


def test_upserting_from_a_query_replaces_by_key_what_may_be_replaced(tx):
    upsert(tx, OrgUnit, [unit("A"), unit("B")], ["id"])
    renamed = select(OrgUnit.id, ("team " + OrgUnit.name).label("name"))
    upsert_from(tx, OrgUnit, renamed, ["id"], OrgUnit.name != "B")
    assert names(tx) == {"A": "team A", "B": "B"}
