"""Whether a message still holds at the moment it leaves, and what it then has to say."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bank.calendar import load_calendar
from bank.database import Transaction
from bank.outbox import OutboxItem
from bank.people import find_staff
from bank.warnings import find_warning
from jobs import cycle, hours, incidents, tickets
from jobs.digest import digest_facts, due_items, item_facts
from scoring.scheme import default_scheme


def still_holds(
    tx: Transaction, item: OutboxItem, now: datetime, zone: ZoneInfo
) -> Mapping[str, object] | None:
    """The message's facts as they are now; None when nothing of it is left to say.

    A digest is made anew, so that visits made, clients handed over and items put off since it
    was planned are gone; a digest of another day, or of a day that is over, says nothing. A
    warning holds while it is unanswered, of that severity and this manager's. Neither holds for
    somebody who has left. What is said to experts holds as jobs/tickets has it, what is said of
    appraisals as jobs/cycle does, of incidents as jobs/incidents. Anything else, such as an answer,
    says what it said.
    """
    on = now.astimezone(zone).date()
    if item.kind in tickets.KINDS:
        return tickets.still_holds(tx, item, on)
    if item.kind in incidents.KINDS:
        return incidents.still_holds(tx, item, on)
    if item.kind in cycle.KINDS:
        return cycle.still_holds(tx, item, on)
    if item.kind not in ("digest", "warning"):
        return item.payload
    if not find_staff(tx, item.recipient).active_on(on):
        return None
    return _digest(tx, item, now, zone) if item.kind == "digest" else _warning(tx, item)


def leaves_at(tx: Transaction, item: OutboxItem, now: datetime, zone: ZoneInfo) -> datetime:
    """`now`, or when what comes in quiet hours may go out. Answers never wait."""
    waits = item.kind == "warning" or item.kind in tickets.PUSHES | cycle.PUSHES | incidents.KINDS
    return hours.next_open(now, zone, load_calendar(tx)) if waits else now


def _digest(
    tx: Transaction, item: OutboxItem, now: datetime, zone: ZoneInfo
) -> Mapping[str, object] | None:
    today = now.astimezone(zone).date()
    if item.payload["date"] != today.isoformat() or hours.is_over(now, zone):
        return None
    items = due_items(tx, item.recipient, today, default_scheme().visits)
    return digest_facts(items, today) if items else None


def _warning(tx: Transaction, item: OutboxItem) -> Mapping[str, object] | None:
    warning = find_warning(tx, str(item.payload["warning_id"]))
    if warning is None or warning.state != "open":
        return None
    as_planned = (warning.manager_id, warning.severity) == (item.recipient, item.severity)
    return item_facts(warning) if as_planned else None
