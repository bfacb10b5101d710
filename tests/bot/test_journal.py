"""The operator's log: what went wrong and where, never what somebody wrote."""

import json
import logging

import pytest
import structlog
from slack_bolt import BoltRequest

from bot.journal import open_journal
from bot.slack.app import Listeners, build_app
from bot.slack.connection import web_client
from bot.slack.guard import Identity

SECRET = "客户星河灯塔贸易逾期了吗"


@pytest.fixture
def journal(tmp_path):
    """The log file; closed again, for logging is the whole process's."""
    root = logging.getLogger()
    before, level, settings = list(root.handlers), root.level, structlog.get_config()
    yield open_journal(tmp_path)
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    structlog.configure(**settings)


def refuse(_entry):
    raise ValueError(SECRET)


def event():
    said = {"type": "message", "channel_type": "im", "user": "UM001", "channel": "DM001",
            "ts": "1763343600.000100", "text": SECRET}  # fmt: skip
    return {"type": "event_callback", "team_id": "T0BANK", "event_id": "Ev1", "event": said}


def press():
    action = {"action_id": "done", "action_ts": "1.1", "value": SECRET, "type": "button"}
    return {"type": "block_actions", "user": {"id": "UM001"}, "actions": [action]}


@pytest.mark.parametrize("body", [event(), press()])
def test_what_could_not_be_taken_in_is_not_acknowledged_and_not_quoted(journal, body):
    us = Identity("T0BANK", "U0BOT", "B0BOT")
    listeners = Listeners(us, refuse, lambda _: {}, lambda _: {})
    app = build_app(web_client("xoxb-x", "http://127.0.0.1:9/api/"), listeners)

    answer = app.dispatch(BoltRequest(body=json.dumps(body), mode="socket_mode"))

    assert answer.status == 500
    written = journal.read_text(encoding="utf-8")
    assert '"error": "ValueError"' in written
    assert SECRET not in written
