"""Socket Mode: one connection per envelope, redelivery, refresh, faults."""

from datetime import datetime

from slack_bolt import App

from tests.workspace.desk import Desk, eventually


def silent_then_heard(desk: Desk, refusals: int) -> list[dict]:
    """An app that fails the first deliveries of an event, as middleware whose database is down."""
    app, heard = desk.app(), []

    @app.middleware
    def record(req, next):  # noqa: A002 - Bolt injects by this name
        heard.append(
            {"id": req.body["event_id"], "retry": req.headers.get("x-slack-retry-num", ["0"])[0]}
        )
        if len(heard) <= refusals:
            raise RuntimeError("the inbox is down")
        next()

    app.event("message")(lambda: None)
    desk.connect(app)
    return heard


def test_an_event_nobody_acknowledged_comes_again_under_the_same_id(desk: Desk):
    heard = silent_then_heard(desk, refusals=2)
    desk.do("say", channel="D01", text="hello")
    eventually(lambda: len(heard) == 2)  # at once
    desk.do("clock", minutes=1)
    eventually(lambda: len(heard) == 3)  # a minute later
    assert [one["retry"] for one in heard] == ["0", "1", "2"]
    assert len({one["id"] for one in heard}) == 1
    reasons = [envelope["retry_reason"] for envelope in desk.traffic("events_api")]
    assert reasons == ["", "timeout", "timeout"]
    desk.do("clock", minutes=10)
    desk.do("say", channel="D01", text="next")
    eventually(lambda: len(heard) == 4)
    assert len({one["id"] for one in heard}) == 2  # acknowledged ones do not come again


def test_an_event_waits_for_an_app_to_connect(desk: Desk):
    desk.do("say", channel="D01", text="early")
    heard = silent_then_heard(desk, refusals=0)
    assert heard == []
    desk.do("clock", minutes=1)
    eventually(lambda: len(heard) == 1)


def replica(desk: Desk, heard: list[str], texts: list[str]) -> App:
    app = desk.app()

    @app.event("message")
    def asked(event):
        heard.append(event["text"])
        texts.append(event["text"])

    return app


def test_two_replicas_each_get_their_share_and_none_twice(desk: Desk):
    first, second, texts = [], [], []
    desk.connect(replica(desk, first, texts))
    desk.connect(replica(desk, second, texts))
    for n in range(6):
        desk.do("say", channel="D01", text=str(n))
    eventually(lambda: len(texts) == 6)
    assert sorted(texts) == [str(n) for n in range(6)]
    assert (len(first), len(second)) == (3, 3)


def test_a_refresh_reconnects_and_loses_nothing(desk: Desk):
    heard, texts = [], []
    line = desk.connect(replica(desk, heard, texts))
    before = line.client.session_id()
    desk.do("socket", do="refresh")
    eventually(lambda: line.client.session_id() != before and line.client.is_connected())
    desk.do("say", channel="D01", text="after")
    eventually(lambda: texts == ["after"])


def test_a_dropped_connection_is_noticed_and_replaced(desk: Desk):
    heard, texts = [], []
    line = desk.connect(replica(desk, heard, texts))
    desk.do("socket", do="drop")
    eventually(lambda: desk.see("U01")["connections"] == 0 or line.client.is_connected())
    eventually(lambda: desk.see("U01")["connections"] == 1)
    desk.do("say", channel="D01", text="after")
    eventually(lambda: texts == ["after"])


def test_an_event_can_be_doubled_on_demand(desk: Desk):
    app, ids = desk.app(), []
    app.event("message")(lambda body: ids.append(body["event_id"]))
    desk.connect(app)
    assert desk.do("faults", kind="duplicate_event", method="message")["ok"]
    desk.do("say", channel="D01", text="twice")
    eventually(lambda: len(ids) == 2)
    assert len(set(ids)) == 1
    desk.do("say", channel="D01", text="once")
    eventually(lambda: len(set(ids)) == 2)
    assert len(ids) == 3


def test_a_connection_needs_a_fresh_ticket(desk: Desk):
    client = desk.client(desk.workspace.app_token)
    urls = {
        client.apps_connections_open(app_token=desk.workspace.app_token)["url"] for _ in range(2)
    }
    assert len(urls) == 2
    assert all(
        url.startswith(desk.workspace.url.replace("http", "ws") + "link/?ticket=") for url in urls
    )


def test_the_clock_steps_to_the_next_morning_and_stamps_follow(desk: Desk):
    client = desk.client()
    before = client.chat_postMessage(channel="U01", text="a")["ts"]
    now = desk.do("clock", to="next_morning")["now"]
    # 07:59 on Monday in Shanghai goes to Tuesday half past eight.
    assert datetime.fromisoformat(now).strftime("%Y-%m-%d %H:%M") in (
        "2026-11-17 08:30",
        "2026-11-17 00:30",
    )
    after = client.chat_postMessage(channel="U01", text="b")["ts"]
    minutes = (float(after) - float(before)) / 60
    assert 24 * 60 + 30 <= minutes <= 24 * 60 + 32  # 24 h 31 min but for the seconds run
    assert not desk.do("clock", minutes=-5)["ok"]
