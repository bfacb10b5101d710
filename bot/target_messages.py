"""The messages that targets owe to people, each under its business key.

They hold ids; what they say is looked up as they leave (bot/owing).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bank.outbox import OutboxRow
from bank.people import Person
from bank.targets import ProposalRecord

DISCLOSURE = "personal"


def asks_to_sign(
    record: ProposalRecord, signers: Sequence[Person], now: datetime
) -> list[OutboxRow]:
    """To everybody who may sign for the other side: the decomposition, and what can be done."""
    return [_row(record, one.id, "sign", now) for one in signers if one.id != record.proposed_by]


def asks_to_allow(
    record: ProposalRecord, officers: Sequence[Person], now: datetime
) -> list[OutboxRow]:
    """To an HR officer who did not propose it: more is given out than there is."""
    others = [one for one in officers if one.id != record.proposed_by]
    return [_row(record, one.id, "allow", now) for one in others[:1]]


def tells(record: ProposalRecord, whom: str, news: str, now: datetime) -> OutboxRow:
    """To whoever proposed it: it was signed, or declined."""
    return _row(record, whom, news, now)


def _row(record: ProposalRecord, whom: str, stage: str, now: datetime) -> OutboxRow:
    facts: Mapping[str, object] = {"proposal": record.id, "stage": stage}
    key = f"target:{record.id}:{stage}:{whom}"
    severity = "orange" if stage in ("sign", "allow") else "blue"
    return OutboxRow(key, whom, "target", DISCLOSURE, severity, facts, now)
