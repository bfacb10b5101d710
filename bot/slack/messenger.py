"""Posting to Slack: once, marked so that it can be found again, and only where it may be seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from socket import gaierror
from typing import Any, Final
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from jobs.messenger import Message, Sent, TransportError

PRIVATE: Final = frozenset({"personal", "client"})
EVENT_TYPE: Final = "daybook"
SKEW: Final = timedelta(minutes=2)
"""How much earlier than the first attempt a message is looked for: clocks differ."""
PAGE: Final = 100
TOO_MANY: Final = 429
SERVER_ERROR: Final = 500
NOBODY_KNOWS: Final = frozenset({"internal_error", "fatal_error", "request_timeout"})
NEVER_ARRIVED: Final = (ConnectionRefusedError, gaierror)
LATER: Final = frozenset(
    {"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org"}
)
OURS_TO_MEND: Final = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
"""The token is refused, not the message: owed until an operator has put it right."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a conversation, and in it a thread or none."""

    channel: str
    thread: str | None = None

    @property
    def private(self) -> bool:
        """Whether only one person and the bot are there."""
        return self.channel.startswith("D")


class SlackMessenger:
    """jobs.messenger.Messenger over the Web API.

    `slack_user` gives a staff id's Slack account; `draw` a message's `text` and `blocks`.
    Personal and client messages leave for one-to-one conversations only, whoever asks.
    A message whose place Slack refuses for good may say what to tell whom `instead`: the same,
    where there is no other text.
    """

    def __init__(
        self,
        client: WebClient,
        slack_user: Callable[[str], str | None],
        draw: Callable[[Message], Mapping[str, Any]],
    ) -> None:
        self._client = client
        self._slack_user = slack_user
        self._draw = draw
        self._conversations: dict[str, str] = {}

    def send(self, message: Message) -> Sent:
        """Post a message once."""
        place = self._place(message)
        if message.disclosure in PRIVATE and not place.private:
            raise TransportError(
                f"a {message.disclosure} message has no place here", permanent=True
            )
        try:
            return self._post(place, message, self._draw(message))
        except TransportError as error:
            instead = _instead(message)
            if instead is None or not error.permanent:
                raise
            content = {"text": instead["text"]} if "text" in instead else self._draw(message)
            return self._post(Place(instead["user"]), message, content)

    def find(self, message: Message, since: datetime) -> Sent | None:
        """Look for a message in its conversation by its marker."""
        place, instead = self._place(message), _instead(message)
        oldest = f"{(since - SKEW).timestamp():.6f}"
        try:
            found = self._look(place, message.marker, oldest)
        except TransportError as error:
            if instead is None or not error.permanent:
                raise
            found = None
        if found is None and instead is not None:
            return self._look(Place(self._opened(instead["user"])), message.marker, oldest)
        return found

    def _post(self, place: Place, message: Message, content: Mapping[str, Any]) -> Sent:
        posted = _asked(
            lambda: self._client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"marker": message.marker}},
                **content,
            )
        )
        return Sent(str(posted["channel"]), str(posted["ts"]))

    def _look(self, place: Place, marker: str, oldest: str) -> Sent | None:
        cursor = None
        while True:
            page = _asked(lambda: self._page(place, oldest, cursor))  # noqa: B023 - called at once
            for post in page.get("messages") or []:
                if _marker(post) == marker:
                    return Sent(place.channel, str(post["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

    def _page(self, place: Place, oldest: str, cursor: str | None) -> Any:  # noqa: ANN401
        asked: dict[str, Any] = {
            "channel": place.channel,
            "oldest": oldest,
            "limit": PAGE,
            "include_all_metadata": True,
            "cursor": cursor,
        }
        if place.thread:
            return self._client.conversations_replies(ts=place.thread, **asked)
        return self._client.conversations_history(**asked)

    def _place(self, message: Message) -> Place:
        named = message.payload.get("place")
        if isinstance(named, Mapping):
            return Place(str(named["channel"]), named.get("thread"))
        return Place(self._conversation_with(message.recipient))

    def _conversation_with(self, staff_id: str) -> str:
        user = self._slack_user(staff_id)
        if user is None:
            raise TransportError(f"{staff_id} has no Slack account bound", permanent=True)
        return self._opened(user)

    def _opened(self, user: str) -> str:
        if user not in self._conversations:
            opened = _asked(lambda: self._client.conversations_open(users=[user]), harmless=True)
            self._conversations[user] = str(opened["channel"]["id"])
        return self._conversations[user]


def _instead(message: Message) -> Mapping[str, str] | None:
    given = message.payload.get("instead")
    return given if isinstance(given, Mapping) else None


def _marker(post: Mapping[str, Any]) -> str:
    """The marker a message was posted with, from its metadata or its first block."""
    payload = (post.get("metadata") or {}).get("event_payload") or {}
    blocks = post.get("blocks") or [{}]
    return str(payload.get("marker") or blocks[0].get("block_id") or "")


def _asked(call: Callable[[], Any], *, harmless: bool = False) -> Any:  # noqa: ANN401 - Slack's own
    """A Web API answer. `harmless`: asking twice does no harm, so nothing is ever unknown."""
    try:
        return call()
    except SlackApiError as error:
        raise _refused(error, harmless=harmless) from error
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        unsent = isinstance(reason, NEVER_ARRIVED) or harmless
        raise TransportError(f"Slack: {type(reason).__name__}", unknown=not unsent) from error


def _refused(error: SlackApiError, *, harmless: bool) -> TransportError:
    response = error.response
    status = getattr(response, "status_code", 0)
    answered = response.data if isinstance(getattr(response, "data", None), dict) else {}
    code = str(answered.get("error") or "")
    if status == TOO_MANY or code in LATER:
        wait = {name.lower(): value for name, value in (response.headers or {}).items()}
        return TransportError(f"Slack: {code}", retry_after=float(wait.get("retry-after") or 1))
    if not code or " " in code:  # not Slack's answer, but a page of something in between
        return TransportError(f"Slack: HTTP {status}", unknown=not harmless)
    if code in OURS_TO_MEND:
        return TransportError(f"Slack: {code}")
    if status >= SERVER_ERROR or code in NOBODY_KNOWS:
        return TransportError(f"Slack: {code}", unknown=not harmless)
    return TransportError(f"Slack: {code}", permanent=True)
