from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bank import outbox
from bank.models import Outbox
from bank.outbox import MAX_ATTEMPTS, OutboxRow

NOW = datetime(2026, 11, 17, 0, 30, tzinfo=UTC)
LEASE = timedelta(minutes=2)


def row(key, severity="blue", due_at=NOW):
    return OutboxRow(key, "M001", "digest", "client", severity, {"date": "2026-11-17"}, due_at)


def test_a_message_is_owed_once_however_often_it_is_put(database):
    with database.write() as tx:
        assert outbox.put(tx, [row("a"), row("b"), row("a", severity="red")]) == 2
        assert outbox.put(tx, [row("b"), row("c")]) == 1
        assert outbox.put(tx, []) == 0
        assert outbox.known(tx, ["a", "c", "z"]) == {"a", "c"}
    assert _severities(database) == {"a": "blue", "b": "blue", "c": "blue"}


def test_more_keys_are_looked_up_than_one_statement_may_name(database):
    keys = [f"digest:M{n:05}:2026-11-17" for n in range(40_000)]
    with database.write() as tx:
        outbox.put(tx, [row(keys[0]), row(keys[-1])])
        assert outbox.known(tx, keys) == {keys[0], keys[-1]}


def test_due_messages_are_taken_most_urgent_first_and_only_once(database):
    later = NOW + timedelta(seconds=1)
    rows = [
        row("old", "yellow"),
        row("new", "red"),
        row("mid", "orange"),
        row("late", "red", later),
    ]
    _put(database, *rows)
    assert [item.key for item in outbox.claim(database, NOW, LEASE, 2)] == ["new", "mid"]
    assert [item.key for item in outbox.claim(database, NOW, LEASE, 9)] == ["old"]
    assert outbox.claim(database, NOW, LEASE, 9) == ()
    assert [item.key for item in outbox.claim(database, later, LEASE, 9)] == ["late"]


def test_one_message_can_be_taken_by_its_key(database):
    _put(database, row("a", "red"), row("b"))
    assert [item.key for item in outbox.claim(database, NOW, LEASE, 1, key="b")] == ["b"]
    assert outbox.claim(database, NOW, LEASE, 1, key="b") == ()
    assert outbox.claim(database, NOW, LEASE, 1, key="z") == ()


def test_what_a_sender_left_behind_may_have_arrived_and_the_sender_is_fenced_off(database):
    _put(database, row("a"))
    (first,) = outbox.claim(database, NOW, LEASE, 1)
    assert not first.unknown
    assert outbox.claim(database, NOW + LEASE - timedelta(seconds=1), LEASE, 1) == ()
    assert outbox.claim(database, NOW + LEASE, LEASE, 1) == ()
    (second,) = outbox.claim(database, NOW + LEASE + outbox.LAST_WORD, LEASE, 1)
    assert second.unknown
    assert second.attempts == 2
    assert second.first_attempt_at == NOW
    with database.write() as tx:
        assert not outbox.sent(tx, first, "D1", "1.1")
        assert outbox.sent(tx, second, "D1", "2.2")
        assert not outbox.dead(tx, second, "too late")
    with database.read() as tx:
        assert tx.execute(select(Outbox.state, Outbox.channel, Outbox.ts)).one() == (
            "sent",
            "D1",
            "2.2",
        )


@pytest.mark.parametrize(
    ("mark", "state", "unknown"),
    [(outbox.retry_at, "planned", False), (outbox.uncertain, "uncertain", True)],
)
def test_a_failed_attempt_waits_for_its_moment(database, mark, state, unknown):
    _put(database, row("a"))
    (item,) = outbox.claim(database, NOW, LEASE, 1)
    again = NOW + timedelta(seconds=15)
    with database.write() as tx:
        assert mark(tx, item, again, "no answer")
    assert _states(database) == {"a": state}
    assert outbox.claim(database, again - timedelta(seconds=1), LEASE, 1) == ()
    (item,) = outbox.claim(database, again, LEASE, 1)
    assert (item.unknown, item.attempts) == (unknown, 2)


def test_what_was_not_attempted_is_as_before(database):
    _put(database, row("a"))
    (item,) = outbox.claim(database, NOW, LEASE, 1)
    with database.write() as tx:
        assert outbox.put_back(tx, item, NOW)
    (item,) = outbox.claim(database, NOW, LEASE, 1)
    assert (item.unknown, item.attempts) == (False, 1)
    with database.write() as tx:
        outbox.uncertain(tx, item, NOW, "no answer")
    (item,) = outbox.claim(database, NOW, LEASE, 1)
    with database.write() as tx:
        outbox.put_back(tx, item, NOW)
    (item,) = outbox.claim(database, NOW, LEASE, 1)
    assert (item.unknown, item.attempts) == (True, 2)


@pytest.mark.parametrize(
    ("mark", "state"), [(outbox.dead, "dead"), (outbox.cancelled, "cancelled")]
)
def test_a_closed_message_is_never_taken_again(database, mark, state):
    _put(database, row("a"))
    (item,) = outbox.claim(database, NOW, LEASE, 1)
    with database.write() as tx:
        assert mark(tx, item, "no such user")
    assert _states(database) == {"a": state}
    assert outbox.claim(database, NOW + timedelta(days=9), LEASE, 1) == ()


def test_a_message_in_doubt_is_looked_for_once_more_and_then_left_visible(database):
    _put(database, row("a"))
    items = []
    for _ in range(MAX_ATTEMPTS + 1):
        (item,) = outbox.claim(database, NOW, LEASE, 1)
        items.append(item)
        with database.write() as tx:
            outbox.uncertain(tx, item, NOW, "no answer")
    assert [item.spent for item in items] == [False] * MAX_ATTEMPTS + [True]
    assert outbox.claim(database, NOW + timedelta(days=9), LEASE, 1) == ()
    assert _states(database) == {"a": "uncertain"}


def test_senders_side_by_side_share_the_messages_out(database):
    _put(database, *(row(f"k{n:02}") for n in range(40)))
    with ThreadPoolExecutor(4) as senders:
        batches = list(senders.map(lambda _: outbox.claim(database, NOW, LEASE, 5), range(8)))
    taken = [item.key for batch in batches for item in batch]
    left = [item.key for item in outbox.claim(database, NOW, LEASE, 40)]
    assert sorted(taken + left) == [f"k{n:02}" for n in range(40)]


def _put(database, *rows):
    with database.write() as tx:
        outbox.put(tx, rows)


def _states(database):
    with database.read() as tx:
        return dict(tuple(row) for row in tx.execute(select(Outbox.key, Outbox.state)))


def _severities(database):
    with database.read() as tx:
        return dict(tuple(row) for row in tx.execute(select(Outbox.key, Outbox.severity)))
