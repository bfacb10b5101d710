"""What compliance hears each Monday of last week's answers: counts, and where the rest is."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bank import outbox, schedule
from bank.answer_weeks import outcomes_between
from bank.calendar import load_calendar
from bank.database import Database, Transaction
from bank.people import holders
from bank.verified import verified_answers
from jobs import hours
from jobs.planned import Planned
from scoring.weeks import Week

KIND: Final = "answers_week"


def weekly_messages(tx: Transaction, now: datetime, zone: ZoneInfo) -> tuple[Planned, ...]:
    """What a moment calls for of the week before its own. Writes nothing.

    That is nothing before Monday's morning, once it was said, and of a week nobody asked or judged
    an answer in.
    """
    week = Week.of(now.astimezone(zone).date())
    moment = _moment(week, zone)
    if moment > now or schedule.fired(tx, KIND, moment):
        return ()
    counts = outcomes_between(tx, *bounds(week.before, zone))
    if not any(counts.values()):
        return ()
    lapsed = len(verified_answers(tx, ("lapsed",)))
    facts = counts | {"week": str(week.before), "lapsed": lapsed}
    return tuple(_told(tx, facts, now, zone))


def tell_week_when_due(db: Database, now: datetime, zone: ZoneInfo) -> int:
    """Owe the week's messages, on whichever replica; how many are new.

    A Monday missed is made good later that week.
    """
    moment = _moment(Week.of(now.astimezone(zone).date()), zone)
    with db.read() as tx:
        if moment > now or schedule.fired(tx, KIND, moment):
            return 0
        planned = weekly_messages(tx, now, zone)
    with db.write() as tx:
        return outbox.put(tx, planned) if schedule.fire(tx, KIND, moment, now) else 0


def _moment(week: Week, zone: ZoneInfo) -> datetime:
    return hours.moment(week.first, hours.OPENS, zone)


def bounds(week: Week, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A week's first moment and the one after its last, in UTC."""
    first, after = (
        datetime.combine(day, time(), zone).astimezone(UTC)
        for day in (week.first, week.first + timedelta(7))
    )
    return first, after


def _told(
    tx: Transaction, facts: dict[str, object], now: datetime, zone: ZoneInfo
) -> Iterator[Planned]:
    due_at = hours.next_open(now, zone, load_calendar(tx))
    for officer in holders(tx, "compliance", now.astimezone(zone).date()):
        yield Planned(
            key=f"{KIND}:{officer.id}:{facts['week']}",
            recipient=officer.id,
            kind=KIND,
            disclosure="staff",
            severity="blue",
            payload=facts,
            due_at=due_at,
            subject=str(facts["week"]),
        )
