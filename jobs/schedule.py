"""The clock: wakes planning and delivery every few seconds. What is due lives in our tables.

APScheduler only ticks, from memory and in UTC; any number of replicas may tick on one database.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bank.database import Database
from jobs.delivery import Delivery
from jobs.planning import plan_when_due
from jobs.targets import coach_when_due
from jobs.tickets import remind_when_due, review_when_due
from jobs.weekly import tell_week_when_due

TICK_SECONDS = 1


class Schedule:
    """Plans and delivers until it is stopped; `now` is asked anew at every tick.

    `delivery` is the process's only one: a pause that Slack asks for holds for all it sends.
    `chores` are looked at with every tick as well, and told the moment.
    """

    def __init__(
        self,
        db: Database,
        delivery: Delivery,
        zone: ZoneInfo,
        now: Callable[[], datetime],
        chores: Sequence[Callable[[datetime], object]] = (),
    ) -> None:
        self._clock = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        tick = IntervalTrigger(seconds=TICK_SECONDS)
        self._clock.add_job(lambda: plan_when_due(db, now(), zone, delivery.schemes), tick)
        self._clock.add_job(lambda: remind_when_due(db, now(), zone), tick)
        self._clock.add_job(lambda: review_when_due(db, now(), zone), tick)
        self._clock.add_job(lambda: tell_week_when_due(db, now(), zone), tick)
        self._clock.add_job(lambda: coach_when_due(db, now(), zone), tick)
        for chore in chores:
            self._clock.add_job(lambda chore=chore: chore(now()), tick)
        self._clock.add_job(delivery.deliver_due, tick)

    def start(self) -> None:
        """Begin to tick, on threads of its own."""
        self._clock.start()

    def stop(self) -> None:
        """Stop ticking, once the tick under way is done."""
        self._clock.shutdown(wait=True)
