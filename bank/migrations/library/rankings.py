"""Rankers, and questions whose answers were confirmed."""

from alembic import op

from bank.migrations.columns import flag_column, id_column, json_column, moment_column, text_column


def create_rankers() -> None:
    """What was learnt from the bank's questions."""
    op.create_table(
        "ranker",
        id_column("id", key=True),
        id_column("lang"),
        moment_column("made_at"),
        text_column("made_by"),
        id_column("reading"),
        json_column("metrics"),
        json_column("data"),
        flag_column("active"),
    )
    op.create_index("ix_ranker_lang", "ranker", ["lang", "made_at"])


def create_confirmed_answers() -> None:
    """Questions with the clauses that answer them."""
    op.create_table(
        "confirmed_answer",
        id_column("id", key=True),
        text_column("question"),
        id_column("lang"),
        id_column("policy"),
        id_column("number"),
        id_column("digest"),
        id_column("confirmed_by"),
        moment_column("confirmed_at"),
    )
