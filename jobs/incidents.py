"""Incidents: whether what is owed about one still holds as it leaves."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bank.database import Transaction
from bank.errors import UnknownStaffError
from bank.incidents import IncidentRecord, appeal_against, find_incident
from bank.outbox import OutboxItem
from bank.people import find_staff

KINDS: Final = frozenset({"incident", "incident_news"})
"""What asks somebody to decide, and what tells what came of it. All keep to people's hours."""


def still_holds(tx: Transaction, item: OutboxItem, on: date) -> Mapping[str, object] | None:
    """The facts of such a message as it leaves; None when nothing of it is left to say.

    What asks holds until it is decided on; what tells holds while its reader works here.
    """
    try:
        here = find_staff(tx, item.recipient).active_on(on)
    except UnknownStaffError:
        return None
    incident = find_incident(tx, str(item.payload["incident"]))
    if incident is None or not here:
        return None
    if item.kind == "incident" and not _waits(tx, incident, str(item.payload["stage"])):
        return None
    return item.payload


def _waits(tx: Transaction, incident: IncidentRecord, stage: str) -> bool:
    if stage == "confirm":
        return incident.state == "reported"
    appeal = appeal_against(tx, incident)
    return appeal is not None and appeal.state == "open"
