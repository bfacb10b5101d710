"""Appraisals as they stand, every step of theirs, and what people said about them.

A deed says which turn of the appraisal it saw: of two at once one is written and the other is
told so. Steps and entries are only ever added; the audit log has a sealed row for each.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, insert, select, true, update

from bank.audit import Deed
from bank.chain import append
from bank.database import Transaction
from bank.days import day_of, number
from bank.models import Appraisal, AppraisalEntry, AppraisalStep
from bank.seals import plain_digest
from bank.upsert import insert_new
from scoring.cycle import Kind, State, kind_of
from scoring.rounding import micro

MICRO = 1_000_000
"""Millionths in a point."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class AppraisalRecord:
    """A manager's appraisal for a period; `due_on` is the last day of its state's window.

    `result` is scoring.results.Result as JSON, None before the first.
    """

    id: str
    period: str
    manager_id: str
    kind: Kind
    scheme: str
    state: State
    turn: int
    entered_at: datetime
    entered_on: date
    due_on: date | None = None
    run_id: str | None = None
    result: Mapping[str, Any] | None = None
    result_hash: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said: points for reports, grades for the committee's moves, words for the rest.

    `turn` is 0 until it is written; `refers` is the turn of the query an answer is for.
    """

    kind: str
    actor_id: str
    at: datetime
    on: date
    text: str = ""
    points: Decimal = Decimal(0)
    before: str = ""
    after: str = ""
    refers: int | None = None
    due_on: date | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A change of state that happened."""

    from_state: str
    to_state: str
    action: str
    actor_id: str
    at: datetime
    reason: str
    payload_hash: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a deed makes of an appraisal, `after` being as `before` where nothing changes."""

    before: AppraisalRecord
    after: AppraisalRecord
    entry: Entry | None = None
    reason: str = ""


def appraisal_id(period: str, manager_id: str) -> str:
    """The id of a manager's appraisal for a period: there is one."""
    return plain_digest([period, manager_id])[:16]


def open_appraisals(
    tx: Transaction, period: str, managers: Sequence[str], scheme: str, deed: Deed
) -> tuple[AppraisalRecord, ...]:
    """Begin the appraisals of a period; those that were begun before stay as they are."""
    known = {one.manager_id for one in appraisals(tx, period=period)}
    new = tuple(
        AppraisalRecord(
            appraisal_id(period, manager),
            *(period, manager, kind_of(period), scheme, "open", 1, deed.at, deed.on),
        )
        for manager in sorted(set(managers) - known)
    )
    written = [one for one in new if insert_new(tx, Appraisal, [_row(one)])]
    for one in written:
        _step(tx, one, "", deed, "")
    for one in written:
        _seal(tx, one, "", deed, {"scheme": scheme})
    return tuple(written)


def change(tx: Transaction, changes: Sequence[Change], deed: Deed) -> tuple[AppraisalRecord, ...]:
    """Write what one deed makes of some appraisals; those that were as they were read.

    All of the rows come first: whoever changes one of them now waits for the log's head.
    Raises AuditKeyError, AuditBrokenError.
    """
    made = [one for one in sorted(changes, key=lambda each: each.before.id) if _taken(tx, one)]
    for one in made:
        if one.entry is not None:
            _write_entry(tx, one, one.entry)
        if one.after.state != one.before.state:
            _step(tx, one.after, one.before.state, deed, one.reason)
    for one in made:
        _seal(tx, one.after, one.before.state, deed, _content(one))
    return tuple(replace(one.after, turn=one.before.turn + 1) for one in made)


def find_appraisal(tx: Transaction, appraisal: str) -> AppraisalRecord | None:
    """The appraisal of an id, or None."""
    found = _records(tx, Appraisal.id == appraisal)
    return found[0] if found else None


def hold_appraisal(tx: Transaction, appraisal: str) -> AppraisalRecord | None:
    """The appraisal of an id, held until the transaction ends: others who change it wait."""
    row = select(Appraisal.id).where(Appraisal.id == appraisal).with_for_update()
    return find_appraisal(tx, appraisal) if tx.scalar(row) else None


def appraisals(
    tx: Transaction,
    *,
    period: str = "",
    states: Collection[str] = (),
    managers: Collection[str] | None = None,
) -> tuple[AppraisalRecord, ...]:
    """Appraisals of a period, in some states, of some managers (all, without), by manager."""
    wanted = and_(
        Appraisal.period == period if period else true(),
        Appraisal.state.in_(states) if states else true(),
        Appraisal.manager_id.in_(managers) if managers is not None else true(),
    )
    return _records(tx, wanted)


def steps(tx: Transaction, appraisal: str) -> tuple[Step, ...]:
    """Every change of an appraisal's state, in order."""
    columns = (
        *(AppraisalStep.from_state, AppraisalStep.to_state, AppraisalStep.action),
        *(AppraisalStep.actor_id, AppraisalStep.at, AppraisalStep.reason),
        AppraisalStep.payload_hash,
    )
    rows = tx.execute(select(*columns).where(AppraisalStep.appraisal_id == appraisal))
    found = {row.from_state: Step(*row) for row in rows}
    ordered, state = [], ""
    while state in found:
        ordered.append(found[state])
        state = found[state].to_state
    return tuple(ordered)


def entries(tx: Transaction, ids: Collection[str]) -> Mapping[str, tuple[Entry, ...]]:
    """What was said about some appraisals, in order; absent where nothing was."""
    found: dict[str, list[Entry]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        rows = tx.execute(
            select(*AppraisalEntry.__table__.columns)
            .where(AppraisalEntry.appraisal_id.in_(wanted[start : start + AT_ONCE]))
            .order_by(AppraisalEntry.appraisal_id, AppraisalEntry.turn)
        ).mappings()
        for row in rows:
            found.setdefault(row["appraisal_id"], []).append(_entry(dict(row)))
    return {appraisal: tuple(theirs) for appraisal, theirs in found.items()}


def newest(theirs: Sequence[Entry], kind: str) -> Entry | None:
    """The newest entry of a kind: the one that counts."""
    return next((one for one in reversed(theirs) if one.kind == kind), None)


def open_queries(theirs: Sequence[Entry]) -> tuple[Entry, ...]:
    """The queries that nobody has answered."""
    answered = {one.refers for one in theirs if one.kind == "answer"}
    return tuple(one for one in theirs if one.kind == "query" and one.turn not in answered)


def _taken(tx: Transaction, one: Change) -> bool:
    before, after = one.before, one.after
    unchanged = and_(
        Appraisal.id == before.id, Appraisal.state == before.state, Appraisal.turn == before.turn
    )
    values = _row(after) | {"turn": before.turn + 1}
    for fixed in ("id", "period", "manager_id", "kind"):
        del values[fixed]
    return tx.execute(update(Appraisal).where(unchanged).values(**values)).rowcount == 1


def _step(tx: Transaction, after: AppraisalRecord, before: str, deed: Deed, reason: str) -> None:
    payload = {
        "appraisal": after.id,
        "from": before,
        "to": after.state,
        "run": after.run_id,
        "result": after.result_hash,
        "due": after.due_on.isoformat() if after.due_on else None,
        "reason": reason,
    }
    row = {
        "appraisal_id": after.id,
        "from_state": before,
        "to_state": after.state,
        "action": deed.name,
        "actor_id": deed.actor_id,
        "at": deed.at,
        "reason": reason,
        "payload_hash": plain_digest(payload),
    }
    tx.execute(insert(AppraisalStep).values(row))


def _write_entry(tx: Transaction, one: Change, entry: Entry) -> None:
    row = {
        "appraisal_id": one.before.id,
        "turn": one.before.turn + 1,
        "kind": entry.kind,
        "actor_id": entry.actor_id,
        "at": entry.at,
        "day": number(entry.on),
        "points": int(entry.points * MICRO),
        "before": entry.before,
        "after": entry.after,
        "text": entry.text,
        "refers_id": entry.refers,
        "due_day": number(entry.due_on) if entry.due_on else None,
    }
    tx.execute(insert(AppraisalEntry).values(row))


def _seal(
    tx: Transaction, after: AppraisalRecord, before: str, deed: Deed, content: Mapping[str, Any]
) -> None:
    detail = {"from": before, "to": after.state} if before != after.state else {}
    named = (deed.actor_id, deed.name, f"appraisal:{after.id}")
    append(tx, deed.at, named, content, detail)


def _content(one: Change) -> Mapping[str, Any]:
    """What the log fingerprints of a deed."""
    said = one.entry
    return {
        "run": one.after.run_id,
        "result": one.after.result_hash,
        "reason": one.reason,
        "kind": said.kind if said else "",
        "text": said.text if said else "",
        "points": str(said.points) if said else "",
        "after": said.after if said else "",
    }


def _row(one: AppraisalRecord) -> dict[str, Any]:
    return {
        "id": one.id,
        "period": one.period,
        "manager_id": one.manager_id,
        "kind": one.kind,
        "scheme": one.scheme,
        "state": one.state,
        "turn": one.turn,
        "entered_at": one.entered_at,
        "entered_day": number(one.entered_on),
        "due_day": number(one.due_on) if one.due_on else None,
        "run_id": one.run_id,
        "result": dict(one.result) if one.result is not None else None,
        "result_hash": one.result_hash,
    }


def _records(tx: Transaction, which: ColumnElement[bool]) -> tuple[AppraisalRecord, ...]:
    rows = tx.execute(
        select(*Appraisal.__table__.columns)
        .where(which)
        .order_by(Appraisal.period, Appraisal.manager_id)
    ).mappings()
    return tuple(_record(dict(row)) for row in rows)


def _record(row: Mapping[str, Any]) -> AppraisalRecord:
    held = dict(row)
    entered, due = held.pop("entered_day"), held.pop("due_day")
    return AppraisalRecord(
        **held, entered_on=day_of(entered), due_on=day_of(due) if due is not None else None
    )


def _entry(row: Mapping[str, Any]) -> Entry:
    due = cast("int | None", row["due_day"])
    return Entry(
        row["kind"],
        row["actor_id"],
        row["at"],
        day_of(row["day"]),
        row["text"],
        micro(Decimal(row["points"]) / MICRO),
        row["before"],
        row["after"],
        row["refers_id"],
        None if due is None else day_of(due),
        row["turn"],
    )
