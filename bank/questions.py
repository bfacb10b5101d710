"""Who asked what, what came of it, and which clauses answered."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bank.database import Transaction
from bank.models import Question
from bank.upsert import insert_new


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question and its outcome.

    `conversation` is team/channel/root of the thread, empty from the command line. `status`,
    `mode`, `reason` and `took_ms` are the answer's, `clause_ids` the clauses that were shown, in
    order. `text` is empty once it was kept as long as the bank keeps questions.
    """

    id: str
    asked_at: datetime
    staff_id: str
    conversation: str
    text: str
    lang: str
    status: str
    clause_ids: tuple[str, ...]
    mode: str = "extractive"
    reason: str = ""
    took_ms: int = 0


def record_question(tx: Transaction, question: QuestionRecord) -> bool:
    """Write a question down; False when one of this id already is."""
    row = asdict(question) | {"clause_ids": list(question.clause_ids)}
    return insert_new(tx, Question, [row]) == 1


def find_question(tx: Transaction, question_id: str) -> QuestionRecord | None:
    """The question of an id, or None."""
    row = tx.execute(
        select(
            Question.id,
            Question.asked_at,
            Question.staff_id,
            Question.conversation,
            Question.text,
            Question.lang,
            Question.status,
            Question.clause_ids,
            Question.mode,
            Question.reason,
            Question.took_ms,
        ).where(Question.id == question_id)
    ).one_or_none()
    if row is None:
        return None
    found: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return QuestionRecord(**found | {"clause_ids": tuple(found["clause_ids"])})
