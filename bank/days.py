"""Days as integers: the form they have in every table."""

from datetime import date

OPEN = date.max.toordinal()
"""The far end of an interval that has not ended."""


def number(day: date) -> int:
    """The day number of a date (days since 0001-01-01, which is 1)."""
    return day.toordinal()


def day_of(value: int) -> date:
    """The date of a day number."""
    return date.fromordinal(value)
