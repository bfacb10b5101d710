"""What people thought of the answers they saw: one verdict a person and answer."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select

from bank.database import Transaction
from bank.models import AnswerFeedback
from bank.upsert import upsert


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's verdict ("up" or "down") on one answer, and why it was no good.

    `reason` is one of bank.models.feedback.COMPLAINTS, `note` a sentence of theirs or "".
    """

    question_id: str
    staff_id: str
    verdict: str
    reason: str
    note: str
    at: datetime


def give_verdict(tx: Transaction, given: Verdict) -> bool:
    """Write a verdict down, in place of the person's earlier one; False when it is the same.

    A bare "down" leaves the reason that was given before as it is.
    """
    before = find_verdict(tx, given.question_id, given.staff_id)
    if before and before.verdict == given.verdict and not (given.reason or given.note):
        return False
    if before and replace(given, at=before.at) == before:
        return False
    upsert(tx, AnswerFeedback, [asdict(given)], ["question_id", "staff_id"])
    return True


def find_verdict(tx: Transaction, question_id: str, staff_id: str) -> Verdict | None:
    """A person's verdict on an answer; None when they gave none."""
    row = tx.execute(
        select(
            AnswerFeedback.question_id,
            AnswerFeedback.staff_id,
            AnswerFeedback.verdict,
            AnswerFeedback.reason,
            AnswerFeedback.note,
            AnswerFeedback.at,
        ).where(AnswerFeedback.question_id == question_id, AnswerFeedback.staff_id == staff_id)
    ).first()
    return Verdict(*row) if row else None
