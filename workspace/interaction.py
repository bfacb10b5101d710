"""What a press, a choice or a form means in Slack's words.

The page sends raw values (text, an option's value, a date, a list of option values);
everything else is taken from the block as the app sent it, so a page cannot invent a value.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Final
from uuid import uuid4

from workspace.errors import SlackError
from workspace.findings import Json

STATEFUL: Final = frozenset(
    {"checkboxes", "datepicker", "plain_text_input", "radio_buttons", "static_select"}
)


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which every block and element has an id, as Slack gives the missing ones."""
    copy = deepcopy(blocks)
    for block in copy:
        block.setdefault("block_id", uuid4().hex[:5])
        for element in elements_of(block):
            if element.get("type") not in ("image", "mrkdwn", "plain_text"):
                element.setdefault("action_id", uuid4().hex[:5])
    return copy


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of a block, wherever that kind of block keeps them."""
    if block["type"] in ("actions", "context_actions"):
        yield from block["elements"]
    elif block["type"] == "section" and "accessory" in block:
        yield block["accessory"]
    elif block["type"] == "input":
        yield block["element"]
    elif block["type"] == "card":
        yield from block.get("actions") or []


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json:
    """The element pressed. SlackError when the message or view no longer has it."""
    for block in blocks:
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return element
    raise SlackError("action_not_found")


def action_of(element: Json, block_id: str, raw: object, ts: str) -> Json:
    """The `actions[]` entry of a block_actions payload."""
    kind = element["type"]
    action: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block_id,
        "action_ts": ts,
    }
    if kind in ("button", "icon_button"):
        kept = {name: element[name] for name in ("text", "value", "style") if name in element}
        return action | kept
    if kind == "feedback_buttons":
        half = _half(element, raw)
        return action | {"type": "button", "text": half["text"], "value": half["value"]}
    return action | value_of(element, raw)


def _half(pair: Json, raw: object) -> Json:
    for name in ("positive_button", "negative_button"):
        half: Json = pair[name]
        if half["value"] == raw:
            return half
    raise SlackError("invalid_option")


def value_of(element: Json, raw: object) -> Json:
    """The element's value as `state.values` and `actions[]` carry it."""
    match element["type"]:
        case "plain_text_input":
            return {"value": _typed(raw)}
        case "datepicker":
            return {"selected_date": _typed(raw)}
        case "checkboxes":
            chosen = raw if isinstance(raw, list) else []
            return {"selected_options": [_option(element, value) for value in chosen]}
        case _:
            return {"selected_option": _option(element, raw) if raw else None}


def _typed(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw else None


def _option(element: Json, value: object) -> Json:
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    for group in groups:
        for option in group["options"]:
            if option["value"] == value:
                return {name: option[name] for name in ("text", "value")}
    raise SlackError("invalid_option")


def initial_of(element: Json) -> object:
    """The raw value an element starts with."""
    match element["type"]:
        case "plain_text_input":
            return element.get("initial_value", "")
        case "datepicker":
            return element.get("initial_date", "")
        case "checkboxes":
            return [option["value"] for option in element.get("initial_options", [])]
        case _:
            return element.get("initial_option", {}).get("value", "")


def state_of(blocks: list[Json], raw: Json) -> Json:
    """`state.values`: block id → action id → typed value, from raw[block][action]."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in STATEFUL:
                block_id, action_id = block["block_id"], element["action_id"]
                given = raw.get(block_id, {}).get(action_id, initial_of(element))
                typed = {"type": element["type"]} | value_of(element, given)
                values.setdefault(block_id, {})[action_id] = typed
    return values


def unfilled(blocks: list[Json], values: Json) -> Json:
    """Block id → the complaint Slack's own client shows before it submits a form."""
    complaints: Json = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            typed = values[block["block_id"]][element["action_id"]]
            complaint = _complaint(element, typed, optional=block.get("optional", False))
            if complaint:
                complaints[block["block_id"]] = complaint
    return complaints


def _complaint(element: Json, typed: Json, *, optional: bool) -> str:
    content = next(value for name, value in typed.items() if name != "type")
    if not content:
        return "" if optional else "Please complete this required field."
    if element["type"] == "plain_text_input":
        if len(content) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        if len(content) > element.get("max_length", 3000):
            return f"Please enter no more than {element['max_length']} characters."
    return ""
