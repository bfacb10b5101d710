"""The command line. What may be typed is in bot/cli/typed; what it does loads when it runs.

`daybook --help` must answer at once, while the rooms behind it take a second to load.
"""

from bot.cli.typed import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command that was typed."""
    app()
