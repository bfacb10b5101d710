"""The Slack app's manifest: everything the app listens for and calls is granted in it."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from bot.replies import duties
from bot.slack import app

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
# What each Web API method needs, from its page at docs.slack.dev.
SCOPES = {
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_open": {"im:write"},
    "conversations_history": {"im:history"},
    "conversations_replies": {"im:history"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_push": set(),
    "views_update": set(),
    "views_publish": set(),
    "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
}
EVENTS = {
    "app_mention": ({"app_mention"}, {"app_mentions:read"}),
    "message": ({"message.im"}, {"im:history"}),
    "app_home_opened": ({"app_home_opened"}, set()),
}
WEB_METHOD = re.compile(
    r"(auth|api|apps|chat|conversations|users|views|assistant|files|reactions)_\w+"
)


def granted() -> set[str]:
    return set(MANIFEST["oauth_config"]["scopes"]["bot"])


def called() -> set[str]:
    return {
        node.attr
        for path in (ROOT / "bot" / "slack").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and WEB_METHOD.fullmatch(node.attr)
    }


def test_every_event_listened_for_is_subscribed_and_no_other():
    subscribed = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

    assert subscribed == set().union(*(EVENTS[event][0] for event in app.EVENTS))


def test_every_command_is_declared_and_no_other():
    declared = {command["command"] for command in MANIFEST["features"]["slash_commands"]}

    assert declared == set(app.COMMANDS)
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True


def test_every_web_api_method_that_is_called_is_covered_by_its_scopes():
    assert called() <= set(SCOPES)
    needed = set().union(*(SCOPES[method] for method in called()))
    needed |= set().union(*(EVENTS[event][1] for event in app.EVENTS)) | {"commands"}
    assert needed == granted()


def test_no_scope_is_asked_for_that_reaches_further_than_the_work():
    assert not granted() & {"chat:write.public", "channels:history", "users:read.email"}


def test_socket_mode_and_the_agents_view():
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["token_rotation_enabled"] is False
    assert len(MANIFEST["features"]["agent_view"]["agent_description"]) <= 300
    assert len(MANIFEST["features"]["agent_view"]["suggested_prompts"]) <= 4


@pytest.mark.parametrize(
    "path", sorted((ROOT / "bot" / "replies").glob("*.py")), ids=lambda p: p.name
)
def test_every_button_and_menu_in_a_reply_has_its_listener(path):
    deeds = {
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("Button", "Menu")
        and isinstance(node.args[0], ast.Constant)
    }

    assert deeds <= set(app.PRESSES)


def test_every_form_has_its_listener():
    facts = {
        "item": "visit:K1", "kind": "visit", "client_name": "x", "state": "due",
        "due_by": "2026-11-17", "last_visit": None,
    }  # fmt: skip
    on = duties.date(2026, 11, 17)

    assert duties.visit_form(facts, on, {}, "en").deed in app.FORMS
