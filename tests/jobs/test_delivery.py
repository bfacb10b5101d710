"""What delivery promises: nothing lost, nothing twice, whatever the messenger does."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bank import outbox
from bank.models import Outbox
from bank.outbox import LAST_WORD, MAX_ATTEMPTS, OutboxRow
from jobs.delivery import LEASE, Delivery, wait_after
from tests.fakes import Clock, FakeMessenger, Killed

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def clock():
    return Clock(NOW)


def owe(database, *keys, due_at=NOW):
    rows = [
        OutboxRow(key, "M001", "answer", "staff", "blue", {"text": key}, due_at) for key in keys
    ]
    with database.write() as tx:
        outbox.put(tx, rows)


def states(database):
    with database.read() as tx:
        return dict(tx.execute(select(Outbox.key, Outbox.state)).all())


def deliver_until_quiet(delivery, clock):
    for _ in range(MAX_ATTEMPTS + 2):
        delivery.deliver_due()
        clock.advance(hours=2)


def test_what_is_due_is_sent_once_and_recorded_where_it_stands(database, clock):
    owe(database, "a", "b")
    owe(database, "later", due_at=NOW + timedelta(hours=1))
    slack = FakeMessenger(clock)
    delivery = Delivery(database, slack, SHANGHAI, clock)
    assert delivery.deliver_due() == {"sent": 2}
    assert delivery.deliver_due() == {}
    assert slack.sent_keys() == ["a", "b"]
    with database.read() as tx:
        assert tx.execute(select(Outbox.channel, Outbox.ts).where(Outbox.key == "b")).one() == (
            "DM001",
            "1",
        )


def test_one_message_is_sent_at_once_by_its_key(database, clock):
    owe(database, "a", "b")
    slack = FakeMessenger(clock)
    delivery = Delivery(database, slack, SHANGHAI, clock)
    assert delivery.deliver("b") == "sent"
    assert delivery.deliver("b") is None
    assert delivery.deliver("z") is None
    assert slack.sent_keys() == ["b"]


@pytest.mark.parametrize("fault", ["refuse", "429"])
def test_a_plain_refusal_is_tried_again_later(database, clock, fault):
    owe(database, "a")
    slack = FakeMessenger(clock, [fault])
    delivery = Delivery(database, slack, SHANGHAI, clock)
    assert delivery.deliver_due() == {"planned": 1}
    assert delivery.deliver_due() == {}
    clock.advance(seconds=30)
    assert delivery.deliver_due() == {"sent": 1}
    assert slack.sent_keys() == ["a"]


def test_when_slack_asks_for_a_pause_everything_behind_waits_too(database, clock):
    owe(database, "a", "b", "c")
    slack = FakeMessenger(clock, ["", "429"])
    delivery = Delivery(database, slack, SHANGHAI, clock)
    assert delivery.deliver_due() == {"sent": 1, "planned": 1}
    assert slack.calls == 2
    clock.advance(seconds=29)
    assert delivery.deliver_due() == {}
    clock.advance(seconds=1)
    assert delivery.deliver_due() == {"sent": 2}
    assert sorted(slack.sent_keys()) == ["a", "b", "c"]


@pytest.mark.parametrize("fault", ["accepted, timeout", "accepted, 500", "accepted, broken"])
def test_what_arrived_without_our_knowing_is_found_and_not_posted_again(database, clock, fault):
    owe(database, "a")
    slack = FakeMessenger(clock, [fault], lag=10)
    delivery = Delivery(database, slack, SHANGHAI, clock)
    assert delivery.deliver_due() == {"uncertain": 1}
    clock.advance(seconds=10)
    assert delivery.deliver_due() == {}
    clock.advance(seconds=5)
    assert delivery.deliver_due() == {"sent": 1}
    assert slack.calls == 1
    assert slack.sent_keys() == ["a"]


@pytest.mark.parametrize("fault", ["timeout", "500", "broken"])
def test_what_did_not_arrive_is_posted_once_its_absence_is_seen(database, clock, fault):
    owe(database, "a")
    slack = FakeMessenger(clock, [fault])
    delivery = Delivery(database, slack, SHANGHAI, clock)
    assert delivery.deliver_due() == {"uncertain": 1}
    clock.advance(seconds=15)
    assert delivery.deliver_due() == {"sent": 1}
    assert slack.sent_keys() == ["a"]


def test_nothing_is_posted_again_while_the_history_cannot_be_read(database, clock):
    owe(database, "a")
    slack = FakeMessenger(clock, ["accepted, timeout"], blind=3)
    delivery = Delivery(database, slack, SHANGHAI, clock)
    for _ in range(4):
        assert delivery.deliver_due() == {"uncertain": 1}
        clock.advance(hours=1)
    assert delivery.deliver_due() == {"sent": 1}
    assert slack.calls == 1


def test_a_message_nobody_can_receive_is_dead_at_once_and_stops_no_other(database, clock):
    owe(database, "a", "b")
    slack = FakeMessenger(clock, ["permanent"])
    delivery = Delivery(database, slack, SHANGHAI, clock)
    assert delivery.deliver_due() == {"dead": 1, "sent": 1}
    with database.read() as tx:
        assert tx.scalar(select(Outbox.problem).where(Outbox.key == "a")) == "user_not_found"


def test_ten_refusals_over_two_hours_are_the_end(database, clock):
    owe(database, "a")
    slack = FakeMessenger(clock, ["refuse"] * 99)
    deliver_until_quiet(Delivery(database, slack, SHANGHAI, clock), clock)
    assert slack.calls == MAX_ATTEMPTS
    assert states(database) == {"a": "dead"}
    # 15 + 30 + 60 + 120 + 240 + 480 + 960 + 1,920 + 3,600 s = 7,425 s between the ten of them
    assert sum((wait_after(n) for n in range(1, 10)), timedelta()) == timedelta(seconds=7_425)


def test_ten_attempts_that_never_arrived_end_dead_only_after_a_last_look(database, clock):
    owe(database, "a", "b")
    slack = FakeMessenger(clock, ["timeout"] * 99)
    deliver_until_quiet(Delivery(database, slack, SHANGHAI, clock), clock)
    assert slack.calls == 2 * MAX_ATTEMPTS
    assert states(database) == {"a": "dead", "b": "dead"}


def test_a_message_that_can_never_be_looked_for_stays_visibly_uncertain(database, clock):
    owe(database, "a")
    slack = FakeMessenger(clock, ["accepted, timeout"], blind=99)
    deliver_until_quiet(Delivery(database, slack, SHANGHAI, clock), clock)
    assert states(database) == {"a": "uncertain"}
    assert slack.sent_keys() == ["a"]


@pytest.mark.parametrize("fault", ["killed before", "accepted, killed"])
def test_a_sender_that_dies_loses_nothing_and_repeats_nothing(database, clock, fault):
    owe(database, "a", "b")
    slack = FakeMessenger(clock, [fault], lag=10)
    with pytest.raises(Killed):
        Delivery(database, slack, SHANGHAI, clock).deliver_due()
    assert states(database) == {"a": "sending", "b": "sending"}
    successor = Delivery(database, slack, SHANGHAI, clock)
    assert successor.deliver_due() == {}
    clock.advance(seconds=LEASE.total_seconds())
    assert successor.deliver_due() == {}
    clock.advance(seconds=LAST_WORD.total_seconds())
    assert successor.deliver_due() == {"sent": 2}
    assert sorted(slack.sent_keys()) == ["a", "b"]


def test_a_sender_that_slept_past_its_lease_starts_no_post(database, clock):
    owe(database, "a", "b")

    class Slow(FakeMessenger):
        def send(self, message):
            self.clock.advance(seconds=100)
            return super().send(message)

    slack = Slow(clock)
    delivery = Delivery(database, slack, SHANGHAI, clock)
    # "a" takes 100 s of the 120 s lease; 20 s are too few for "b", which is claimed anew.
    assert delivery.deliver_due() == {"sent": 2, "planned": 1}
    assert slack.sent_keys() == ["a", "b"]


@pytest.mark.parametrize("step", [LEASE, timedelta(days=1)])
def test_a_post_under_way_when_the_clock_steps_past_its_lease_is_not_repeated(
    database, clock, step
):
    owe(database, "a")
    slack = FakeMessenger(clock)
    successor = Delivery(database, slack, SHANGHAI, clock)

    class UnderWay(FakeMessenger):
        def send(self, message):
            clock.advance(seconds=step.total_seconds())
            assert successor.deliver_due() == {}
            return slack.send(message)

    assert Delivery(database, UnderWay(clock), SHANGHAI, clock).deliver_due() == {"lost": 1}
    clock.advance(seconds=LAST_WORD.total_seconds())
    assert successor.deliver_due() == {"sent": 1}
    assert slack.sent_keys() == ["a"]
    assert states(database) == {"a": "sent"}
