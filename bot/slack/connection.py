"""Reaching Slack: the Web API client, who we are there, and the Socket Mode line."""

import ipaddress
import logging
from collections.abc import Mapping
from contextlib import suppress
from socket import SHUT_RDWR
from urllib.parse import urlsplit

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import BotError
from bot.slack.guard import Identity

TIME_LIMIT = 10
"""Seconds a Web API call may take; the outbox's lease is more than twice this."""


class SlackRefusedError(BotError):
    """Slack cannot be reached, or does not take the token."""


def web_client(token: str, base_url: str) -> WebClient:
    """A client that never repeats a call by itself: a repeated post is a second message."""
    client = WebClient(
        token=token,
        base_url=base_url,
        timeout=TIME_LIMIT,
        retry_handlers=[],
        logger=_quiet("daybook.slack.web"),
    )
    if is_loopback(base_url):
        client.proxy = None
    return client


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def identify(client: WebClient) -> Identity:
    """Who we are by our token. Raises SlackRefusedError in one line."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = _code(error.response.data)
        raise SlackRefusedError(
            f"Slack does not take SLACK_BOT_TOKEN ({code}): copy it again from OAuth & Permissions"
        ) from error
    except OSError as error:
        raise SlackRefusedError(f"Slack cannot be reached at {client.base_url}: {error}") from error
    return Identity(str(answer["team_id"]), str(answer["user_id"]), str(answer.get("bot_id", "")))


def connect(app: App, app_token: str) -> SocketModeHandler:
    """Open the Socket Mode line; `hang_up` ends it. Raises SlackRefusedError."""
    handler = SocketModeHandler(app, app_token, logger=_quiet("daybook.slack.socket"))
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        code = _code(error.response.data)
        raise SlackRefusedError(
            f"Slack does not take SLACK_APP_TOKEN ({code}): make one with connections:write"
        ) from error
    return handler


def hang_up(line: SocketModeHandler) -> None:
    """End the line at once. What was under way on it, Slack sends again to another."""
    line.client.auto_reconnect_enabled = False
    session = line.client.current_session
    if session is not None and session.sock is not None:
        with suppress(OSError):  # wakes the reader, which would otherwise wait for three seconds
            session.sock.shutdown(SHUT_RDWR)
    # A reader just beginning undoes being told to end, and `close` would wait for it forever.
    reader = line.client.current_session_runner
    reader.event.set()
    while reader.is_alive():
        line.client.current_session_state.terminated = True
        reader.thread.join(0.05)
    line.client.closed = True
    line.client.message_queue.put(None)  # wakes the thread that waits for a message
    line.close()  # type: ignore[no-untyped-call]


def _code(data: object) -> str:
    return str(data.get("error")) if isinstance(data, Mapping) else "no answer"


def _quiet(name: str) -> logging.Logger:
    # Below this level the libraries log what people wrote.
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger
