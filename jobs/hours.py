"""When people may be disturbed, and when they work: local hours of the bank's business days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bank.calendar import Calendar

OPENS = time(8)
DIGEST = time(8, 30)
CLOSES = time(20)
WORK = (time(9), time(17))
"""When the bank works: what people are given so many working hours for is counted in these."""


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


def after_working(start: datetime, span: timedelta, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """The moment by which so much working time has passed since `start`.

    Raises CalendarError when that is beyond the days the calendar knows.
    """
    day = start.astimezone(zone).date()
    if not calendar.is_business(day):
        day = calendar.add_business_days(day, 1)
    while True:
        opens, closes = (moment(day, hour, zone) for hour in WORK)
        begins = max(start, opens)
        if begins + span <= closes and begins < closes:
            return begins + span
        span -= max(closes - begins, timedelta(0))
        day = calendar.add_business_days(day, 1)
