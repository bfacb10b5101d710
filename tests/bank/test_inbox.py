from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bank import inbox
from bank.models import Inbox

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
LEASE = timedelta(minutes=2)
KINDS = ["message", "action"]


def test_an_envelope_is_recorded_once(database):
    with database.write() as tx:
        assert inbox.record(tx, "message:T/C/1.1", "message", {"text": "你好"}, NOW)
        assert not inbox.record(tx, "message:T/C/1.1", "message", {"text": "again"}, NOW)
    item = inbox.claim(database, NOW, LEASE, KINDS)
    assert (item.key, item.payload, item.attempts) == ("message:T/C/1.1", {"text": "你好"}, 1)
    assert inbox.claim(database, NOW, LEASE, KINDS) is None


def test_the_oldest_envelope_of_the_wanted_kinds_comes_first(database):
    _record(database, ("b", "message", 2), ("a", "message", 3), ("c", "action", 1))
    assert inbox.claim(database, NOW, LEASE, ["message"]).key == "b"
    assert inbox.claim(database, NOW, LEASE, ["message"]).key == "a"
    assert inbox.claim(database, NOW, LEASE, ["message"]) is None
    assert inbox.claim(database, NOW, LEASE, KINDS).key == "c"


def test_an_abandoned_envelope_is_taken_over_and_its_first_worker_fenced_off(database):
    _record(database, ("a", "message", 0))
    slow = inbox.claim(database, NOW, LEASE, KINDS)
    assert inbox.claim(database, NOW + LEASE - timedelta(seconds=1), LEASE, KINDS) is None
    second = inbox.claim(database, NOW + LEASE, LEASE, KINDS)
    assert second.attempts == 2
    with database.write() as tx:
        assert not inbox.finish(tx, slow)
        assert not inbox.fail(tx, slow)
        assert inbox.finish(tx, second)
        assert not inbox.finish(tx, second)
    assert _states(database) == {"a": "done"}
    assert inbox.claim(database, NOW + 9 * LEASE, LEASE, KINDS) is None


def test_after_three_attempts_only_an_apology_is_left(database):
    _record(database, ("a", "message", 0))
    attempts = [inbox.claim(database, NOW + n * LEASE, LEASE, KINDS) for n in range(4)]
    assert [item.exhausted for item in attempts] == [False, False, False, True]
    with database.write() as tx:
        assert inbox.fail(tx, attempts[-1])
    assert _states(database) == {"a": "failed"}
    assert inbox.claim(database, NOW + 9 * LEASE, LEASE, KINDS) is None


def test_workers_side_by_side_share_the_envelopes_out(database):
    _record(database, *((f"k{n:02}", "message", n) for n in range(24)))
    with ThreadPoolExecutor(4) as workers:
        taken = list(workers.map(lambda _: inbox.claim(database, NOW, LEASE, KINDS).key, range(24)))
    assert sorted(taken) == [f"k{n:02}" for n in range(24)]


def _record(database, *envelopes):
    with database.write() as tx:
        for key, kind, second in envelopes:
            inbox.record(tx, key, kind, {}, NOW + timedelta(seconds=second))


def _states(database):
    with database.read() as tx:
        return dict(tuple(row) for row in tx.execute(select(Inbox.key, Inbox.state)))
