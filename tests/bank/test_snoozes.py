from datetime import UTC, date, datetime, timedelta

from bank.snoozes import snooze, snoozed, was_snoozed
from tests.jobs.branch import Branch

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
TODAY = date(2026, 11, 17)


def test_an_item_is_hidden_until_its_day_for_that_person_alone(database):
    Branch(database).staff("M001", "M002")
    with database.write() as tx:
        snooze(tx, "M001", "visit:C1", TODAY + timedelta(days=3), NOW)
    with database.read() as tx:
        for days in range(3):
            assert snoozed(tx, TODAY + timedelta(days=days)) == {("M001", "visit:C1")}
        assert snoozed(tx, TODAY + timedelta(days=3)) == frozenset()
        assert snoozed(tx, TODAY, ["M002"]) == frozenset()
        assert snoozed(tx, TODAY, ["M001", "M002"]) == {("M001", "visit:C1")}


def test_the_latest_wish_stands_and_the_first_is_remembered(database):
    Branch(database).staff("M001")
    with database.write() as tx:
        assert not was_snoozed(tx, "M001", "visit:C1")
        snooze(tx, "M001", "visit:C1", TODAY + timedelta(days=9), NOW)
        snooze(tx, "M001", "visit:C1", TODAY + timedelta(days=1), NOW)
        assert snoozed(tx, TODAY) == {("M001", "visit:C1")}
        assert snoozed(tx, TODAY + timedelta(days=1)) == frozenset()
        assert was_snoozed(tx, "M001", "visit:C1")
