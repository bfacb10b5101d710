"""What the bot's tests share."""

import pytest

from tests.bot.branch import found
from tests.bot.office import opened
from tests.bot.shell import Shell


@pytest.fixture
def office(filled, tmp_path):
    """The bot at work in a workspace, over a small bank."""
    with opened(filled("small bank", found), tmp_path) as at_work:
        yield at_work


@pytest.fixture
def shell(database_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    opened = Shell(database_url, tmp_path / "home")
    yield opened
    opened.database.close()
