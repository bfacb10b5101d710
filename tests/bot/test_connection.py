"""The Socket Mode line: however early it is hung up, it ends."""

import logging
from threading import Event

import pytest
from slack_bolt import App

from bot.slack.connection import connect, hang_up
from tests.workspace.desk import close_desk, open_desk


class Held(logging.Handler):
    """Holds up whoever says it begins to receive, as a busy machine would."""

    begins = "Starting to receive"

    def __init__(self) -> None:
        super().__init__()
        self.met = Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith(self.begins):
            self.met.set()
            Event().wait(0.5)


@pytest.fixture
def desk():
    opened = open_desk()
    yield opened
    close_desk(opened)


def test_a_line_hung_up_while_its_reader_begins_ends_all_the_same(desk):
    logger, held = logging.getLogger("daybook.slack.socket"), Held()
    logger.addHandler(held)
    app = App(client=desk.client(), token_verification_enabled=False)
    try:
        line = connect(app, desk.workspace.app_token)
        logger.setLevel(logging.INFO)
        held.met.wait(0.3)  # the reader looks for a session ten times a second
        hang_up(line)
    finally:
        logger.removeHandler(held)
        logger.setLevel(logging.ERROR)
    assert not line.client.current_session_runner.is_alive()
