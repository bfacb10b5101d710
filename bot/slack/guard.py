"""What Slack sends, read once at the door: what is taken in, under which key, and what is not.

Only ids and the words typed are kept of an envelope. Keys are unique in the database, so a
redelivery, or the second event of one mention, is recorded once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in Slack: the workspace we serve, and our own user and bot ids."""

    team: str
    user: str
    bot: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One envelope as it is recorded in the inbox."""

    key: str
    kind: str
    payload: dict[str, object]


SPOKEN = (None, "file_share", "thread_broadcast")
"""Subtypes of a message somebody wrote: plain, with a file, or from a thread to the channel too."""


def event_entry(body: Body, us: Identity) -> Entry | None:
    """The entry of an Events API envelope; None when it is not for us to act on."""
    event = body.get("event") or {}
    if body.get("team_id") != us.team or not isinstance(event, Mapping):
        return None
    if event.get("type") == "app_home_opened":
        return _home_entry(body, event)
    if _is_question(event, us):
        return _question_entry(body, event, us)
    return None


def _is_question(event: Body, us: Identity) -> bool:
    spoken = event.get("type") == "app_mention" or (
        event.get("type") == "message" and event.get("channel_type") == "im"
    )
    plain = event.get("subtype") in SPOKEN and not event.get("bot_id") and not event.get("edited")
    return bool(spoken and plain and event.get("user") and event["user"] != us.user)


def _question_entry(body: Body, event: Body, us: Identity) -> Entry:
    channel, ts = str(event["channel"]), str(event["ts"])
    return Entry(
        f"message:{us.team}/{channel}/{ts}",
        "question",
        {
            "user": event["user"],
            "home_team": event.get("user_team") or us.team,
            "channel": channel,
            "ts": ts,
            "thread": event.get("thread_ts"),
            "text": event.get("text") or "",
            "direct": event.get("channel_type") == "im" or channel.startswith("D"),
            "external": bool(body.get("is_ext_shared_channel")),
        },
    )


def _home_entry(body: Body, event: Body) -> Entry:
    kind = "home" if event.get("tab") == "home" else "prompts"
    payload = {"user": event.get("user"), "channel": event.get("channel")}
    return Entry(f"event:{body.get('event_id')}", kind, payload)


def press_entry(body: Body, us: Identity) -> Entry | None:
    """The entry of a block_actions payload: one press of a button or choice of a menu."""
    person = body["user"]
    if person.get("team_id", us.team) != us.team:
        return None
    action = body["actions"][0]
    container = body.get("container") or {}
    view = body.get("view") or {}
    blocks = (body.get("message") or {}).get("blocks") or [{}]
    pressed = f"{person['id']}/{action['action_ts']}/{action['action_id']}"
    chosen = action.get("selected_option") or {}
    return Entry(
        f"press:{us.team}/{pressed}",
        "press",
        {
            "user": person["id"],
            "deed": action["action_id"],
            "value": chosen.get("value") or action.get("value") or "",
            "trigger": body.get("trigger_id"),
            "response_url": body.get("response_url"),
            "channel": container.get("channel_id"),
            "ts": container.get("message_ts"),
            "marker": blocks[0].get("block_id"),
            "view": view.get("id"),
            "surface": view.get("type") or "message",
        },
    )


def form_entry(body: Body, us: Identity) -> Entry | None:
    """The entry of a view_submission: a form that was filled in."""
    person, view = body["user"], body["view"]
    if person.get("team_id", us.team) != us.team:
        return None
    return Entry(
        f"form:{us.team}/{person['id']}/{view['id']}",
        "form",
        {
            "user": person["id"],
            "deed": view["callback_id"],
            "keeps": view.get("private_metadata") or "{}",
            "values": form_values(view),
        },
    )


def form_values(view: Body) -> dict[str, str]:
    """Each field of a form by its id, as text: what was chosen of several, one a line."""
    values: dict[str, str] = {}
    for name, fields in ((view.get("state") or {}).get("values") or {}).items():
        for given in fields.values():
            option = given.get("selected_option") or {}
            several = "\n".join(one["value"] for one in given.get("selected_options") or ())
            values[name] = (
                given.get("value")
                or given.get("selected_date")
                or option.get("value")
                or several
                or ""
            )
    return values
