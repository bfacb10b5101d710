"""Who asked what, what came of it, and which clauses answered."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, or_, select, update

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


_SELECTED = select(
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
)


def record_question(tx: Transaction, question: QuestionRecord) -> bool:
    """Write a question down; False when one of this id already is."""
    row = asdict(question) | {"clause_ids": list(question.clause_ids)}
    return insert_new(tx, Question, [row]) == 1


def revise_question(tx: Transaction, question: QuestionRecord) -> bool:
    """Put another outcome in place of a question's; False when it is the one it has."""
    row = asdict(question) | {"clause_ids": list(question.clause_ids)}
    outcome = {name: row[name] for name in ("lang", "status", "clause_ids", "mode", "reason")}
    held = find_question(tx, question.id)
    if held is not None and all(getattr(question, n) == getattr(held, n) for n in outcome):
        return False
    changed = outcome | {"took_ms": question.took_ms}
    tx.execute(update(Question).where(Question.id == question.id).values(changed))
    return True


def find_question(tx: Transaction, question_id: str) -> QuestionRecord | None:
    """The question of an id, or None."""
    row = tx.execute(_SELECTED.where(Question.id == question_id)).mappings().one_or_none()
    return _record(row) if row else None


def earlier_questions(
    tx: Transaction,
    staff_id: str,
    conversation: str,
    *,
    before: datetime,
    most: int,
    since: datetime | None = None,
    but: str = "",
) -> tuple[QuestionRecord, ...]:
    """What a person asked in a conversation before a moment, the newest few, oldest first.

    With `since`, what they asked from then on anywhere in its channel belongs to it too. Left out
    are the question of the id `but`, and those whose words are not kept any more.
    """
    here = Question.conversation == conversation
    if since is not None:
        channel = conversation.rpartition("/")[0]
        inside = Question.conversation.startswith(f"{channel}/", autoescape=True)
        here = or_(here, and_(inside, Question.asked_at >= since))
    rows = tx.execute(
        _SELECTED.where(
            Question.staff_id == staff_id,
            Question.asked_at <= before,
            Question.id != but,
            Question.text != "",
            here,
        )
        .order_by(Question.asked_at.desc(), Question.id)
        .limit(most)
    )
    return tuple(_record(row) for row in rows.mappings())[::-1]


def _record(row: RowMapping) -> QuestionRecord:
    found: dict[str, Any] = dict(row)
    return QuestionRecord(**found | {"clause_ids": tuple(found["clause_ids"])})
