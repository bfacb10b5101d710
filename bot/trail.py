"""What is left of a question: its row, and the audit log's, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from bank.audit import AnswerEntry, ShownClause, record_answer
from bank.database import Transaction
from bank.questions import QuestionRecord, record_question, revise_question
from knowledge.answer import Answer

TERMINAL = "terminal"
"""Stands for the team in a conversation at the command line; "" is a question of none there."""


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as it was asked: when, as of which day, by whom, and where (bank/questions)."""

    id: str
    at: datetime
    on: date
    staff_id: str
    conversation: str
    text: str


def in_slack(conversation: str) -> bool:
    """Whether a conversation, team/channel/root, is one that Slack has."""
    team, _, place = conversation.partition("/")
    return bool(place) and team != TERMINAL


def is_shared(conversation: str) -> bool:
    """Whether others read along in a conversation: in all of Slack's but those of two, D…."""
    return in_slack(conversation) and not conversation.split("/")[1].startswith("D")


def write_down(tx: Transaction, posed: Posed, answer: Answer) -> None:
    """Record a question and what it was answered.

    Asked again under one id, because whoever worked on it died, a model may answer otherwise: the
    answer that is then shown takes the place of the first, and both are in the audit log.
    """
    shown = answer.citations or answer.nearest
    record = QuestionRecord(
        posed.id,
        posed.at,
        posed.staff_id,
        posed.conversation,
        posed.text,
        answer.lang,
        answer.status,
        tuple(citation.clause_id for citation in shown),
        answer.mode,
        answer.reason,
        answer.took_ms,
    )
    if not record_question(tx, record) and not revise_question(tx, record):
        return
    entry = AnswerEntry(
        posed.id,
        posed.at,
        posed.on,
        posed.staff_id,
        posed.text,
        answer.lang,
        answer.status,
        answer.reason,
        answer.mode,
        answer.took_ms,
        tuple(ShownClause(one.policy, one.version, one.clause, one.quote) for one in shown),
        answer.model,
        answer.fallback,
    )
    record_answer(tx, entry)
