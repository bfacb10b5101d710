"""The messenger: private matters stay private, and every fault is told for what it is."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack.connection import SlackRefusedError, identify, web_client
from bot.slack.messenger import SlackMessenger
from jobs.messenger import Message, TransportError
from tests.bot.office import MORNING, TEAM
from workspace.clock import Clock
from workspace.server import Workspace

ACCOUNTS = {"M001": "UM001", "M002": "UM002", "M404": "U0NOBODY"}
SECRET = "云小舟 87.5 戊石篱"


class Edge:
    """A workspace, and our messenger to it."""

    def __init__(self) -> None:
        self.workspace = Workspace(TEAM, Clock(MORNING))
        self.workspace.start()
        self.client = web_client(self.workspace.bot_token, self.workspace.base_url)
        self.messenger = SlackMessenger(self.client, ACCOUNTS.get, self.draw)

    def draw(self, message: Message) -> dict:
        block = {"type": "divider", "block_id": message.marker}
        return {"text": SECRET, "blocks": [block]}

    def fault(self, method: str, kind: str, **more) -> None:
        self.workspace._state.faults.plan({"method": method, "kind": kind} | more)

    def posts(self, channel: str) -> list[dict]:
        return [post.message for post in self.workspace._state.conversations.all(channel)]


@pytest.fixture(scope="module")
def edge():
    opened = Edge()
    yield opened
    opened.workspace.stop()


def message(key="k", recipient="M001", disclosure="client", place=None) -> Message:
    payload = {} if place is None else {"place": {"channel": place, "thread": None}}
    return Message(key, recipient, "digest", disclosure, payload)


def test_a_message_goes_to_its_persons_own_conversation_and_is_found_there(edge):
    sent = edge.messenger.send(message("found"))

    assert sent.channel == "DM001"
    assert edge.messenger.find(message("found"), MORNING) == sent
    assert edge.messenger.find(message("another"), MORNING) is None


def test_it_is_found_by_its_block_when_the_metadata_is_gone(edge):
    sent = edge.messenger.send(message("by block"))
    (post,) = [p for p in edge.posts("DM001") if p["ts"] == sent.ts]
    post.pop("metadata")

    assert edge.messenger.find(message("by block"), MORNING) == sent


def test_it_is_found_beyond_the_first_page(edge):
    sent = edge.messenger.send(message("first of many", "M002"))
    for n in range(120):
        edge.client.chat_postMessage(channel="DM002", text=str(n))

    assert edge.messenger.find(message("first of many", "M002"), MORNING) == sent


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    disclosure=st.sampled_from(["personal", "client"]),
    channel=st.sampled_from(["C0STAFF", "C0SHARED", "G0GROUP", "C0", "", "UM001"]),
    key=st.text(min_size=1, max_size=20),
)
def test_personal_and_client_matters_never_leave_for_anywhere_but_one_person(
    edge, disclosure, channel, key
):
    with pytest.raises(TransportError) as error:
        edge.messenger.send(message(key, disclosure=disclosure, place=channel))

    assert error.value.permanent
    assert not any(SECRET in post["text"] for c in TEAM.channels for post in edge.posts(c.id))


@pytest.mark.parametrize("disclosure", ["public", "staff"])
def test_what_everybody_may_see_may_stand_in_a_channel(edge, disclosure):
    sent = edge.messenger.send(message(disclosure, disclosure=disclosure, place="C0STAFF"))

    assert sent.channel == "C0STAFF"


@pytest.mark.parametrize(
    ("kind", "more", "permanent", "unknown"),
    [
        ("500", {}, False, True),
        ("html", {}, False, True),
        ("accepted_then_500", {}, False, True),
        ("reset_after_read", {}, False, True),
        ("ok_false", {"error": "fatal_error"}, False, True),
        ("ok_false", {"error": "account_inactive"}, False, False),
        ("ok_false", {"error": "token_revoked"}, False, False),
        ("ok_false", {"error": "not_in_channel"}, True, False),
        ("ok_false", {"error": "invalid_blocks"}, True, False),
        ("429", {"seconds": 7}, False, False),
    ],
)
def test_a_fault_is_permanent_unknown_or_to_be_tried_again(edge, kind, more, permanent, unknown):
    edge.fault("chat.postMessage", kind, **more)

    with pytest.raises(TransportError) as error:
        edge.messenger.send(message(kind))

    assert (error.value.permanent, error.value.unknown) == (permanent, unknown)
    assert error.value.retry_after == more.get("seconds")
    assert SECRET not in str(error.value)


def test_a_refused_connection_was_never_a_message(edge):
    away = SlackMessenger(web_client("xoxb-x", "http://127.0.0.1:9/api/"), ACCOUNTS.get, edge.draw)

    with pytest.raises(TransportError) as error:
        away.send(message(place="DM001"))

    assert (error.value.permanent, error.value.unknown) == (False, False)


def test_opening_a_conversation_may_be_tried_again_whatever_happened(edge):
    fresh = SlackMessenger(edge.client, ACCOUNTS.get, edge.draw)
    edge.fault("conversations.open", "reset_after_read")

    with pytest.raises(TransportError) as error:
        fresh.send(message("opened"))

    assert (error.value.permanent, error.value.unknown) == (False, False)


def test_somebody_without_an_account_is_never_sent_anything(edge):
    for recipient in ("M999", "M404"):
        with pytest.raises(TransportError) as error:
            edge.messenger.send(message(recipient=recipient))
        assert error.value.permanent


def test_a_call_is_never_repeated_by_the_library(edge):
    before = len(edge.posts("DM001"))
    edge.fault("chat.postMessage", "accepted_then_500")

    with pytest.raises(TransportError):
        edge.messenger.send(message("once"))

    assert len(edge.posts("DM001")) == before + 1


def test_a_wrong_token_and_a_wrong_address_are_told_in_one_line(edge):
    with pytest.raises(SlackRefusedError, match=r"SLACK_BOT_TOKEN \(invalid_auth\)"):
        identify(web_client("xoxb-wrong", edge.workspace.base_url))
    with pytest.raises(SlackRefusedError, match="cannot be reached at"):
        identify(web_client("xoxb-x", "http://127.0.0.1:9/api/"))
