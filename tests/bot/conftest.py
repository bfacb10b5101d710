"""What the bot's tests share."""

import pytest

from tests.bot.office import opened


@pytest.fixture
def office(database, tmp_path):
    """The bot at work in a workspace, over a small bank."""
    with opened(database, tmp_path) as at_work:
        yield at_work
