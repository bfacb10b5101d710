"""What was asked in a stretch of time, what came of it, and what people thought of the answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, case, cast, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from bank.database import Transaction
from bank.days import number
from bank.models import AnswerFeedback, Clause, Inbox, Outbox, PolicyVersion, Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its outcome (bank/questions).

    And how many found its answer good or bad in a stretch of time.
    """

    id: str
    at: datetime
    staff_id: str
    text: str
    lang: str
    status: str
    reason: str
    mode: str
    took_ms: int
    clause_ids: tuple[str, ...]
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why somebody found an answer bad."""

    question_id: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class HeldClause:
    """A clause in force: where it stands."""

    id: str
    policy: str
    title: str
    label: str
    heading: str


def asked_between(tx: Transaction, since: datetime, until: datetime) -> Iterator[Asked]:
    """Every question asked, or judged, at or after `since` and before `until`, in order.

    Verdicts are those of that time: one on an answer of the week before is nobody's otherwise.
    """
    verdicts = (
        select(
            AnswerFeedback.question_id,
            func.sum(case((AnswerFeedback.verdict == "up", 1), else_=0)).label("up"),
            func.sum(case((AnswerFeedback.verdict == "down", 1), else_=0)).label("down"),
        )
        .where(AnswerFeedback.at >= since, AnswerFeedback.at < until)
        .group_by(AnswerFeedback.question_id)
        .subquery()
    )
    asked = and_(Question.asked_at >= since, Question.asked_at < until)
    statement = (
        select(
            Question.id,
            Question.asked_at.label("at"),
            Question.staff_id,
            Question.text,
            Question.lang,
            Question.status,
            Question.reason,
            Question.mode,
            Question.took_ms,
            Question.clause_ids,
            func.coalesce(verdicts.c.up, 0).label("up"),
            func.coalesce(verdicts.c.down, 0).label("down"),
        )
        .outerjoin(verdicts, verdicts.c.question_id == Question.id)
        .where(or_(asked, verdicts.c.question_id.is_not(None)))
        .order_by(Question.asked_at, Question.id)
    )
    with tx.execute(statement, execution_options={"yield_per": _LOT}) as rows:
        for row in rows:
            yield _asked(row)


def complaints_between(tx: Transaction, since: datetime, until: datetime) -> tuple[Complaint, ...]:
    """Why answers were found bad in that time, where somebody said so, in the order they did."""
    statement = (
        select(AnswerFeedback.question_id, AnswerFeedback.reason, AnswerFeedback.note)
        .where(AnswerFeedback.at >= since, AnswerFeedback.at < until)
        .where(AnswerFeedback.verdict == "down", AnswerFeedback.reason != "")
        .order_by(AnswerFeedback.at, AnswerFeedback.question_id, AnswerFeedback.staff_id)
    )
    return tuple(Complaint(*row) for row in tx.execute(statement))


def outcomes_between(tx: Transaction, since: datetime, until: datetime) -> dict[str, int]:
    """How questions of that time ended: how many were asked, answered, closest, refused, conflict.

    And how many verdicts of that time found an answer good (up) or bad (down).
    """
    closest = Question.reason == "closest_only"
    ends = {
        "answered": Question.status == "answered",
        "conflict": Question.status == "conflict",
        "closest": (Question.status == "refused") & closest,
        "refused": (Question.status == "refused") & ~closest,
    }
    counted = [func.coalesce(func.sum(case((end, 1), else_=0)), 0) for end in ends.values()]
    within = (Question.asked_at >= since, Question.asked_at < until)
    row = tx.execute(select(func.count(), *counted).where(*within)).one()
    verdicts = tx.execute(
        select(AnswerFeedback.verdict, func.count().label("given"))
        .where(AnswerFeedback.at >= since, AnswerFeedback.at < until)
        .group_by(AnswerFeedback.verdict)
    ).all()
    found = {"asked": row[0]} | dict(zip(ends, row[1:], strict=True)) | {"up": 0, "down": 0}
    return found | {row.verdict: row.given for row in verdicts}


def cited_since(tx: Transaction, since: datetime) -> set[str]:
    """The ids of every clause that was shown as an answer or near one since a moment."""
    statement = select(Question.clause_ids).where(Question.asked_at >= since)
    with tx.execute(statement, execution_options={"yield_per": _LOT}) as rows:
        return {clause_id for (ids,) in rows for clause_id in ids}


def clauses_in_force(tx: Transaction, on: date) -> Iterator[HeldClause]:
    """Every clause in force on a day, by policy and position."""
    statement = (
        select(Clause.id, PolicyVersion.policy, PolicyVersion.title, Clause.label, Clause.heading)
        .join(PolicyVersion, PolicyVersion.id == Clause.version_id)
        .where(PolicyVersion.from_day <= number(on), PolicyVersion.to_day > number(on))
        .order_by(PolicyVersion.policy, Clause.position)
    )
    with tx.execute(statement, execution_options={"yield_per": _LOT}) as rows:
        for row in rows:
            yield HeldClause(*row)


def forget_words(tx: Transaction, before: datetime) -> int:
    """Remove the words of questions asked before a moment, wherever they were written down.

    Notes on their answers go too, and what came in from Slack and went out as answers. What came of
    the questions stays; how many there were.
    """
    old = Question.asked_at < before
    noted = AnswerFeedback.question_id.in_(select(Question.id).where(old))
    tx.execute(update(AnswerFeedback).where(noted, AnswerFeedback.note != "").values(note=""))
    tx.execute(
        update(Inbox)
        .where(Inbox.received_at < before, Inbox.state.in_(_DEALT_WITH), _full(Inbox.payload))
        .values(payload={})
    )
    tx.execute(
        update(Outbox)
        .where(Outbox.kind.in_(_WORDED), Outbox.due_at < before, _full(Outbox.payload))
        .where(Outbox.state.in_(_SETTLED))
        .values(payload={})
    )
    return tx.execute(update(Question).where(old, Question.text != "").values(text="")).rowcount


def _full(payload: InstrumentedAttribute[dict[str, object]]) -> ColumnElement[bool]:
    return cast(payload, String) != "{}"


_DEALT_WITH = ("done", "failed")
_WORDED = ("answer", "notice")
"""Messages that hold words; all others hold ids, and are worded as they leave."""
_SETTLED = ("sent", "dead", "cancelled")
_LOT = 2000


def _asked(row: Row[*tuple[Any, ...]]) -> Asked:
    told = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Asked(**told | {"clause_ids": tuple(told["clause_ids"])})
