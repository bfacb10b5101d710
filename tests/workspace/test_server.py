"""Starting, stopping, and who may reach it."""

import http.client
import json
import socket
import urllib.error
import urllib.request

import pytest

from tests.workspace.desk import START, TEAM, Desk
from workspace.clock import Clock
from workspace.errors import NotLoopback, PortTaken
from workspace.server import Workspace


def test_a_taken_port_is_named_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        workspace = Workspace(TEAM, Clock(START))
        with pytest.raises(PortTaken, match=f"port {port} is already in use"):
            workspace.start(port=port)
        with pytest.raises(PortTaken):
            workspace.serve(port=port)
        workspace.stop()  # nothing had begun


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "example.com"])  # noqa: S104 - refused
def test_it_listens_on_this_machine_only(host):
    with pytest.raises(NotLoopback, match=r"127\.0\.0\.1"):
        Workspace(TEAM, Clock(START)).start(host=host)


def ask(desk: Desk, headers: dict[str, str], path: str = "/workspace/clock") -> int:
    host, port = desk.workspace.url.removeprefix("http://").rstrip("/").split(":")
    line = http.client.HTTPConnection(host, int(port))
    try:
        line.request("POST", path, json.dumps({"minutes": 1}), headers)
        return line.getresponse().status
    finally:
        line.close()


def test_another_sites_page_can_do_nothing_here(desk: Desk):
    own = desk.workspace.url.rstrip("/")
    assert ask(desk, {"Origin": own}) == 200
    assert ask(desk, {"Origin": "https://evil.example"}) == 403
    assert ask(desk, {"Host": "rebound.example"}) == 403
    assert ask(desk, {}) == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'{"user": 7}'])
def test_a_broken_request_is_answered_plainly(desk: Desk, body):
    host, port = desk.workspace.url.removeprefix("http://").rstrip("/").split(":")
    for path in (
        "/workspace/say",
        "/workspace/press",
        "/api/chat.postMessage",
        "/actions/T01/x",
        "/workspace/faults",
    ):
        line = http.client.HTTPConnection(host, int(port))
        line.request("POST", path, body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        assert answer.status < 500, path
        assert json.loads(answer.read())["ok"] is False
        line.close()


def test_only_files_of_the_page_are_served(desk: Desk):
    host, port = desk.workspace.url.removeprefix("http://").rstrip("/").split(":")
    for path, status in (
        ("/static/app.js", 200),
        ("/static/../server.py", 404),
        ("/static/nothing.js", 404),
    ):
        line = http.client.HTTPConnection(host, int(port))
        line.request("GET", path)
        answer = line.getresponse()
        assert (path, answer.status) == (path, status)
        answer.read()
        line.close()


def test_the_clock_needs_a_zone_and_goes_only_forward():
    with pytest.raises(ValueError, match="time zone"):
        Clock(START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="only goes forward"):
        Clock(START).step_to(START.replace(year=2020))


def test_stopping_ends_the_streams_of_open_pages():
    workspace = Workspace(TEAM, Clock(START))
    workspace.start()
    with urllib.request.urlopen(f"{workspace.url}workspace/stream?user=U01") as stream:  # noqa: S310 - our own http
        assert stream.readline().startswith(b"data: {")
        workspace.stop()
        assert stream.read().strip() == b""  # it ended, and was not cut
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(workspace.url)  # noqa: S310 - the same
