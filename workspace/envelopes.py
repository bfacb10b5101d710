"""The payloads Slack puts in envelopes, built from plain values."""

from typing import Any, Final
from uuid import uuid4

from workspace.directory import Person, Team
from workspace.findings import Json

VERIFICATION: Final = "verification-token"


def event(team: Team, inner: Json, at: int, *, external: bool = False) -> Json:
    """An Events API callback around one event. `at`: seconds since the epoch."""
    return {
        "token": VERIFICATION,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": team.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{uuid4().hex[:10].upper()}",
        "event_time": at,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": team.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": external,
        "event_context": f"4-{uuid4().hex}",
    }


def message_event(team: Team, person: Person, message: Json, channel: str, kind: str) -> Json:
    """The inner `message` event of something a person typed; `kind`: "im" or "channel"."""
    inner = message | {"channel": channel, "event_ts": message["ts"], "channel_type": kind}
    return inner | _origin(team, person)


def mention_event(team: Team, person: Person, message: Json, channel: str) -> Json:
    """The inner `app_mention` event of the same message."""
    inner = message | {"type": "app_mention", "channel": channel, "event_ts": message["ts"]}
    return inner | _origin(team, person)


def _origin(team: Team, person: Person) -> Json:
    """What Slack Connect adds for somebody from another organisation."""
    if not person.home or person.home == team.id:
        return {}
    return {"user_team": person.home, "source_team": person.home, "user_profile": {}}


def home_opened_event(user: str, channel: str, tab: str, ts: str, view: Json | None) -> Json:
    """The inner `app_home_opened` event; `tab`: "home" or "messages"."""
    inner: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "tab": tab,
        "event_ts": ts,
    }
    return inner | ({"view": view} if view and tab == "home" else {})


def command(team: Team, person: Person, channel: Json, typed: Json, links: Json) -> Json:
    """A slash command; `typed`: command and text; `links`: its trigger_id and response_url."""
    return (
        links
        | typed
        | {
            "token": VERIFICATION,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel["id"],
            "channel_name": channel["name"],
            "user_id": person.id,
            "user_name": person.name,
            "api_app_id": team.app_id,
            "is_enterprise_install": "false",
        }
    )


def _interaction(team: Team, person: Person, kind: str, trigger: str) -> Json:
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.home or team.id,
        },
        "api_app_id": team.app_id,
        "token": VERIFICATION,
        "trigger_id": trigger,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(team: Team, person: Person, channel: Json, message: Json, extra: Json) -> Json:
    """block_actions in a message; `extra`: trigger_id, response_url, actions and state.

    An ephemeral message itself is not part of the payload, as in Slack.
    """
    hidden = bool(message.get("is_ephemeral"))
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel["id"],
        "is_ephemeral": hidden,
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    payload = _interaction(team, person, "block_actions", extra["trigger_id"])
    payload |= {"container": container, "channel": channel} | extra
    return payload if hidden else payload | {"message": message}


def view_action(team: Team, person: Person, view: Json, trigger: str, extra: Json) -> Json:
    """block_actions in a modal or Home tab."""
    payload = _interaction(team, person, "block_actions", trigger)
    return payload | {"container": {"type": "view", "view_id": view["id"]}, "view": view} | extra


def submission(team: Team, person: Person, view: Json, trigger: str) -> Json:
    """view_submission; the view already carries `state`."""
    payload = _interaction(team, person, "view_submission", trigger)
    return payload | {"view": view, "response_urls": []}


def closure(team: Team, person: Person, view: Json, *, cleared: bool) -> Json:
    """view_closed, sent when the view asked for it."""
    payload: dict[str, Any] = _interaction(team, person, "view_closed", "")
    del payload["trigger_id"]
    return payload | {"view": view, "is_cleared": cleared}
