"""What the bot's tests share."""

import logging
from logging.handlers import RotatingFileHandler

import pytest
import structlog

from tests.bot.branch import found
from tests.bot.expertise import ASKED, fill_in, hears
from tests.bot.office import eventually, opened
from tests.bot.shell import Shell


@pytest.fixture
def office(filled, tmp_path):
    """The bot at work in a workspace, over a small bank."""
    with opened(filled("small bank", found), tmp_path) as at_work:
        yield at_work


@pytest.fixture
def own_logging():
    """No log open yet, and logging as it was before afterwards: it is the whole process's."""
    root = logging.getLogger()
    level, settings = root.level, structlog.get_config()
    for left in [one for one in root.handlers if isinstance(one, RotatingFileHandler)]:
        root.removeHandler(left)  # another test's, of a command that ran in this process
        left.close()
    before = list(root.handlers)
    yield
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    structlog.configure(**settings)


@pytest.fixture
def shell(database_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    opened = Shell(database_url, tmp_path / "home")
    yield opened
    opened.database.close()


@pytest.fixture
def refused(office, tmp_path):
    """The refusal of a question M001 asked, its button not pressed yet."""
    office.take_in(tmp_path / "policies")
    office.say("UM001", ASKED)
    eventually(lambda: office.answers("UM001"))
    return office.answers("UM001")[0]


@pytest.fixture
def assigned(office, refused):
    """The ticket's message as its owner has it."""
    office.press("UM001", refused, "expert")
    fill_in(office, "UM001", note="支行检查组问到。")
    return hears(office, "UC001", "请教专家")
