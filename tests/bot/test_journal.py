"""The operator's log: what went wrong and where, never what somebody wrote."""

import json
import logging

import pytest
import structlog
from slack_bolt import BoltRequest
from sqlalchemy import exc, insert

from bank.models import Client
from bot.journal import open_journal
from bot.slack.app import Listeners, build_app
from bot.slack.connection import web_client
from bot.slack.guard import Identity

SECRET = "客户星河灯塔贸易逾期了吗"


@pytest.fixture
def journal(own_logging, tmp_path):
    """The log file."""
    return open_journal(tmp_path)


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


CANARIES = ("13800138000", "6222021234567890128", "11010519491231002X", "xoxb-1111-2222-abcDEF")


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("name", ["daybook.worker", "knowledge.engine", "slack_bolt.App"])
def test_a_number_in_any_line_is_left_out(journal, name, canary):
    logging.getLogger(name).error("客户%s的记录 %s", canary, {"card": [canary]})

    written = journal.read_text(encoding="utf-8")
    assert canary not in written
    assert name in written


def test_a_number_given_as_a_value_is_left_out_and_others_stay(journal):
    log = structlog.get_logger("daybook.worker")

    log.error("entry failed", action="work", account=6222021234567890128, tries=3, seconds=0.25)

    told = json.loads(journal.read_text(encoding="utf-8"))
    assert told["account"] == "[CARD]"
    assert (told["tries"], told["seconds"], told["action"]) == (3, 0.25, "work")


@pytest.mark.parametrize(
    ("line", "values", "kept"),
    [
        ("Unhandled request ({'text': '星河灯塔贸易'})", (), "Unhandled request"),
        ("Failed to send %s: %s", ("星河灯塔贸易", SECRET), "Failed to send"),
        (f"Ignored {SECRET}", (), "Ignored"),
        ("Too many retries", (), "Too many retries"),
    ],
)
def test_of_a_librarys_line_only_its_own_words_are_kept(journal, line, values, kept):
    logging.getLogger("slack_sdk.web").warning(line, *values)

    told = json.loads(journal.read_text(encoding="utf-8"))
    assert told["event"] == kept
    assert told["from"].startswith("test_journal.py:")
    assert told["level"] == "warning"


def test_control_characters_do_not_reach_the_log(journal):
    structlog.get_logger("daybook.worker").warning("a\u202eb\x1b[31mc")

    assert json.loads(journal.read_text(encoding="utf-8"))["event"] == "ab[31mc"


def test_an_error_of_the_database_is_logged_without_the_row(journal, database):
    try:
        with database.write() as tx:
            tx.execute(insert(Client), [{"id": "K000001", "name": SECRET}])
    except exc.IntegrityError:
        logging.getLogger("bank").exception("not written")

    written = journal.read_text(encoding="utf-8")
    assert '"error": "IntegrityError"' in written
    assert SECRET not in written


def test_what_slacks_library_says_with_our_logger_is_cut_all_the_same(journal):
    client = web_client("xoxb-x", "http://127.0.0.1:9/api/")

    with pytest.raises(OSError):
        client.chat_postMessage(channel="D1", text=SECRET)
    told = json.loads(journal.read_text(encoding="utf-8"))

    assert told["logger"] == "daybook.slack.web"
    assert told["event"] == "Failed to send a request to Slack API server"
    assert told["from"].startswith("base_client.py:")
