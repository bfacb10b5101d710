"""Whether a message still holds at the moment it leaves, and what it then has to say."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bank.calendar import load_calendar
from bank.database import Transaction
from bank.outbox import OutboxItem
from bank.people import find_staff
from bank.warnings import find_warning
from jobs import cycle, hours, incidents, targets, tickets
from jobs.digest import digest_facts, due_items, item_facts
from scoring.versions import PRODUCTS_OWN, Schemes

Holds = Callable[[Transaction, OutboxItem, date], Mapping[str, object] | None]
ROOMS: tuple[tuple[frozenset[str], Holds], ...] = (
    (tickets.KINDS, tickets.still_holds),
    (incidents.KINDS, incidents.still_holds),
    (cycle.KINDS, cycle.still_holds),
    (targets.KINDS, targets.still_holds),
)
"""The modules that know whether their messages still hold, by the kinds of those."""


def still_holds(
    tx: Transaction,
    item: OutboxItem,
    now: datetime,
    zone: ZoneInfo,
    schemes: Schemes = PRODUCTS_OWN,
) -> Mapping[str, object] | None:
    """The message's facts as they are now; None when nothing of it is left to say.

    A digest is made anew, so that visits made, clients handed over and items put off since it
    was planned are gone; a digest of another day, or of a day that is over, says nothing. A
    warning holds while it is unanswered, of that severity and this manager's. Neither holds for
    somebody who has left. What is said to experts, of appraisals, of incidents and of targets
    holds as their own modules have it. Anything else, such as an answer, says what it said.
    """
    on = now.astimezone(zone).date()
    for kinds, holds in ROOMS:
        if item.kind in kinds:
            return holds(tx, item, on)
    if item.kind not in ("digest", "warning"):
        return item.payload
    if not find_staff(tx, item.recipient).active_on(on):
        return None
    return _digest(tx, item, now, zone, schemes) if item.kind == "digest" else _warning(tx, item)


def leaves_at(tx: Transaction, item: OutboxItem, now: datetime, zone: ZoneInfo) -> datetime:
    """`now`, or when what comes in quiet hours may go out. Answers never wait."""
    pushes = tickets.PUSHES | cycle.PUSHES | incidents.KINDS | targets.KINDS
    waits = item.kind == "warning" or item.kind in pushes
    return hours.next_open(now, zone, load_calendar(tx)) if waits else now


def _digest(
    tx: Transaction, item: OutboxItem, now: datetime, zone: ZoneInfo, schemes: Schemes
) -> Mapping[str, object] | None:
    today = now.astimezone(zone).date()
    if item.payload["date"] != today.isoformat() or hours.is_over(now, zone):
        return None
    items = due_items(tx, item.recipient, today, schemes.on(today).visits)
    return digest_facts(items, today) if items else None


def _warning(tx: Transaction, item: OutboxItem) -> Mapping[str, object] | None:
    warning = find_warning(tx, str(item.payload["warning_id"]))
    if warning is None or warning.state != "open":
        return None
    as_planned = (warning.manager_id, warning.severity) == (item.recipient, item.severity)
    return item_facts(warning) if as_planned else None
