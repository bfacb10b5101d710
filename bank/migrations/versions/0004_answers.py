"""Answers: tickets and verified answers, feedback, the audit chain, a model's use, guards."""

from collections.abc import Callable

from bank.migrations.answers.audit import chain_audit
from bank.migrations.answers.experts import (
    create_tickets,
    create_verified_answers,
    widen_state_events,
)
from bank.migrations.answers.feedback import add_outcomes, create_feedback
from bank.migrations.answers.guards import create_guards
from bank.migrations.answers.usage import create_model_usage

revision = "0004"
down_revision = "0003"

STEPS: tuple[Callable[[], None], ...] = (
    create_model_usage,
    widen_state_events,
    create_tickets,
    create_verified_answers,
    chain_audit,
    add_outcomes,
    create_feedback,
    create_guards,
)


def upgrade() -> None:
    """Each subject's step in turn."""
    for step in STEPS:
        step()
