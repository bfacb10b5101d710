"""The Web API methods: each takes the state and the call's arguments and returns the answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from workspace.block_rules import check_message
from workspace.conversations import Post
from workspace.errors import SlackError
from workspace.findings import Json
from workspace.limits import most
from workspace.state import State

Method = Callable[[State, Json], Json]


def _bot_fields(state: State) -> Json:
    team = state.team
    return {
        "user": team.bot_user,
        "bot_id": team.bot_id,
        "app_id": team.app_id,
        "team": team.id,
        "bot_profile": {"id": team.bot_id, "app_id": team.app_id, "name": team.bot_name},
    }


def content(args: Json) -> Json:
    """The text, blocks and metadata of a message, checked; no_text when it says nothing."""
    text, blocks, marked = args.get("text"), args.get("blocks"), args.get("markdown_text")
    if marked:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text, blocks = marked, [{"type": "markdown", "text": marked}]
    if not text and not blocks and not args.get("attachments"):
        raise SlackError("no_text")
    check_message(text, blocks)
    fields: Json = {"text": text or ""}
    if blocks:
        fields["blocks"] = blocks
    metadata = args.get("metadata")
    if metadata:
        if not isinstance(metadata, dict) or not metadata.get("event_type"):
            raise SlackError("invalid_metadata_format")
        fields["metadata"] = {"event_payload": {}} | metadata
    return fields


def post_as_bot(state: State, channel: str, args: Json, only_for: str = "") -> Post:
    """A checked message from the app; its status line in that thread goes out."""
    fields = _bot_fields(state) | content(args)
    if args.get("thread_ts"):
        fields["thread_ts"] = str(args["thread_ts"])
    if only_for:
        fields["is_ephemeral"] = True
    post = state.conversations.add(channel, fields, only_for)
    state.statuses.pop((channel, post.root), None)
    return post


def _auth_test(state: State, _args: Json) -> Json:
    team = state.team
    return {
        "url": f"https://{team.domain}.example/",
        "team": team.name,
        "user": team.bot_name.lower(),
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def _api_test(_state: State, args: Json) -> Json:
    if args.get("error"):
        raise SlackError(str(args["error"]))
    return {"args": args}


def _connections_open(state: State, _args: Json) -> Json:
    host = state.base.removeprefix("http://")
    return {"url": f"ws://{host}link/?ticket={state.delivery.ticket()}&app_id={state.team.app_id}"}


def _post_message(state: State, args: Json) -> Json:
    channel = state.conversations.for_bot(str(args.get("channel", "")))
    post = post_as_bot(state, channel, args)
    return {"channel": channel, "ts": post.ts, "message": post.message}


def _post_ephemeral(state: State, args: Json) -> Json:
    channel = state.conversations.for_bot(str(args.get("channel", "")))
    user = str(args.get("user", ""))
    if user not in state.conversations.members(channel):
        raise SlackError("user_not_in_channel")
    return {"message_ts": post_as_bot(state, channel, args, only_for=user).ts}


def _own(state: State, args: Json, refusal: str) -> Post:
    channel = state.conversations.for_bot(str(args.get("channel", "")))
    post = state.conversations.find(channel, str(args.get("ts", "")))
    if post.message["user"] != state.team.bot_user:
        raise SlackError(refusal)
    return post


def _update(state: State, args: Json) -> Json:
    post = _own(state, args, "cant_update_message")
    fields: Json = {"blocks": None} | content(args)
    fields["edited"] = {"user": state.team.bot_user, "ts": state.conversations.stamp()}
    changed = state.conversations.change(post, fields)
    return {
        "channel": post.channel,
        "ts": post.ts,
        "text": fields["text"],
        "message": changed.message,
    }


def _delete(state: State, args: Json) -> Json:
    post = _own(state, args, "cant_delete_message")
    state.conversations.drop(post)
    return {"channel": post.channel, "ts": post.ts}


def _open(state: State, args: Json) -> Json:
    if args.get("channel"):
        channel = str(args["channel"])
        state.conversations.members(channel)
        return {"channel": {"id": channel}}
    users = str(args.get("users") or "").split(",")
    if users == [""]:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    person = state.person(users[0])
    if person.deleted:
        raise SlackError("user_disabled")
    return {"channel": {"id": state.conversations.dm_of(person.id)}}


def _info(state: State, args: Json) -> Json:
    key = str(args.get("channel", ""))
    members = state.conversations.members(key)
    person, channel = state.conversations.person_in(key), state.team.channel(key)
    shared: Json = {"id": key, "is_archived": False, "context_team_id": state.team.id}
    if person:
        return {"channel": shared | {"is_im": True, "is_channel": False, "user": person.id}}
    if channel is None:
        raise SlackError("channel_not_found")
    return {
        "channel": shared
        | {
            "name": channel.name,
            "is_im": False,
            "is_channel": True,
            "is_private": False,
            "is_member": state.team.bot_user in members,
            "is_ext_shared": channel.external,
            "is_shared": channel.external,
            "is_org_shared": False,
            "num_members": len(members),
        }
    }


def _window(messages: list[Json], args: Json) -> list[Json]:
    """Those between `oldest` and `latest`, borders only with `inclusive`."""
    inclusive = str(args.get("inclusive", "")).lower() in ("true", "1")
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")

    def within(message: Json) -> bool:
        at = float(message["ts"])
        return oldest < at < latest or (inclusive and at in (oldest, latest))

    return [m for m in messages if within(m)]


def _paged(messages: list[Json], args: Json) -> Json:
    start = int(str(args.get("cursor") or "from:0").partition(":")[2])
    limit = max(1, min(int(args.get("limit") or 100), 999))
    page, more = messages[start : start + limit], start + limit < len(messages)
    cursor = f"from:{start + limit}" if more else ""
    return {
        "messages": page,
        "has_more": more,
        "response_metadata": {"next_cursor": cursor},
    }


def _read(state: State, args: Json) -> list[Json]:
    channel = state.conversations.for_bot(str(args.get("channel", "")))
    metadata = str(args.get("include_all_metadata", "")).lower() in ("true", "1")
    return state.conversations.public(channel, metadata=metadata)


def _history(state: State, args: Json) -> Json:
    roots = [m for m in _read(state, args) if m.get("thread_ts", m["ts"]) == m["ts"]]
    return _paged(_window(roots, args)[::-1], args)


def _replies(state: State, args: Json) -> Json:
    root = str(args.get("ts", ""))
    thread = [m for m in _read(state, args) if m.get("thread_ts", m["ts"]) == root]
    if not thread:
        raise SlackError("thread_not_found")
    return _paged(_window(thread, args), args)


def _users_info(state: State, args: Json) -> Json:
    team = state.team
    person = team.person(str(args.get("user", "")))
    if person is None:
        raise SlackError("user_not_found")
    offset = state.clock.now().astimezone(ZoneInfo(person.tz)).utcoffset()
    user: Json = {
        "id": person.id,
        "team_id": person.home or team.id,
        "name": person.name,
        "real_name": person.name,
        "deleted": person.deleted,
        "tz": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_bot": person.is_bot,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_stranger": bool(person.home) and person.home != team.id,
        "profile": {"real_name": person.name, "display_name": person.name, "title": person.title},
    }
    if str(args.get("include_locale", "")).lower() in ("true", "1"):
        user["locale"] = person.locale
    return {"user": user}


def _views_open(state: State, args: Json) -> Json:
    user = state.triggers.redeem(str(args.get("trigger_id", "")))
    return {"view": state.views.open(user, args.get("view"))}


def _views_push(state: State, args: Json) -> Json:
    user = state.triggers.redeem(str(args.get("trigger_id", "")))
    return {"view": state.views.push(user, args.get("view"))}


def _views_update(state: State, args: Json) -> Json:
    names = {"view_id": "view_id", "external_id": "external_id", "known": "hash"}
    given = {ours: str(args.get(theirs) or "") for ours, theirs in names.items()}
    return {"view": state.views.update(args.get("view"), **given)}


def _views_publish(state: State, args: Json) -> Json:
    user = state.person(args.get("user_id")).id
    return {"view": state.views.publish(user, args.get("view"), str(args.get("hash") or ""))}


def _set_status(state: State, args: Json) -> Json:
    channel = state.conversations.for_bot(str(args.get("channel_id", "")))
    key = (channel, str(args.get("thread_ts") or ""))
    state.conversations.find(channel, key[1])
    if args.get("status"):
        lasts = timedelta(minutes=most("status.minutes"))
        state.statuses[key] = {
            "thread_ts": key[1],
            "status": str(args["status"]),
            "loading_messages": args.get("loading_messages") or [],
            "until": (state.clock.now() + lasts).isoformat(),
        }
    else:
        state.statuses.pop(key, None)
    return {}


def _set_prompts(state: State, args: Json) -> Json:
    channel = state.conversations.for_bot(str(args.get("channel_id", "")))
    prompts: Any = args.get("prompts")
    if not isinstance(prompts, list) or not prompts or len(prompts) > most("prompts"):
        raise SlackError("invalid_arguments", ["[ERROR] prompts: between 1 and 4 are allowed"])
    if any(not p.get("title") or not p.get("message") for p in prompts):
        raise SlackError("invalid_arguments", ["[ERROR] prompts need a title and a message"])
    state.prompts[channel] = {"title": args.get("title") or "", "prompts": prompts}
    return {}


def _react(state: State, args: Json, *, adding: bool) -> Json:
    channel = state.conversations.for_bot(str(args.get("channel", "")))
    post = state.conversations.find(channel, str(args.get("timestamp", "")))
    name, bot = str(args.get("name", "")), state.team.bot_user
    if not name:
        raise SlackError("invalid_name")
    counted = {r["name"]: list(r["users"]) for r in post.message.get("reactions", [])}
    users = counted.setdefault(name, [])
    if (bot in users) == adding:
        raise SlackError("already_reacted" if adding else "no_reaction")
    (users.append if adding else users.remove)(bot)
    kept = [{"name": n, "users": u, "count": len(u)} for n, u in counted.items() if u]
    state.conversations.change(post, {"reactions": kept or None})
    return {}


def _add_reaction(state: State, args: Json) -> Json:
    return _react(state, args, adding=True)


def _remove_reaction(state: State, args: Json) -> Json:
    return _react(state, args, adding=False)


METHODS: Final[dict[str, Method]] = {
    "api.test": _api_test,
    "apps.connections.open": _connections_open,
    "assistant.threads.setStatus": _set_status,
    "assistant.threads.setSuggestedPrompts": _set_prompts,
    "auth.test": _auth_test,
    "chat.delete": _delete,
    "chat.postEphemeral": _post_ephemeral,
    "chat.postMessage": _post_message,
    "chat.update": _update,
    "conversations.history": _history,
    "conversations.info": _info,
    "conversations.open": _open,
    "conversations.replies": _replies,
    "reactions.add": _add_reaction,
    "reactions.remove": _remove_reaction,
    "users.info": _users_info,
    "views.open": _views_open,
    "views.publish": _views_publish,
    "views.push": _views_push,
    "views.update": _views_update,
}
