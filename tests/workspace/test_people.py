"""What people do reaches a real Bolt app, and its answers reach the right people."""

from typing import Any

import pytest

from tests.workspace.desk import Desk, close_desk, eventually, open_desk, refusal
from tests.workspace.showcase import MODAL, button, mrkdwn, plain
from workspace.delivery import Pace


def test_a_commands_ack_is_shown_to_the_one_who_typed_it(desk: Desk):
    app, heard = desk.app(), []

    @app.command("/mykpi")
    def kpi(ack, body):
        heard.append(body)
        ack(text="87.5", blocks=[{"type": "section", "text": plain("87.5")}])

    desk.connect(app)
    assert desk.do("command", channel="C01", command="/mykpi", text=" 2026Q4 ") == {"ok": True}
    (body,) = heard
    assert (body["user_id"], body["text"], body["channel_name"]) == (
        "U01",
        "2026Q4",
        "product-desk",
    )
    assert (body["team_id"], body["api_app_id"]) == ("T01", "A00")
    (mine,) = desk.messages("U01", "C01")
    assert (mine["text"], mine["ephemeral"]) == ("87.5", True)
    assert desk.messages("U02", "C01") == []


def test_an_in_channel_ack_is_shown_to_everybody(desk: Desk):
    app = desk.app()
    app.command("/echo")(lambda ack, body: ack(text=body["text"], response_type="in_channel"))
    desk.connect(app)
    desk.do("command", channel="C01", command="/echo", text="你好")
    assert desk.texts("U02", "C01") == ["你好"]


def test_a_response_url_answers_where_the_bot_is_not_a_member(desk: Desk):
    app = desk.app()

    @app.command("/echo")
    def echo(ack, respond):
        ack()
        respond("later")

    desk.connect(app)
    desk.do("command", channel="C03", command="/echo", text="")
    eventually(lambda: desk.texts("U01", "C03") == ["later"])
    assert desk.texts("U02", "C03") == []


def test_a_command_nobody_knows_or_answers_says_so(desk: Desk):
    assert desk.do("command", channel="D01", command="/nothing")["error"] == "unknown_command"
    assert desk.do("command", channel="D01", command="/mykpi")["error"] == "dispatch_failed"
    app = desk.app()
    app.command("/mykpi")(lambda: None)  # never acknowledges
    desk.connect(app)
    assert desk.do("command", channel="D01", command="/mykpi")["error"] == "operation_timeout"
    assert desk.texts()[-1] == "/mykpi failed with the error “operation_timeout”"


def test_a_commands_ack_is_held_to_the_limits(desk: Desk):
    app = desk.app()
    app.command("/mykpi")(lambda ack: ack(text="x", blocks=[{"type": "sparkles"}]))
    desk.connect(app)
    assert desk.do("command", channel="D01", command="/mykpi")["error"] == "invalid_blocks"
    assert "invalid_command_response" in desk.texts()[-1]


def test_a_direct_message_has_no_thread_until_somebody_replies(desk: Desk):
    app, heard = desk.app(), []

    @app.event("message")
    def asked(event, body, client):
        heard.append((event, body))
        root = event.get("thread_ts") or event["ts"]
        client.chat_postMessage(channel=event["channel"], thread_ts=root, text="answer")

    desk.connect(app)
    ts = desk.do("say", channel="D01", text="a < b & 逾期?")["ts"]
    eventually(lambda: len(desk.texts()) == 2)
    event, body = heard[0]
    assert "thread_ts" not in event
    assert (event["channel_type"], event["user"], event["channel"]) == ("im", "U01", "D01")
    assert event["text"] == "a &lt; b &amp; 逾期?"
    assert body["authorizations"][0]["user_id"] == "U00"
    assert body["event_id"].startswith("Ev")
    desk.do("say", channel="D01", text="and?", thread_ts=ts)
    eventually(lambda: len(heard) == 2)
    assert heard[1][0]["thread_ts"] == ts


def test_a_mention_arrives_as_two_events_about_one_message(desk: Desk):
    app, heard = desk.app(), []

    @app.event("app_mention")
    @app.event("message")
    def hear(body):
        heard.append(body)

    desk.connect(app)
    ts = desk.do("say", channel="C02", text="@Daybook 几天?")["ts"]
    eventually(lambda: len(heard) == 2)
    assert {body["event"]["type"] for body in heard} == {"app_mention", "message"}
    assert {(b["event"]["channel"], b["event"]["ts"]) for b in heard} == {("C02", ts)}
    assert len({body["event_id"] for body in heard}) == 2
    assert all(body["is_ext_shared_channel"] for body in heard)
    assert heard[0]["event"]["text"] == "<@U00> 几天?"


def test_a_stranger_from_another_organisation_is_marked(desk: Desk):
    app, heard = desk.app(), []
    app.event("message")(lambda: None)

    @app.event("app_mention")
    def hear(event):
        heard.append(event)

    desk.connect(app)
    desk.do("say", "U04", channel="C02", text="@Daybook hello")
    eventually(lambda: len(heard) == 1)
    assert (heard[0]["user_team"], heard[0]["team"]) == ("T99", "T99")


def test_a_mention_where_the_bot_is_absent_reaches_nobody(desk: Desk):
    app, heard = desk.app(), []
    app.event("message")(lambda event: heard.append(event["channel"]))
    desk.connect(app)
    desk.do("say", channel="C03", text="@Daybook hello")
    desk.do("say", channel="D01", text="last")
    eventually(lambda: heard == ["D01"])
    assert "Daybook is not in #no-bot-here." in desk.texts("U01", "C03")


def test_nobody_sees_or_speaks_in_a_room_they_are_not_in(desk: Desk):
    assert desk.do("say", "U03", channel="C01", text="hi")["error"] == "not_in_channel"
    assert desk.do("say", "U02", channel="D01", text="hi")["error"] == "not_in_channel"
    assert [room["id"] for room in desk.see("U03")["conversations"]] == ["D03"]
    assert desk.do("say", "U77", channel="D01", text="hi")["error"] == "user_not_found"


def test_an_ephemeral_is_invisible_to_others_and_to_history(desk: Desk):
    client = desk.client()
    client.chat_postEphemeral(channel="C01", user="U01", text="only you")
    assert desk.texts("U01", "C01") == ["only you"]
    assert desk.texts("U02", "C01") == []
    assert client.conversations_history(channel="C01")["messages"] == []


def test_a_press_carries_the_blocks_own_value_and_can_replace_the_message(desk: Desk):
    app, heard = desk.app(), []

    @app.action("done")
    def done(ack, body, respond):
        ack()
        heard.append(body)
        respond(text="done", replace_original=True)

    desk.connect(app)
    blocks = [
        {"type": "actions", "block_id": "b1", "elements": [button("Done", "done", value="visit-7")]}
    ]
    ts = desk.client().chat_postMessage(channel="U01", text="visit", blocks=blocks)["ts"]
    assert desk.do("press", channel="D01", ts=ts, block_id="b1", action_id="done", value="forged")[
        "ok"
    ]
    eventually(lambda: desk.texts() == ["done"])
    (body,) = heard
    assert body["actions"][0]["value"] == "visit-7"
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "D01",
        "is_ephemeral": False,
    }
    assert body["message"]["ts"] == ts
    gone = desk.do("press", channel="D01", ts=ts, block_id="b1", action_id="done")
    assert gone["error"] == "action_not_found"


CHOICES = [
    {
        "type": "actions",
        "block_id": "b",
        "elements": [
            {
                "type": "static_select",
                "action_id": "pick",
                "options": [{"text": plain("一"), "value": "1"}],
            },
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-16"},
            {
                "type": "checkboxes",
                "action_id": "also",
                "options": [{"text": mrkdwn("a"), "value": "a"}],
            },
            {
                "type": "overflow",
                "action_id": "more",
                "options": [{"text": plain("why"), "value": "why"}],
            },
        ],
    }
]


@pytest.mark.parametrize(
    ("action", "value", "shape"),
    [
        ("pick", "1", {"selected_option": {"text": plain("一"), "value": "1"}}),
        ("day", "2026-12-01", {"selected_date": "2026-12-01"}),
        ("also", ["a"], {"selected_options": [{"text": mrkdwn("a"), "value": "a"}]}),
        ("more", "why", {"selected_option": {"text": plain("why"), "value": "why"}}),
    ],
)
def test_each_element_reports_its_choice_in_slacks_shape(desk: Desk, action, value, shape):
    app, heard = desk.app(), []

    @app.action(action)
    def chosen(ack, body):
        ack()
        heard.append(body)

    desk.connect(app)
    ts = desk.client().chat_postMessage(channel="U01", text="choose", blocks=CHOICES)["ts"]
    assert desk.do("press", channel="D01", ts=ts, block_id="b", action_id=action, value=value)["ok"]
    (body,) = heard
    assert shape.items() <= body["actions"][0].items()
    # What was not touched reports what it started with.
    if action != "day":
        assert body["state"]["values"]["b"]["day"] == {
            "type": "datepicker",
            "selected_date": "2026-11-16",
        }


def test_an_option_that_is_not_offered_is_refused(desk: Desk):
    ts = desk.client().chat_postMessage(channel="U01", text="choose", blocks=CHOICES)["ts"]
    refused = desk.do("press", channel="D01", ts=ts, block_id="b", action_id="pick", value="9")
    assert refused["error"] == "invalid_option"


FILLED = {"client": {"v": "c1"}, "how": {"v": "site"}, "note": {"v": "聊了续贷"}}


def visit_app(desk: Desk, answer: Any) -> None:
    app = desk.app()

    @app.command("/echo")
    def begin(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    app.view("visit")(answer)
    desk.connect(app)
    desk.do("command", channel="D01", command="/echo")
    eventually(lambda: len(desk.see("U01")["modals"]) == 1)


def test_a_modal_opens_complains_and_closes(desk: Desk):
    heard = []

    def saved(ack, view):
        values = view["state"]["values"]
        heard.append(values)
        if len(values["note"]["v"]["value"]) < 3:
            ack(response_action="errors", errors={"note": "say more"})
        else:
            ack()

    visit_app(desk, saved)
    (view,) = desk.see("U01")["modals"]
    empty = desk.do("submit", view_id=view["id"], state={})
    assert set(empty["errors"]) == {
        "client",
        "how",
        "note",
    }  # "when" has a date, "also" is optional
    assert heard == []  # Slack's client stops these itself
    short = desk.do("submit", view_id=view["id"], state=FILLED | {"note": {"v": "嗯"}})
    assert short["errors"] == {"note": "say more"}
    assert len(desk.see("U01")["modals"]) == 1
    assert desk.do("submit", view_id=view["id"], state=FILLED) == {"ok": True}
    assert desk.see("U01")["modals"] == []
    assert heard[-1]["client"]["v"]["selected_option"]["value"] == "c1"
    assert heard[-1]["when"]["v"]["selected_date"] == "2026-11-16"


SECOND = MODAL | {"title": plain("Second"), "callback_id": "visit"}


@pytest.mark.parametrize(
    ("reply", "titles"),
    [
        ({"response_action": "clear"}, []),
        ({"response_action": "update", "view": SECOND}, ["Second"]),
        ({"response_action": "push", "view": SECOND}, ["Log a visit 录入走访", "Second"]),
    ],
)
def test_a_submission_can_clear_update_or_push(desk: Desk, reply, titles):
    visit_app(desk, lambda ack: ack(**reply))
    (view,) = desk.see("U01")["modals"]
    assert desk.do("submit", view_id=view["id"], state=FILLED)["ok"]
    assert [one["title"]["text"] for one in desk.see("U01")["modals"]] == titles


def test_errors_about_a_block_that_is_not_there_fail_the_submission(desk: Desk):
    visit_app(desk, lambda ack: ack(response_action="errors", errors={"nowhere": "?"}))
    (view,) = desk.see("U01")["modals"]
    assert desk.do("submit", view_id=view["id"], state=FILLED)["error"] == "invalid_errors"


def test_closing_is_told_only_when_asked_for(desk: Desk):
    visit_app(desk, lambda ack: ack())
    (view,) = desk.see("U01")["modals"]
    assert desk.do("close", view_id=view["id"]) == {"ok": True}
    assert desk.see("U01")["modals"] == []
    assert [e["payload"]["type"] for e in desk.traffic("interactive")] == []


def test_a_late_trigger_opens_nothing():
    desk = open_desk(Pace(trigger=-1.0))  # every trigger is too old
    try:
        app, errors = desk.app(), []

        @app.command("/echo")
        def begin(ack, body, client):
            ack()
            errors.append(
                refusal(lambda: client.views_open(trigger_id=body["trigger_id"], view=MODAL))
            )

        desk.connect(app)
        desk.do("command", channel="D01", command="/echo")
        eventually(lambda: errors == ["expired_trigger_id"])
    finally:
        close_desk(desk)


def test_a_trigger_opens_one_view_only(desk: Desk):
    app, errors = desk.app(), []

    @app.command("/echo")
    def begin(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        errors.append(refusal(lambda: client.views_open(trigger_id=body["trigger_id"], view=MODAL)))

    desk.connect(app)
    desk.do("command", channel="D01", command="/echo")
    eventually(lambda: errors == ["exchanged_trigger_id"])


def test_opening_home_publishes_a_view_for_that_person_alone(desk: Desk):
    app, tabs = desk.app(), []
    view = {
        "type": "home",
        "blocks": [
            {"type": "actions", "block_id": "b", "elements": [button("Refresh", "refresh")]}
        ],
    }

    @app.event("app_home_opened")
    def opened(event, client):
        tabs.append(event["tab"])
        client.views_publish(user_id=event["user"], view=view)

    @app.action("refresh")
    def refresh(ack, body, client):
        ack()
        client.views_publish(user_id=body["user"]["id"], view=view, hash=body["view"]["hash"])

    desk.connect(app)
    desk.do("open", tab="home")
    eventually(lambda: desk.see("U01")["home"] is not None)
    assert (tabs, desk.see("U02")["home"]) == (["home"], None)
    first = desk.see("U01")["home"]
    assert desk.do("press", view_id=first["id"], block_id="b", action_id="refresh")["ok"]
    eventually(lambda: desk.see("U01")["home"]["hash"] != first["hash"])
    assert desk.see("U01")["home"]["id"] == first["id"]


def test_status_and_prompts_show_until_the_answer_comes(desk: Desk):
    client = desk.client()
    ts = desk.do("say", channel="D01", text="?")["ts"]
    client.assistant_threads_setStatus(channel_id="D01", thread_ts=ts, status="is reading…")
    client.assistant_threads_setSuggestedPrompts(
        channel_id="D01", prompts=[{"title": "a", "message": "b"}]
    )
    dm = desk.see("U01")["conversations"][0]
    assert dm["statuses"][0]["status"] == "is reading…"
    assert dm["prompts"]["prompts"] == [{"title": "a", "message": "b"}]
    client.chat_postMessage(channel="D01", thread_ts=ts, text="answer")
    assert desk.see("U01")["conversations"][0]["statuses"] == []


def test_a_status_nobody_takes_away_goes_after_two_minutes(desk: Desk):
    client = desk.client()
    ts = desk.do("say", channel="D01", text="?")["ts"]
    client.assistant_threads_setStatus(channel_id="D01", thread_ts=ts, status="is reading…")

    desk.do("clock", minutes=1)
    assert desk.see("U01")["conversations"][0]["statuses"]
    desk.do("clock", minutes=1)
    assert desk.see("U01")["conversations"][0]["statuses"] == []


def test_a_status_needs_a_message_it_can_stand_beneath(desk: Desk):
    client = desk.client()

    def status():
        client.assistant_threads_setStatus(channel_id="D01", thread_ts="1.2", status="x")

    assert refusal(status) == "message_not_found"
