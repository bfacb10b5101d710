"""Experts' answers that a second person approves, tied to the words of the clauses they rest on.

proposed → approved | declined, or proposed anew by whoever edited it; approved → withdrawn by a
person, or lapsed when a clause of it changed or ended; either may be approved, or edited and
proposed, again. Only approved ones are ever served.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, true, update

from bank.audit import Deed, record_change, record_deed, record_lapse
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import VerifiedAnswer, VerifiedClause
from bank.policies import Passage, PolicyRecord, clauses_of, find_passages, policy_versions
from bank.rankings import NamedClause, digest, find_named
from bank.upsert import insert_new

APPROVABLE = ("proposed", "lapsed", "withdrawn")
WAITING = ("proposed",)
# Built once: it is asked with every question.
_STATE = select(
    func.count().filter(VerifiedAnswer.state == "approved"), func.max(VerifiedAnswer.changed_at)
)


@dataclass(frozen=True, slots=True)
class VerifiedRecord:
    """What an expert answered, and what became of it.

    `approver_id` is who was asked to approve it, and then whoever decided, on the bank's day
    `approved_on`; `turn` counts the
    changes of its state. `clauses` are never empty. `reason` says why it was declined or withdrawn.
    """

    id: str
    ticket_id: str
    question: str
    lang: str
    text: str
    author_id: str
    approver_id: str | None
    approved_on: date | None
    state: str
    turn: int
    proposed_at: datetime
    changed_at: datetime
    reason: str
    clauses: tuple[NamedClause, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """A clause as it is in force on some day: its name with its words' digest, and its pieces."""

    name: NamedClause
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class VerifiedState:
    """What there is to be served, cheap enough to ask with every question."""

    approved: int
    newest: datetime | None


def propose(tx: Transaction, record: VerifiedRecord, deed: Deed) -> bool:
    """Write a proposal down; False, and nothing written, when its ticket has one already."""
    row = asdict(record) | {"approved_day": None}
    del row["clauses"], row["approved_on"]
    if insert_new(tx, VerifiedAnswer, [row]) == 0:
        return False
    _write_clauses(tx, record)
    record_change(tx, deed, ("verified", record.id), ("", "proposed"), _content(record))
    return True


def verified_answers(tx: Transaction, states: Collection[str] = ()) -> tuple[VerifiedRecord, ...]:
    """Verified answers in some states (all, without), the newest change last.

    Those that have gone stale are in the state "lapsed".
    """
    return _records(tx, VerifiedAnswer.state.in_(states) if states else true())


def find_verified(tx: Transaction, verified_id: str) -> VerifiedRecord | None:
    """The verified answer of an id, or None."""
    found = _records(tx, VerifiedAnswer.id == verified_id)
    return found[0] if found else None


def verified_state(tx: Transaction) -> VerifiedState:
    """How many are approved, and when one of any state last changed."""
    count, newest = tx.execute(_STATE).one()
    return VerifiedState(int(count), newest)


def clauses_on(
    tx: Transaction, clauses: Sequence[NamedClause], admits: Callable[[PolicyRecord], bool]
) -> tuple[Passage, ...]:
    """The clauses an answer rests on, in order, in versions that are admitted.

    None at all unless every one of them stands, with the words it had, in such a version.
    """
    found = find_named(tx, clauses)
    passages = find_passages(tx, [piece for pieces in found.values() for piece in pieces])
    kept: list[Passage] = []
    for clause in clauses:
        pieces = [passages[piece] for piece in found.get(clause, ()) if piece in passages]
        admitted = [piece for piece in pieces if admits(piece.policy)]
        if not admitted:
            return ()
        kept += admitted
    return tuple(kept)


def present_clause(tx: Transaction, policy: str, clause: str, on: date) -> Present | None:
    """A policy's clause as in force on a day, by its number or as printed; None where none is."""
    version = next((v for v in policy_versions(tx, policy) if v.in_force(on)), None)
    if version is None:
        return None
    held = clauses_of(tx, version.id)
    wanted = clause.casefold()
    numbers = [one.number for one in held if wanted in (one.number, one.label.casefold())]
    if not numbers:
        return None
    pieces = [one for one in held if one.number == numbers[0]]
    name = NamedClause(policy, numbers[0], digest([one.text for one in pieces]))
    return Present(name, tuple(Passage(one, version) for one in pieces))


def change_verified(
    tx: Transaction, after: VerifiedRecord, before: VerifiedRecord, deed: Deed
) -> bool:
    """Put a verified answer, as it was read, into another state by somebody's deed.

    False, and nothing written, when it is not as it was read any more.
    """
    if not _change(tx, after, before):
        return False
    if after.clauses != before.clauses:
        tx.execute(delete(VerifiedClause).where(VerifiedClause.verified_id == after.id))
        _write_clauses(tx, after)
    if after.state == before.state:
        record_deed(tx, deed, f"verified:{after.id}", _content(after))
    else:
        states = (before.state, after.state)
        record_change(tx, deed, ("verified", after.id), states, _content(after))
    return True


def lapse(
    tx: Transaction, stale: Collection[VerifiedRecord], at: datetime
) -> tuple[VerifiedRecord, ...]:
    """Note of approved answers that a clause of each changed or ended; nobody's deed.

    Those that did lapse: of one that is not as it was read any more nothing is written.
    """
    gone = tuple(
        one for one in stale if _change(tx, replace(one, state="lapsed", changed_at=at), one)
    )
    # All of them first: whoever approves one of them now waits for the log's head (bank/audit).
    for one in gone:
        record_lapse(tx, "verified", one.id, at)
    return gone


def _content(record: VerifiedRecord) -> Mapping[str, Any]:
    """What the log fingerprints of it."""
    clauses = [[one.policy, one.number, one.digest] for one in record.clauses]
    return {
        "question": record.question,
        "text": record.text,
        "reason": record.reason,
        "clauses": clauses,
    }


def _change(tx: Transaction, after: VerifiedRecord, before: VerifiedRecord) -> bool:
    unchanged = and_(VerifiedAnswer.id == before.id, VerifiedAnswer.turn == before.turn)
    changed = (
        update(VerifiedAnswer)
        .where(unchanged)
        .values(
            question=after.question,
            text=after.text,
            author_id=after.author_id,
            approver_id=after.approver_id,
            approved_day=number(after.approved_on) if after.approved_on else None,
            state=after.state,
            turn=before.turn + 1,
            changed_at=after.changed_at,
            reason=after.reason,
        )
    )
    return tx.execute(changed).rowcount == 1


def _write_clauses(tx: Transaction, record: VerifiedRecord) -> None:
    rows = [
        {"verified_id": record.id, "position": position, **asdict(clause)}
        for position, clause in enumerate(record.clauses)
    ]
    tx.execute(insert(VerifiedClause), rows)


def _records(tx: Transaction, which: ColumnElement[bool]) -> tuple[VerifiedRecord, ...]:
    order = (VerifiedAnswer.changed_at, VerifiedAnswer.id)
    rows = [
        *tx.execute(
            select(*VerifiedAnswer.__table__.columns).where(which).order_by(*order)
        ).mappings()
    ]
    rested = _clauses(tx, which) if rows else {}
    return tuple(_record(row, rested[row["id"]]) for row in rows)


def _clauses(tx: Transaction, which: ColumnElement[bool]) -> dict[str, tuple[NamedClause, ...]]:
    found: dict[str, tuple[NamedClause, ...]] = {}
    rows = tx.execute(
        select(
            VerifiedClause.verified_id,
            VerifiedClause.policy,
            VerifiedClause.number,
            VerifiedClause.digest,
        )
        .join(VerifiedAnswer, VerifiedAnswer.id == VerifiedClause.verified_id)
        .where(which)
        .order_by(VerifiedClause.verified_id, VerifiedClause.position)
    )
    for verified, *named in rows:
        found[verified] = (*found.get(verified, ()), NamedClause(*named))
    return found


def _record(row: Mapping[str, Any], clauses: tuple[NamedClause, ...]) -> VerifiedRecord:
    held = dict(row)
    day = held.pop("approved_day")
    return VerifiedRecord(**held, approved_on=day_of(day) if day else None, clauses=clauses)
