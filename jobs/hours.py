"""When people may be disturbed: the local hours of the bank's business days."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bank.calendar import Calendar

OPENS = time(8)
DIGEST = time(8, 30)
CLOSES = time(20)


def moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local hour on a local day."""
    return datetime.combine(day, hour, zone).astimezone(UTC)


def is_over(now: datetime, zone: ZoneInfo) -> bool:
    """Whether the local day's hours are over: nothing of today is said any more."""
    return now.astimezone(zone).time() >= CLOSES


def next_open(now: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """`now` within the hours of a business day, otherwise the next such day's opening."""
    local = now.astimezone(zone)
    today = local.date()
    if calendar.is_business(today) and not is_over(now, zone):
        return max(now, moment(today, OPENS, zone))
    return moment(calendar.add_business_days(today, 1), OPENS, zone)
