"""The present, read here and nowhere else for the command line."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def day(on: datetime | None, zone: ZoneInfo) -> date:
    """The day asked for, or the bank's today."""
    return on.date() if on else now().astimezone(zone).date()
