"""The law of delivery as a random walk: senders come, fail and die; time passes; replicas meet.

At every moment no message stands twice. Once things calm down every message stands once, except
the dead, which never arrived, and those nobody could look for ten times, which say so.
"""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from bank import outbox
from bank.models import Outbox
from bank.outbox import MAX_ATTEMPTS, OutboxRow
from jobs.delivery import Delivery
from tests.fakes import Clock, FakeMessenger, Killed

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
FAULTS = [
    "", "refuse", "429", "500", "timeout", "accepted, timeout", "accepted, 500",
    "killed before", "accepted, killed", "broken", "accepted, broken",
]  # fmt: skip


class Deliveries(RuleBasedStateMachine):
    def __init__(self, database):
        super().__init__()
        self.database = database
        with database.write() as tx:
            tx.execute(delete(Outbox))
        self.clock = Clock(NOW)
        self.slack = FakeMessenger(self.clock, lag=10)
        self.owed = set()

    @rule(numbers=st.lists(st.integers(0, 5), min_size=1, max_size=4))
    def plan(self, numbers):
        rows = [
            OutboxRow(f"k{n}", "M001", "answer", "staff", "blue", {}, self.clock.now)
            for n in numbers
        ]
        with self.database.write() as tx:
            new = outbox.put(tx, rows)
        keys = {row.key for row in rows}
        assert new == len(keys - self.owed)
        self.owed |= keys

    @rule(faults=st.lists(st.sampled_from(FAULTS), max_size=6), blind=st.integers(0, 2))
    def deliver(self, faults, blind):
        self.slack.faults = iter(faults)
        self.slack.blind = blind
        self.one_turn()

    @rule(number=st.integers(0, 5), fault=st.sampled_from(FAULTS))
    def deliver_one(self, number, fault):
        self.slack.faults = iter([fault])
        self.slack.blind = 0
        with suppress(Killed):
            self.sender().deliver(f"k{number}")

    @rule(seconds=st.sampled_from([1, 5, 9, 15, 60, 120, 3_600]))
    def wait(self, seconds):
        self.clock.advance(seconds=seconds)

    @invariant()
    def nothing_stands_twice(self):
        keys = self.slack.sent_keys()
        assert len(keys) == len(set(keys))

    def teardown(self):
        self.slack.faults = iter(())
        self.slack.blind = 0
        for _ in range(MAX_ATTEMPTS + 2):
            self.clock.advance(hours=2)
            self.one_turn()
        with self.database.read() as tx:
            states = dict(tx.execute(select(Outbox.key, Outbox.state)).all())
        assert states.keys() == self.owed
        for key, state in states.items():
            stands = self.slack.sent_keys().count(key)
            assert stands in {"sent": [1], "dead": [0], "uncertain": [0, 1]}[state]

    def sender(self):
        return Delivery(self.database, self.slack, ZoneInfo("Asia/Shanghai"), self.clock)

    def one_turn(self):
        with suppress(Killed):
            self.sender().deliver_due()


def test_whatever_happens_each_message_stands_once(database):
    run_state_machine_as_test(
        lambda: Deliveries(database),
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
