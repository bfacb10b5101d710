"""What people do on the page, turned into what Slack sends the app."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from workspace import envelopes
from workspace.conversations import SLACKBOT
from workspace.delivery import UnansweredError
from workspace.directory import Person
from workspace.errors import SlackError
from workspace.findings import Json
from workspace.interaction import action_of, find_element, state_of, unfilled
from workspace.passes import ResponseUrl
from workspace.state import State
from workspace.web_api import answer_person

Deed = Callable[[State, Person, Json], Awaitable[Json]]


def whisper(state: State, person: Person, channel: str, text: str) -> None:
    """A line from Slack itself that only this person sees."""
    fields = {"user": SLACKBOT, "text": text, "is_ephemeral": True}
    state.conversations.add(channel, fields, only_for=person.id)


def _conversation(state: State, person: Person, named: object) -> Json:
    """The id and name of a conversation this person is in."""
    channel = str(named)
    if person.id not in state.conversations.members(channel):
        raise SlackError("not_in_channel")
    found = state.team.channel(channel)
    return {"id": channel, "name": found.name if found else "directmessage"}


async def say(state: State, person: Person, order: Json) -> Json:
    """Type a message: {"channel", "text", "thread_ts"?}."""
    channel = _conversation(state, person, order.get("channel"))["id"]
    text = str(order.get("text", ""))
    if not text.strip():
        raise SlackError("no_text")
    thread = str(order.get("thread_ts") or "")
    post = state.conversations.say_as_person(person, channel, text, thread)
    _announce_message(state, person, channel, post.message)
    return {"ts": post.ts}


def _announce_message(state: State, person: Person, channel: str, message: Json) -> None:
    """A direct message is one event; a mention in a channel is two, as in Slack."""
    team, at = state.team, int(float(message["ts"]))
    found = team.channel(channel)
    mentioned = f"<@{team.bot_user}>" in message["text"]
    if found is None:
        inner = envelopes.message_event(team, person, message, channel, "im")
        state.delivery.announce(envelopes.event(team, inner, at))
        return
    if team.bot_user not in found.members:
        if mentioned:
            whisper(state, person, channel, f"{team.bot_name} is not in #{found.name}.")
        return
    kinds = [envelopes.message_event(team, person, message, channel, "channel")]
    if mentioned:
        kinds.insert(0, envelopes.mention_event(team, person, message, channel))
    for inner in kinds:
        state.delivery.announce(envelopes.event(team, inner, at, external=found.external))


async def run_command(state: State, person: Person, order: Json) -> Json:
    """Run a slash command: {"channel", "command", "text"}."""
    channel = _conversation(state, person, order.get("channel"))
    name, text = str(order.get("command", "")), str(order.get("text", "")).strip()
    if name not in {command.name for command in state.team.commands}:
        whisper(state, person, channel["id"], f"{name} is not a valid command.")
        raise SlackError("unknown_command")
    links = {
        "trigger_id": state.triggers.issue(person.id),
        "response_url": state.response_url(person.id, channel["id"]),
    }
    typed = {"command": name, "text": text}
    payload = envelopes.command(state.team, person, channel, typed, links)
    try:
        answer = await state.delivery.ask("slash_commands", payload)
        if answer:
            url = ResponseUrl(person.id, channel["id"], state.clock.now())
            answer_person(state, url, answer)
    except UnansweredError as silent:
        whisper(state, person, channel["id"], f"{name} failed with the error “{silent}”")
        raise SlackError(str(silent)) from silent
    except SlackError as refusal:
        failed = f"{name} failed with the error “invalid_command_response” ({refusal.code})"
        whisper(state, person, channel["id"], failed)
        raise
    return {}


async def press(state: State, person: Person, order: Json) -> Json:
    """Use an element: {"channel", "ts"} or {"view_id"}, "block_id", "action_id".

    "value" is what was chosen or typed, if anything; "state" the raw values by block and action.
    """
    if order.get("view_id"):
        return await _press_in_view(state, person, order)
    channel = _conversation(state, person, order.get("channel"))
    post = state.conversations.find(channel["id"], str(order.get("ts")), person.id)
    url = state.response_url(person.id, channel["id"], post.message.get("thread_ts", ""), post.ts)
    extra = _pressed(state, order, post.message.get("blocks") or [])
    extra |= {"trigger_id": state.triggers.issue(person.id), "response_url": url}
    await _ask(state, envelopes.message_action(state.team, person, channel, post.message, extra))
    return {}


async def _press_in_view(state: State, person: Person, order: Json) -> Json:
    view = state.views.get(person.id, str(order["view_id"]))
    pressed = _pressed(state, order, view["blocks"])
    view["state"] = pressed.pop("state")
    trigger = state.triggers.issue(person.id)
    await _ask(state, envelopes.view_action(state.team, person, view, trigger, pressed))
    return {}


def _pressed(state: State, order: Json, blocks: list[Json]) -> Json:
    """`actions` and `state` of one press."""
    block_id, action_id = str(order.get("block_id")), str(order.get("action_id"))
    element = find_element(blocks, block_id, action_id)
    raw = _raw_state(order)
    if "value" in order:
        raw.setdefault(block_id, {})[action_id] = order["value"]
    action = action_of(element, block_id, order.get("value"), state.conversations.stamp())
    return {"actions": [action], "state": {"values": state_of(blocks, raw)}}


async def _ask(state: State, payload: Json) -> Json:
    try:
        return await state.delivery.ask("interactive", payload)
    except UnansweredError as silent:
        raise SlackError(str(silent)) from silent


def _raw_state(order: Json) -> dict[str, dict[str, Any]]:
    raw = order.get("state")
    if not isinstance(raw, dict):
        return {}
    return {str(block): dict(fields) for block, fields in raw.items() if isinstance(fields, dict)}


async def submit(state: State, person: Person, order: Json) -> Json:
    """Submit a modal: {"view_id", "state"}. Returns {"errors"} by block when refused."""
    view = state.views.get(person.id, str(order.get("view_id")))
    values = state_of(view["blocks"], _raw_state(order))
    complaints = unfilled(view["blocks"], values)
    if complaints:
        return {"errors": complaints}
    view["state"] = {"values": values}
    trigger = state.triggers.issue(person.id)
    answer = await _ask(state, envelopes.submission(state.team, person, view, trigger))
    match answer.get("response_action"):
        case None:
            state.views.close(person.id, view["id"])
        case "errors":
            return _errors(view, answer.get("errors"))
        case "clear":
            state.views.clear(person.id)
        case "update":
            state.views.update(answer.get("view"), view_id=view["id"])
        case "push":
            state.views.push(person.id, answer.get("view"))
        case other:
            raise SlackError("invalid_arguments", [f"[ERROR] response_action: {other}"])
    return {}


def _errors(view: Json, errors: object) -> Json:
    """Errors naming a block without an input are refused, as Slack does."""
    inputs = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors")
    return {"errors": errors}


async def close(state: State, person: Person, order: Json) -> Json:
    """Close a modal: {"view_id"}."""
    view = state.views.get(person.id, str(order.get("view_id")))
    state.views.close(person.id, view["id"])
    if view["clear_on_close"]:
        state.views.clear(person.id)
    if view["notify_on_close"]:
        cleared = bool(view["clear_on_close"])
        await _ask(state, envelopes.closure(state.team, person, view, cleared=cleared))
    return {}


async def open_app(state: State, person: Person, order: Json) -> Json:
    """Open the app: {"tab": "home" | "messages"}."""
    tab = "home" if order.get("tab") == "home" else "messages"
    stamp = state.conversations.stamp()
    channel = state.conversations.dm_of(person.id)
    home = state.views.home(person.id)
    inner = envelopes.home_opened_event(person.id, channel, tab, stamp, home)
    state.delivery.announce(envelopes.event(state.team, inner, int(float(stamp))))
    return {}


DEEDS: Final[dict[str, Deed]] = {
    "say": say,
    "command": run_command,
    "press": press,
    "submit": submit,
    "close": close,
    "open": open_app,
}
