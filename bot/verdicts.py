"""Verdicts on answers: whoever could read an answer may say whether it was any good."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bank.audit import Deed, record_deed
from bank.database import Database, Transaction
from bank.feedback import Verdict, give_verdict
from bank.models.feedback import COMPLAINTS, VERDICTS
from bank.people import Person
from bank.questions import QuestionRecord, find_question
from bot.access import NotYoursError, permit
from bot.clients import ClientGuard
from bot.errors import Refusal
from bot.text import visible
from bot.trail import is_shared

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Takes verdicts. `actor` is always the person of a verified envelope or of `--as`.

    What they write is read by others, so `clients` turns down what names one.
    """

    database: Database
    zone: ZoneInfo
    clients: ClientGuard

    def give(
        self,
        actor: Person,
        question_id: str,
        verdict: str,
        now: datetime,
        *,
        reason: str = "",
        note: str = "",
    ) -> QuestionRecord:
        """Record the actor's verdict on an answer, in place of their earlier one; the question.

        Raises NotYoursError alike for an answer that does not exist, and Refusal.
        """
        on = now.astimezone(self.zone).date()
        permit(actor, "feedback", on)
        words = visible(note).strip()
        if verdict not in VERDICTS or reason not in COMPLAINTS:
            raise NotYoursError(question_id)
        if len(words) > LONGEST_NOTE:
            raise Refusal("feedback.too_long", limit=LONGEST_NOTE)
        if reason == "other" and not words:
            raise Refusal("feedback.note_missing")
        self.clients.refuse_clients(words)
        with self.database.write() as tx:
            question = seen_question(tx, actor, question_id)
            given = Verdict(question_id, actor.id, verdict, reason, words, now)
            if give_verdict(tx, given):
                deed = Deed(actor.id, "feedback", on, now)
                content = {"verdict": verdict, "reason": reason, "note": words}
                record_deed(tx, deed, f"question:{question_id}", content)
        return question


def seen_question(tx: Transaction, actor: Person, question_id: str) -> QuestionRecord:
    """A question of the actor's, or one that was asked where others read along.

    Raises NotYoursError.
    """
    found = find_question(tx, question_id)
    if found is None or (found.staff_id != actor.id and not is_shared(found.conversation)):
        raise NotYoursError(question_id)
    return found
