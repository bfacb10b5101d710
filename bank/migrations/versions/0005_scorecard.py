"""The scorecard: rollups, signed targets, the appraisal's steps, clients' statements."""

from collections.abc import Callable

from bank.migrations.scorecard.cycle import (
    create_appraisal_entries,
    create_appraisals,
    create_consequences,
)
from bank.migrations.scorecard.health import create_statements
from bank.migrations.scorecard.outlook import index_one_managers_records
from bank.migrations.scorecard.risk import create_warning_terms, extend_incidents
from bank.migrations.scorecard.rollup import create_manager_days
from bank.migrations.scorecard.targets import create_target_proposals

revision = "0005"
down_revision = "0004"

STEPS: tuple[Callable[[], None], ...] = (
    create_appraisals,
    create_appraisal_entries,
    create_consequences,
    extend_incidents,
    create_warning_terms,
    create_manager_days,
    create_target_proposals,
    index_one_managers_records,
    create_statements,
)


def upgrade() -> None:
    """Each subject's step in turn."""
    for step in STEPS:
        step()
