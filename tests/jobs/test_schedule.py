"""The clock's own thread, once: everything else is tested without it."""

from datetime import UTC, datetime
from threading import Event
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bank.models import Outbox
from jobs.delivery import Delivery
from jobs.schedule import Schedule
from tests.fakes import Clock, FakeMessenger
from tests.jobs.branch import Branch

ZONE = ZoneInfo("Asia/Shanghai")


class Listening(FakeMessenger):
    """Says when a message has arrived."""

    def __init__(self, clock):
        super().__init__(clock)
        self.arrived = Event()

    def send(self, message):
        sent = super().send(message)
        self.arrived.set()
        return sent


def test_stepping_the_clock_to_the_next_morning_brings_one_digest(database):
    branch = Branch(database).staff("M001").overdue("C1", "M001", 3)
    clock = Clock(datetime(2026, 11, 17, 12, 0, tzinfo=UTC))
    branch.imported(clock.now)
    slack = Listening(clock)
    schedules = [
        Schedule(database, Delivery(database, slack, ZONE, clock), ZONE, clock) for _ in range(2)
    ]
    for schedule in schedules:
        schedule.start()
    assert not slack.arrived.wait(timeout=0.5)
    clock.now = datetime(2026, 11, 18, 0, 30, tzinfo=UTC)
    assert slack.arrived.wait(timeout=30)
    for schedule in schedules:
        schedule.stop()
    assert slack.sent_keys() == ["digest:M001:2026-11-18"]
    with database.read() as tx:
        assert tx.scalars(select(Outbox.state)).all() == ["sent"]
