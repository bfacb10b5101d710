"""Guards in SQL, on both engines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bank.guards import GuardRecord, active_guards, guard_data, guards, keep_guard, use_guard

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
FIRST = GuardRecord("g1", "en", NOW, "operator", "s-e", {"questions": 90}, active=True)
SECOND = replace(FIRST, id="g2", made_at=NOW + timedelta(days=1))
ACROSS = replace(FIRST, id="g3", lang="across")
DATA = {"intercept": -1.5, "weights": {"words": 2.0}, "answer": 0.5, "show": 0.1}


def test_of_each_language_the_newest_kept_is_active_until_another_is_used(database):
    with database.write() as tx:
        for record in (FIRST, SECOND, ACROSS):
            keep_guard(tx, record, DATA)
    with database.read() as tx:
        assert active_guards(tx) == ("g2", "g3")
        assert guards(tx) == (SECOND, replace(FIRST, active=False), ACROSS)
        assert guard_data(tx, "g1") == DATA
        assert guard_data(tx, "g9") is None
    with database.write() as tx:
        use_guard(tx, "en", "g1")
    with database.read() as tx:
        assert active_guards(tx) == ("g1", "g3")
    with database.write() as tx:
        use_guard(tx, "en", None)
    with database.read() as tx:
        assert active_guards(tx) == ("g3",)
