"""The cases, and what is safe to send: nothing that Slack, a terminal or a table would act upon."""

import tomllib
from pathlib import Path

import pytest

from bot.text import unlinked, visible

HERE = Path(__file__).parent
ELEMENTS = {"text"}
BLOCKS = {
    "header",
    "rich_text",
    "context",
    "context_actions",
    "section",
    "divider",
    "actions",
    "input",
}


def cases(name: str):
    """The cases of a file, as parameters named by their ids."""
    found = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    assert len({case["id"] for case in found}) == len(found)
    return [pytest.param(case, id=case["id"]) for case in found]


def check_inert(message: dict) -> None:
    """A message or window in which nothing links, mentions, loads, or is hidden."""
    text = message.get("text", "")
    if isinstance(text, str):
        assert "<" not in text
        assert unlinked(text) == text
    assert {block["type"] for block in message["blocks"]} <= BLOCKS
    _check(message)


def _check(value: object) -> None:
    if isinstance(value, list):
        for one in value:
            _check(one)
    if isinstance(value, str):
        assert visible(value) == value
    if isinstance(value, dict):
        assert value.get("type") != "mrkdwn"
        assert not {"url", "image_url", "user_id", "usergroup_id", "channel_id"} & set(value)
        if str(value.get("type")).startswith("rich_text_"):
            assert {one["type"] for one in value["elements"]} <= ELEMENTS
        for one in value.values():
            _check(one)
