"""The Web API as the real client sees it."""

import urllib.error
from contextlib import suppress
from http.client import HTTPException

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from tests.workspace.desk import Desk, refusal
from tests.workspace.showcase import (
    ANSWER,
    DIGEST,
    HOME,
    KPI,
    MODAL,
    MORE,
    button,
    chart,
    mrkdwn,
    plain,
)
from workspace.block_rules import check_message, check_view
from workspace.errors import SlackError
from workspace.limits import LIMITS, most


def test_tokens_are_checked_and_each_has_its_methods(desk: Desk):
    assert refusal(desk.client("xoxb-other").auth_test) == "invalid_auth"
    assert refusal(desk.client(desk.workspace.app_token).auth_test) == "not_allowed_token_type"
    bot = desk.client()
    wrong = bot.apps_connections_open
    assert refusal(lambda: wrong(app_token=desk.workspace.bot_token)) == "not_allowed_token_type"
    assert refusal(lambda: wrong(app_token="xapp-other")) == "invalid_auth"
    me = bot.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("T01", "U00", "B00")
    assert refusal(lambda: bot.api_call("chat.shout")) == "unknown_method"


def test_no_token_is_not_authed(desk: Desk):
    assert desk._fetch("api/auth.test", {})["error"] == "not_authed"


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C99", "channel_not_found"), ("C03", "not_in_channel"), ("", "channel_not_found")],
)
def test_a_message_needs_a_room_the_bot_is_in(desk: Desk, channel, error):
    assert refusal(lambda: desk.client().chat_postMessage(channel=channel, text="x")) == error


def test_a_message_must_say_something(desk: Desk):
    assert (
        refusal(lambda: desk.client().api_call("chat.postMessage", json={"channel": "U01"}))
        == "no_text"
    )


def test_metadata_comes_back_when_asked_for(desk: Desk):
    client = desk.client()
    marker = {"event_type": "daybook_outbox", "event_payload": {"key": "visit/7/2026-11-16"}}
    sent = client.chat_postMessage(channel="U01", text="visit", metadata=marker)
    assert sent["channel"] == "D01"
    (plainly,) = client.conversations_history(channel="D01")["messages"]
    assert "metadata" not in plainly
    (marked,) = client.conversations_history(channel="D01", include_all_metadata=True)["messages"]
    assert marked["metadata"] == marker


def test_history_has_roots_newest_first_and_replies_their_thread(desk: Desk):
    client = desk.client()
    root = client.chat_postMessage(channel="C01", text="root")["ts"]
    for n in range(3):
        client.chat_postMessage(channel="C01", text=f"reply {n}", thread_ts=root)
    last = client.chat_postMessage(channel="C01", text="last")["ts"]
    history = client.conversations_history(channel="C01", limit=1)
    assert [m["text"] for m in history["messages"]] == ["last"]
    assert history["has_more"]
    cursor = history["response_metadata"]["next_cursor"]
    (older,) = client.conversations_history(channel="C01", limit=1, cursor=cursor)["messages"]
    assert (older["text"], older["reply_count"]) == ("root", 3)
    thread = client.conversations_replies(channel="C01", ts=root)["messages"]
    assert [m["text"] for m in thread] == ["root", "reply 0", "reply 1", "reply 2"]
    only = client.conversations_history(channel="C01", oldest=last, inclusive=True)["messages"]
    assert [m["ts"] for m in only] == [last]
    assert client.conversations_history(channel="C01", oldest=last)["messages"] == []
    assert (
        refusal(lambda: client.conversations_replies(channel="C01", ts="1.1")) == "thread_not_found"
    )


def test_only_its_own_messages_can_be_changed(desk: Desk):
    client = desk.client()
    mine = client.chat_postMessage(channel="U01", text="a", blocks=[{"type": "divider"}])["ts"]
    theirs = desk.do("say", channel="D01", text="b")["ts"]
    client.chat_update(channel="D01", ts=mine, text="A")
    changed = desk.messages("U01", "D01")[0]
    assert (changed["text"], changed.get("blocks")) == ("A", None)
    assert (
        refusal(lambda: client.chat_update(channel="D01", ts=theirs, text="B"))
        == "cant_update_message"
    )
    assert refusal(lambda: client.chat_delete(channel="D01", ts=theirs)) == "cant_delete_message"
    client.chat_delete(channel="D01", ts=mine)
    assert refusal(lambda: client.chat_delete(channel="D01", ts=mine)) == "message_not_found"
    assert desk.texts() == ["b"]


def test_people_and_rooms_are_described_as_slack_does(desk: Desk):
    client = desk.client()
    user = client.users_info(user="U01", include_locale=True)["user"]
    assert (user["real_name"], user["tz"], user["tz_offset"], user["locale"]) == (
        "林晓舟",
        "Asia/Shanghai",
        28800,
        "zh-CN",
    )
    assert client.users_info(user="U03")["user"]["is_restricted"]
    assert client.users_info(user="U04")["user"]["is_stranger"]
    assert refusal(lambda: client.users_info(user="U99")) == "user_not_found"
    assert client.conversations_open(users="U02")["channel"]["id"] == "D02"
    assert client.conversations_info(channel="C02")["channel"]["is_ext_shared"]
    assert client.conversations_info(channel="D02")["channel"]["user"] == "U02"
    assert not client.conversations_info(channel="C03")["channel"]["is_member"]


def test_reactions_are_put_and_taken_once(desk: Desk):
    client = desk.client()
    ts = desk.do("say", channel="D01", text="?")["ts"]
    client.reactions_add(channel="D01", timestamp=ts, name="eyes")
    assert (
        refusal(lambda: client.reactions_add(channel="D01", timestamp=ts, name="eyes"))
        == "already_reacted"
    )
    assert desk.messages("U01", "D01")[0]["reactions"][0]["count"] == 1
    client.reactions_remove(channel="D01", timestamp=ts, name="eyes")
    assert (
        refusal(lambda: client.reactions_remove(channel="D01", timestamp=ts, name="eyes"))
        == "no_reaction"
    )


def test_a_home_tab_from_an_old_reading_is_refused(desk: Desk):
    client = desk.client()
    old = client.views_publish(user_id="U01", view=HOME)["view"]["hash"]
    client.views_publish(user_id="U01", view=HOME, hash=old)
    assert (
        refusal(lambda: client.views_publish(user_id="U01", view=HOME, hash=old)) == "hash_conflict"
    )
    assert (
        refusal(lambda: client.views_open(trigger_id="made.up", view=MODAL)) == "invalid_trigger_id"
    )


def test_trouble_comes_when_planned_and_passes(desk: Desk):
    client = desk.client()
    desk.do("faults", method="chat.postMessage", kind="429", seconds=7)
    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel="U01", text="a")
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    desk.do("faults", method="chat.postMessage", kind="ok_false", error="is_archived", times=2)
    for _ in range(2):
        assert refusal(lambda: client.chat_postMessage(channel="U01", text="a")) == "is_archived"
    assert desk.texts() == []
    client.chat_postMessage(channel="U01", text="at last")
    assert desk.texts() == ["at last"]


@pytest.mark.parametrize(
    ("kind", "kept"), [("500", []), ("html", []), ("accepted_then_500", ["a"])]
)
def test_an_answer_that_is_no_answer(desk: Desk, kind, kept):
    desk.do("faults", method="chat.postMessage", kind=kind)
    with pytest.raises(SlackApiError):
        desk.client().chat_postMessage(channel="U01", text="a")
    assert desk.texts() == kept


def test_a_connection_cut_after_reading_leaves_nothing_done(desk: Desk):
    desk.do("faults", method="chat.postMessage", kind="reset_after_read")
    with pytest.raises((urllib.error.URLError, HTTPException, ConnectionError)):
        desk.client().chat_postMessage(channel="U01", text="a")
    assert desk.texts() == []


def test_an_unknown_kind_of_trouble_is_refused(desk: Desk):
    assert not desk.do("faults", kind="gremlins")["ok"]


def test_a_response_url_is_good_for_five_answers_and_half_an_hour(desk: Desk):
    app, urls = desk.app(), []

    @app.command("/echo")
    def echo(ack, body):
        ack()
        urls.append(body["response_url"].removeprefix(desk.workspace.url))

    desk.connect(app)
    desk.do("command", channel="D01", command="/echo")
    desk.do("command", channel="D01", command="/echo")
    answers = [desk_post(desk, urls[0], {"text": str(n)}) for n in range(6)]
    assert answers == ["ok"] * 5 + ["used_url"]
    desk.do("clock", minutes=31)
    assert desk_post(desk, urls[1], {"text": "late"}) == "expired_url"
    assert desk.texts() == [str(n) for n in range(5)]


def desk_post(desk: Desk, path: str, body: dict) -> str:
    try:
        return desk._fetch(path, body)["error"]
    except ValueError:
        return "ok"  # Slack answers the bare word, which is no JSON


# Limits: each value just inside passes and one more is refused.

LONG = "字"


def section(size: int) -> list[dict]:
    return [{"type": "section", "text": mrkdwn(LONG * size)}]


MESSAGES = {
    "message.blocks": lambda n: [{"type": "divider"}] * n,
    "section.text": section,
    "section.fields": lambda n: [{"type": "section", "fields": [mrkdwn("x")] * n}],
    "section.field": lambda n: [{"type": "section", "fields": [mrkdwn(LONG * n)]}],
    "header.text": lambda n: [{"type": "header", "text": plain(LONG * n)}],
    "context.elements": lambda n: [{"type": "context", "elements": [mrkdwn("x")] * n}],
    "actions.elements": lambda n: [
        {"type": "actions", "elements": [button("x", f"a{i}") for i in range(n)]}
    ],
    "block_id": lambda n: [{"type": "divider", "block_id": "b" * n}],
    "action_id": lambda n: [{"type": "actions", "elements": [button("x", "a" * n)]}],
    "button.text": lambda n: [{"type": "actions", "elements": [button("x" * n, "a")]}],
    "button.value": lambda n: [{"type": "actions", "elements": [button("x", "a", value="v" * n)]}],
    "table.rows": lambda n: [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n}],
    "table.columns": lambda n: [
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]}
    ],
    "table.characters": lambda n: [
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * n}]]}
    ],
    "message.tables": lambda n: (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * n
    ),
    "message.charts": lambda n: [chart("bar", "t")] * n,
    "chart.title": lambda n: [chart("bar", LONG * n)],
    "card.body": lambda n: [{"type": "card", "body": mrkdwn(LONG * n)}],
    "message.markdown": lambda n: [{"type": "markdown", "text": LONG * n}],
    "overflow.options": lambda n: [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "overflow",
                    "action_id": "a",
                    "options": [{"text": plain("x"), "value": "v"}] * n,
                }
            ],
        }
    ],
    "select.options": lambda n: [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": "a",
                    "options": [{"text": plain("x"), "value": "v"}] * n,
                }
            ],
        }
    ],
}


@pytest.mark.parametrize("limit", MESSAGES)
def test_a_message_may_reach_a_limit_but_not_pass_it(limit):
    make = MESSAGES[limit]
    check_message("x", make(most(limit)))
    with pytest.raises(SlackError) as refused:
        check_message("x", make(most(limit) + 1))
    assert refused.value.code in ("invalid_blocks", "msg_blocks_too_long")


VIEWS = {
    "view.blocks": lambda n: MODAL | {"blocks": [{"type": "divider"}] * n},
    "view.title": lambda n: MODAL | {"title": plain(LONG * n)},
    "view.private_metadata": lambda n: MODAL | {"private_metadata": "x" * n},
    "view.callback_id": lambda n: MODAL | {"callback_id": "x" * n},
}


@pytest.mark.parametrize("limit", VIEWS)
def test_a_view_may_reach_a_limit_but_not_pass_it(limit):
    make = VIEWS[limit]
    check_view(make(most(limit)), "modal")
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(make(most(limit) + 1), "modal")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "sparkles"},
        {"type": "alert", "text": plain("modals only")},
        {"type": "header", "text": mrkdwn("*plain text only*")},
        {"type": "actions", "elements": [{"type": "hologram", "action_id": "a"}]},
        {"type": "section"},
        {"type": "actions", "elements": [button("x", "same"), button("y", "same")]},
    ],
)
def test_what_slack_would_refuse_is_refused_with_a_pointer(desk: Desk, block):
    with pytest.raises(SlackApiError) as refused:
        desk.client().chat_postMessage(channel="U01", text="x", blocks=[block])
    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0" in answer["response_metadata"]["messages"][0]


def test_every_block_of_the_showcase_is_allowed():
    for blocks in (ANSWER, DIGEST, KPI, MORE):
        check_message("x", blocks)
    check_view(MODAL, "modal")
    check_view(HOME, "home")


def test_markdown_is_for_messages_alone():
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(HOME | {"blocks": [{"type": "markdown", "text": "x"}]}, "home")


def test_every_limit_says_where_it_comes_from():
    assert all(limit.most > 0 and limit.source for limit in LIMITS.values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "text",
                    "elements",
                    "rows",
                    "chart",
                    "series",
                    "axis_config",
                    "accessory",
                    "options",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(
    [
        "section",
        "actions",
        "table",
        "data_visualization",
        "rich_text",
        "input",
        "plan",
        "card",
        "context",
        "image",
        "markdown",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": KINDS},
            optional=dict.fromkeys(
                (
                    "text",
                    "elements",
                    "rows",
                    "chart",
                    "element",
                    "label",
                    "fields",
                    "accessory",
                    "tasks",
                    "title",
                    "block_id",
                    "actions",
                ),
                JSON,
            ),
        ),
        max_size=3,
    )
)
def test_no_blocks_however_odd_are_anything_but_taken_or_refused(blocks):
    with suppress(SlackError):
        check_message("x", blocks)
