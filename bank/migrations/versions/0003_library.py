"""The library: places, links and changes of clauses, and policies of a branch alone."""

from bank.migrations.library import generations, glossary, policies, rankings

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add columns in place, then the tables that refer to them."""
    for step in (
        policies.add_columns,
        generations.add_columns,
        policies.create_links,
        policies.create_changes,
        glossary.create_entries,
        rankings.create_rankers,
        rankings.create_confirmed_answers,
    ):
        step()
