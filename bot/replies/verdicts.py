"""Asking what people thought of an answer, and why it was no good."""

from dataclasses import replace

from bank.models.feedback import COMPLAINTS
from bot.replies.answers import expert_button
from bot.replies.tree import Actions, ChoiceField, Dialog, Reply, TextField, Thumbs, paragraph
from bot.wording import say

REASONS = tuple(reason for reason in COMPLAINTS if reason)


def with_thumbs(reply: Reply, question_id: str, lang: str) -> Reply:
    """An answer with the two buttons beneath it."""
    thumbs = Thumbs(
        "feedback",
        (f"up|{question_id}", say(lang, "feedback.up")),
        (f"down|{question_id}", say(lang, "feedback.down")),
    )
    return replace(reply, nodes=(*reply.nodes, thumbs))


def complaint_form(keeps: dict[str, str], lang: str, longest: int, *, may_ask: bool) -> Dialog:
    """The form that asks why an answer was no good; the verdict itself is taken already.

    Whoever asked `may_ask` an expert instead: they have no answer yet.
    """
    ask = (Actions((expert_button(lang, keeps["question"]),)),) if may_ask else ()
    reasons = tuple((reason, say(lang, f"feedback.because.{reason}")) for reason in REASONS)
    return Dialog(
        say(lang, "feedback.form"),
        say(lang, "dialog.close"),
        (paragraph(say(lang, "feedback.taken")), *ask),
        (
            ChoiceField("reason", say(lang, "feedback.reason"), reasons),
            TextField(
                "note",
                say(lang, "feedback.note"),
                say(lang, "feedback.note_hint"),
                longest,
                optional=True,
            ),
        ),
        "feedback",
        say(lang, "feedback.send"),
        keeps,
    )
