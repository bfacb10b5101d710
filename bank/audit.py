"""What people did and what they were answered: one sealed row each, written with the deed itself.

Record a deed last in its transaction: on PostgreSQL the chain's head is locked from then on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from bank.chain import HOUSE, append
from bank.database import Transaction
from bank.models import StateEvent
from bank.seals import plain_digest

CLAUSE_DIGEST = 16
"""Characters of a shown clause's digest: enough to tell which words it had."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person does: who, which deed (bot/access), on which day of the bank's, and when."""

    actor_id: str
    name: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause that somebody was shown: where it stands, and the words it then had."""

    policy: str
    version: str
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """What somebody was answered, as of which day.

    `question` is fingerprinted, never kept. `status`, `reason`, `mode`, `model` and `fallback`
    are the answer's (knowledge/answer).
    """

    question_id: str
    at: datetime
    on: date
    staff_id: str
    question: str
    lang: str
    status: str
    reason: str
    mode: str
    took_ms: int
    clauses: tuple[ShownClause, ...] = ()
    model: str = ""
    fallback: str = ""


def record_deed(tx: Transaction, deed: Deed, subject: str, content: Mapping[str, Any]) -> None:
    """Add a deed to the audit log: `subject` names the row, of `content` only a digest is kept.

    So the log can be read by people who may not see clients, and outlives what it is about.
    Raises AuditKeyError, AuditBrokenError.
    """
    append(tx, deed.at, (deed.actor_id, deed.name, subject), content, {})


def record_answer(tx: Transaction, entry: AnswerEntry) -> None:
    """Add an answer to the audit log, in the transaction that writes its question down.

    Raises AuditKeyError, AuditBrokenError.
    """
    detail = {
        "on": entry.on.isoformat(),
        "lang": entry.lang,
        "status": entry.status,
        "reason": entry.reason,
        "mode": entry.mode,
        "model": entry.model,
        "fallback": entry.fallback,
        "took_ms": entry.took_ms,
        "clauses": [
            [shown.policy, shown.version, shown.clause, plain_digest(shown.words)[:CLAUSE_DIGEST]]
            for shown in entry.clauses
        ],
    }
    named = (entry.staff_id, "ask", f"question:{entry.question_id}")
    append(tx, entry.at, named, entry.question, detail)


def record_change(
    tx: Transaction,
    deed: Deed,
    subject: tuple[str, str],
    states: tuple[str, str],
    content: Mapping[str, Any],
) -> None:
    """Write down, in the audit log too, that a deed took a thing from one state to another.

    The thing is named by its kind and id; before it was there its state is "".
    Raises AuditKeyError, AuditBrokenError.
    """
    kind, subject_id = subject
    row = {
        "id": uuid4().hex,
        "kind": kind,
        "subject_id": subject_id,
        "from_state": states[0],
        "to_state": states[1],
        "actor_id": deed.actor_id,
        "at": deed.at,
        "reason": "",
    }
    tx.execute(insert(StateEvent).values(row))
    detail = dict(zip(("from", "to"), states, strict=True))
    append(tx, deed.at, (deed.actor_id, deed.name, f"{kind}:{subject_id}"), content, detail)


def record_lapse(tx: Transaction, kind: str, subject_id: str, at: datetime) -> None:
    """Add to the audit log that an approved thing lapsed: nobody's deed.

    Raises AuditKeyError, AuditBrokenError.
    """
    detail = {"from": "approved", "to": "lapsed"}
    append(tx, at, (HOUSE, "lapse", f"{kind}:{subject_id}"), {}, detail)
