"""A chat endpoint as OpenAI's interface has it, over real HTTP on this machine, with its faults.

It reads the clauses out of the prompt, as a model would, and answers by a script: a function of
what it was asked. Everything it was sent is kept.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960}


@dataclass(frozen=True)
class Asked:
    """One request: which schema it wants, its messages, and the parts of its data by their name."""

    schema: str
    system: str
    human: str
    parts: dict[str, str] = field(default_factory=dict)

    def source(self, words: str) -> str:
        """The id of the clause that holds some words."""
        return next(
            name.removeprefix("clause ")
            for name, text in self.parts.items()
            if name.startswith("clause ") and words in text
        )


@dataclass(frozen=True)
class Reply:
    """An answer over HTTP; `fault` is one of "", "cut", "drip"."""

    body: str
    status: int = 200
    kind: str = "application/json"
    fault: str = ""


Script = Callable[[Asked], Reply]


def called(arguments: object, finish: str = "stop", usage: dict | None = USAGE) -> Reply:
    """A call of the one function there is, with arguments as an object or as broken text."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "DraftSchema", "arguments": text},
    }
    return _completion({"role": "assistant", "content": None, "tool_calls": [call]}, finish, usage)


def said(text: str, finish: str = "stop") -> Reply:
    """Plain words instead of a call."""
    return _completion({"role": "assistant", "content": text}, finish, USAGE)


def claims(*three: tuple[str, str, str], answerable: bool = True) -> Reply:
    """A draft: each claim's text, the id of its source, its quote."""
    names = ("text", "source", "quote")
    return called(
        {"answerable": answerable, "claims": [dict(zip(names, one, strict=True)) for one in three]}
    )


def failing(status: int) -> Reply:
    """An error as the endpoint words it."""
    error = {"message": "the model is overloaded", "type": "server_error", "code": None}
    return Reply(json.dumps({"error": error}), status)


def quoting(text: str, quote: str) -> Script:
    """A model that says one thing and quotes the clause that holds the quote."""

    def script(asked: Asked) -> Reply:
        return claims((text, asked.source(quote), quote))

    return script


class ModelServer:
    """Where it is, what it was asked, what it does next.

    `script` answers drafts and `rewrite` rewritings. What drips goes on until `released` is set.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Asked] = []
        self.raw: list[str] = []
        self.script: Script = lambda _: failing(500)
        self.rewrite: Script = lambda asked: rewritten(asked.parts["last question"])
        self.released = threading.Event()
        self.dripping = threading.Event()

    def let_go(self) -> None:
        """End what drips, and wait for the calls that were left behind: they still write."""
        self.released.set()
        for thread in threading.enumerate():
            if thread.name == "model-call":
                thread.join(60)

    @property
    def drafts(self) -> list[Asked]:
        return [one for one in self.requests if one.schema == "DraftSchema"]


def rewritten(text: str) -> Reply:
    """A question made whole."""
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "RewriteSchema", "arguments": json.dumps({"question": text})},
    }
    return _completion({"role": "assistant", "content": None, "tool_calls": [call]}, "stop", USAGE)


@contextmanager
def as_openai(monkeypatch) -> Iterator[ModelServer]:
    """A server that is OpenAI as far as this process's environment says."""
    with model_server() as opened:
        monkeypatch.setenv("OPENAI_BASE_URL", opened.url)
        monkeypatch.setenv("OPENAI_API_KEY", "made-up")
        # OpenAI's client insists on certificates, which no other test has a use for.
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        yield opened


@contextmanager
def model_server() -> Iterator[ModelServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.told = ModelServer(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.told
    finally:
        server.told.let_go()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        told = self.server.told
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = read(json.loads(raw))
        told.raw.append(raw)
        told.requests.append(asked)
        reply = (told.rewrite if asked.schema == "RewriteSchema" else told.script)(asked)
        body = reply.body.encode()
        self.close_connection = True
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(body) + 100_000 * (reply.fault == "drip")))
        self.end_headers()
        if reply.fault == "drip":
            self._drip(told)
        self.wfile.write(body[: len(body) // 2] if reply.fault == "cut" else body)

    def _drip(self, told: ModelServer) -> None:
        """White space, which any JSON may begin with, a sign at a time."""
        try:
            while not told.released.wait(0.02):
                self.wfile.write(b" ")
                told.dripping.set()
        except OSError:
            told.dripping.set()

    def log_message(self, *_):
        pass


def read(body: dict) -> Asked:
    """What a request asks, its data parted by the mark that no data can hold."""
    system, human = (message["content"] for message in body["messages"])
    mark = re.search(r"\[([0-9a-f]{16}) ", human)[1]
    parts = re.findall(rf"\[{mark} ([^\]]+)\]\n(.*?)\n\[{mark} end\]", human, re.DOTALL)
    return Asked(body["tools"][0]["function"]["name"], system, human, dict(parts))


def _completion(message: dict, finish: str, usage: dict | None) -> Reply:
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "made-up",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
    }
    return Reply(json.dumps(answer | ({"usage": usage} if usage else {}), ensure_ascii=False))
