"""Slack's limits on what we send (docs.slack.dev, Block Kit reference), and how we keep to them."""

from typing import Any, Final

Block = dict[str, Any]

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
HEADER: Final = 150
SECTION: Final = 3000
CONTEXT: Final = 3000
RICH_TEXT: Final = 3000
"""Not published for rich text; the section's limit is kept to."""
BUTTON: Final = 75
BUTTON_VALUE: Final = 2000
OPTION: Final = 75
OPTION_VALUE: Final = 150
PLACEHOLDER: Final = 150
LABEL: Final = 2000
VIEW_TITLE: Final = 24
CONTROLS: Final = 25
SUMMARY: Final = 3000
"""Slack takes 40,000 characters of text and cuts it beyond 4,000; it is only the summary here."""
CHOICES: Final = 10
LIST_OPTIONS: Final = 100
CHART_TITLE: Final = 50
CHART_LABEL: Final = 20
CHART_POINTS: Final = 20


def fit(blocks: list[Block], most: int, more: Block) -> list[Block]:
    """The blocks, or as many as there is room for with `more` to say that some are missing."""
    if len(blocks) <= most:
        return blocks
    return [*blocks[: most - 1], more]
