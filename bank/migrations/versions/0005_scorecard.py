"""The scorecard: rollups, signed targets, the appraisal's steps, clients' statements."""

from collections.abc import Callable

revision = "0005"
down_revision = "0004"

STEPS: tuple[Callable[[], None], ...] = ()


def upgrade() -> None:
    """Each subject's step in turn."""
    for step in STEPS:
        step()
