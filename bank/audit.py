"""What people did: one row a deed, and one a change of state, written with the deed itself."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from bank.database import Transaction
from bank.models import Audit, StateEvent


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person does: who, which deed (bot/access), on which day of the bank's, and when."""

    actor_id: str
    name: str
    on: date
    at: datetime


def record_deed(tx: Transaction, deed: Deed, subject: str, content: Mapping[str, Any]) -> None:
    """Add a deed to the audit log: `subject` names the row, of `content` only a digest is kept.

    So the log can be read by people who may not see clients, and outlives what it is about.
    """
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    row = {
        "at": deed.at,
        "actor_id": deed.actor_id,
        "deed": deed.name,
        "subject": subject,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
    }
    tx.execute(insert(Audit).values(row))


def record_change(
    tx: Transaction, deed: Deed, subject: tuple[str, str], before: str, after: str
) -> None:
    """Write down that a thing, by its kind and id, went from one state ("" at first) to another."""
    kind, subject_id = subject
    row = {
        "id": uuid4().hex,
        "kind": kind,
        "subject_id": subject_id,
        "from_state": before,
        "to_state": after,
        "actor_id": deed.actor_id,
        "at": deed.at,
        "reason": "",
    }
    tx.execute(insert(StateEvent).values(row))
