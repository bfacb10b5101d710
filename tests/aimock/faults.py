"""The faults of a model once more, against an endpoint that is not our own: `make test-aimock`.

aimock speaks OpenAI's interface as its authors understand it, so it shows where our own server of
tests/knowledge/model_server.py only speaks it as we do.
"""

import json
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from knowledge.library import Library
from knowledge.llm.drafter import Drafter, Terms
from tests.knowledge.conftest import TODAY, Shelf, on_one_engine
from tests.knowledge.test_asking import VISITS
from tests.knowledge.test_drafting import ASKED, LOGGED

COMMAND = Path(__file__).parents[2] / "build/aimock/node_modules/.bin/llmock"
CLAIM = "Log a visit within 3 business days."

pytestmark = on_one_engine


def draft(text=CLAIM, source="C1", quote=LOGGED):
    claims = [{"text": text, "source": source, "quote": quote}]
    return call(json.dumps({"answerable": True, "claims": claims}))


def call(arguments):
    return {"response": {"toolCalls": [{"name": "DraftSchema", "arguments": arguments}]}}


def words(text, **more):
    return {"response": {"content": text, **more}}


OUTCOMES = {
    "good answer": (draft(), "llm", ""),
    "invented quote": (draft(quote="Log it within 3 business days."), "extractive", "unsupported"),
    "invented source": (draft(source="C9"), "extractive", "unsupported"),
    "another number": (draft(text=CLAIM.replace("3", "4")), "extractive", "unsupported"),
    "empty answer": (words(""), "extractive", "malformed"),
    "plain words": (words(CLAIM), "extractive", "malformed"),
    "bad arguments": (call('{"answerable": tr'), "extractive", "malformed"),
    "429": (
        {"response": {"error": {"message": "slow down", "type": "rate_limit"}, "status": 429}},
        "extractive",
        "rate_limited",
    ),
    "500": (
        {"response": {"error": {"message": "oh no", "type": "server_error"}, "status": 500}},
        "extractive",
        "unavailable",
    ),
    "not JSON": (draft() | {"chaos": {"malformedRate": 1}}, "extractive", "malformed"),
    "cut": (draft() | {"chaos": {"disconnectRate": 1}}, "extractive", "unavailable"),
    "length": (words("Log a", finishReason="length"), "extractive", "incomplete"),
    "content filter": (words("", finishReason="content_filter"), "extractive", "filtered"),
    "slow": (draft(), "extractive", "deadline"),
}


@pytest.fixture
def endpoint(request, database, tmp_path, monkeypatch):
    """aimock with one answer, to whatever asks for a visit."""
    answer, *_ = OUTCOMES[request.param]
    fixtures = tmp_path / "fixtures.json"
    match = {"match": {"userMessage": "log a visit"}}
    fixtures.write_text(json.dumps({"fixtures": [match | answer]}), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [COMMAND, "-h", "127.0.0.1", "-p", str(port), "-f", fixtures, "--strict"]
    if request.param == "slow":
        command += ["--chaos-latency", "20000"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        listening(port)
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "mock")
        monkeypatch.delenv("SSL_CERT_FILE")
        yield request.param
        running.terminate()
    for thread in threading.enumerate():
        if thread.name == "model-call":  # left behind, and still to write into the database
            thread.join(60)


def listening(port):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("aimock does not answer: make test-aimock installs it")


@pytest.mark.parametrize("endpoint", OUTCOMES, indirect=True)
def test_every_answer_of_anothers_endpoint_has_its_one_outcome(endpoint, database, tmp_path):
    _, mode, kind = OUTCOMES[endpoint]
    drafter = Drafter(database, Terms("openai:gpt-5-mini", 3.0, 1_000_000), lambda: TODAY)
    drafter.open()
    shelf = Shelf(Library(database, tmp_path / "home", drafter=drafter), tmp_path / "policies")
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.sync()

    answer = shelf.ask(ASKED)
    shelf.library.close()

    assert (answer.mode, answer.fallback) == (mode, kind)
    assert bool(answer.claims) == (endpoint == "good answer")
    assert answer.status == "answered"
