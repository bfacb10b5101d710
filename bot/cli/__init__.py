"""The command line. What may be typed is in bot/cli/typed; what it does loads when it runs.

`daybook --help` must answer at once, while the rooms behind it take a second to load.
"""

import gc

from bot.cli.typed import app

__all__ = ["app", "main"]

COLLECTED_AFTER = 50_000
"""New objects between two looks for those that only refer to each other."""


def main() -> None:
    """Run the command that was typed."""
    # Loading the rooms makes a hundred thousand objects that stay; looking through them after
    # every seven hundred, as Python does by itself, takes a fifth of a short command's time.
    gc.set_threshold(COLLECTED_AFTER)
    app()
