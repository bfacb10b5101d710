"""The messages that incidents owe to people, each under its business key.

They hold ids; what they say is looked up as they leave (bot/owing).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bank.incidents import IncidentRecord
from bank.outbox import OutboxRow
from bank.people import Person

DISCLOSURE = "client"
"""What proves an incident may name a client: it goes to one person alone."""


def asks_to_confirm(
    record: IncidentRecord, officers: Sequence[Person], now: datetime
) -> list[OutboxRow]:
    """To a second risk officer: confirm or dismiss it. Nothing while there is none."""
    return _asks(record, officers, "confirm", now)


def asks_to_handle(
    record: IncidentRecord, officers: Sequence[Person], now: datetime
) -> list[OutboxRow]:
    """To somebody who had no part in it: decide on the manager's appeal."""
    return _asks(record, officers, "appeal", now)


def tells(record: IncidentRecord, whom: str, news: str, now: datetime) -> OutboxRow:
    """To somebody: what became of it (confirmed, dismissed), or of the appeal against it."""
    facts: Mapping[str, object] = {"incident": record.id, "news": news}
    severity = "orange" if whom == record.manager_id else "blue"
    key = f"incident:{record.id}:{news}:{whom}"
    return OutboxRow(key, whom, "incident_news", DISCLOSURE, severity, facts, now)


def _asks(
    record: IncidentRecord, officers: Sequence[Person], stage: str, now: datetime
) -> list[OutboxRow]:
    facts: Mapping[str, object] = {"incident": record.id, "stage": stage}
    key = f"incident:{record.id}:{stage}"
    return [
        OutboxRow(key, officer.id, "incident", DISCLOSURE, "orange", facts, now)
        for officer in officers[:1]
    ]
