"""What the house does once a day for itself: old words go, and the audit log's end is noted."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bank import schedule
from bank.answer_weeks import forget_words
from bank.audit import Deed, record_deed
from bank.chain import HOUSE, Head, find_head
from bank.database import Database
from jobs import hours

NAME: Final = "keeping"

Note = Callable[[Head, datetime], None]
"""Writes the log's end down where the database's owner cannot reach it."""


def keep_when_due(db: Database, now: datetime, zone: ZoneInfo, days: int, note: Note) -> int:
    """Do a day's keeping once, on whichever replica; how many questions lost their words.

    They keep them for so many `days`, for ever with 0.
    """
    today = now.astimezone(zone).date()
    moment = hours.moment(today, time(), zone)
    with db.read() as tx:
        if schedule.fired(tx, NAME, moment):
            return 0
    with db.write() as tx:
        if not schedule.fire(tx, NAME, moment, now):
            return 0
        gone = forget_words(tx, now - timedelta(days)) if days else 0
        if gone:
            deed = Deed(HOUSE, "forget_words", today, now)
            record_deed(tx, deed, "question", {"questions": gone, "days": days})
        head = find_head(tx)
    if head:
        note(head, now)
    return gone
