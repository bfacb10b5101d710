"""What the bot does on Slack's surfaces besides posting messages that are owed."""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.replies.tree import Dialog, Reply
from bot.slack import blocks
from bot.slack.connection import TIME_LIMIT, SlackRefusedError, is_loopback
from bot.slack.messenger import PRIVATE, Place

OK: Final = 200

log = structlog.get_logger("daybook.slack.surface")


class Surface:
    """Slack's ephemeral messages, windows, Home tab and prompts."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def account(self, user: str) -> Mapping[str, Any]:
        """Slack's users.info of an account."""
        found: Mapping[str, Any] = self._client.users_info(user=user)["user"]
        return found

    def whisper(self, channel: str, user: str, text: str, thread: str | None = None) -> None:
        """Say something only one person sees."""
        self._client.chat_postEphemeral(
            channel=channel, user=user, text=blocks.escape(text), thread_ts=thread
        )

    def update(self, channel: str, ts: str, reply: Reply, marker: str) -> None:
        """Put a message in place of one of ours. Private matters only where one person reads."""
        if reply.disclosure in PRIVATE and not Place(channel).private:
            raise SlackRefusedError(f"a {reply.disclosure} message has no place here")
        self._client.chat_update(channel=channel, ts=ts, **blocks.message(reply, marker))

    def replace(self, response_url: str, reply: Reply) -> None:
        """Put a message in place of the ephemeral one whose button was pressed."""
        self._respond(response_url, {"replace_original": True, **blocks.message(reply)})

    def answer(self, response_url: str, text: str) -> None:
        """Say something only the person who pressed sees, even where we are no member."""
        hidden = {"response_type": "ephemeral", "replace_original": False}
        self._respond(response_url, hidden | {"text": blocks.escape(text)})

    def _respond(self, response_url: str, body: Mapping[str, Any]) -> None:
        client = WebhookClient(response_url, timeout=TIME_LIMIT, retry_handlers=[])
        if is_loopback(response_url):
            client.proxy = None
        answer = client.send_dict(dict(body))
        if answer.status_code != OK:
            raise SlackRefusedError(f"Slack refused a response: HTTP {answer.status_code}")

    def open(self, trigger: str, dialog: Dialog, *, over: bool = False) -> None:
        """Open a window; `over` one that is open already."""
        view = blocks.modal(dialog)
        if over:
            self._client.views_push(trigger_id=trigger, view=view)
        else:
            self._client.views_open(trigger_id=trigger, view=view)

    def redraw(self, view_id: str, dialog: Dialog) -> None:
        """Put something else into an open window."""
        self._client.views_update(view_id=view_id, view=blocks.modal(dialog))

    def home(self, user: str, reply: Reply) -> None:
        """Show somebody's Home tab."""
        self._client.views_publish(user_id=user, view=blocks.home(reply))

    def status(self, channel: str, root: str, text: str) -> None:
        """Show beneath a message what we are at; "" takes it away. Best effort: it is no answer."""
        try:
            self._client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=root, status=text
            )
        except (SlackApiError, OSError, HTTPException, ValueError) as error:
            log.info("no status", action="status", error=type(error).__name__)

    def prompts(self, channel: str, title: str, prompts: list[str]) -> None:
        """Suggest questions in somebody's conversation with us."""
        offered = [{"title": text, "message": text} for text in prompts]
        self._client.assistant_threads_setSuggestedPrompts(
            channel_id=channel, title=title, prompts=offered
        )
