"""An embedding endpoint as OpenAI's interface has it, over real HTTP on this machine."""

import json
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from knowledge.tokens import tokenize

DIMENSIONS = 64


class Endpoint:
    """Where it is, what it was asked, and how it misbehaves.

    `status` is what it answers with; while `held` is clear it does not answer at all.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.batches: list[list[str]] = []
        self.models: set[str] = set()
        self.status = 200
        self.held = threading.Event()
        self.held.set()


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.told = Endpoint(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.told
    finally:
        server.told.held.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        told = self.server.told
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told.batches.append(asked["input"])
        told.models.add(asked["model"])
        told.held.wait()
        if told.status == 200:
            data = [
                {"object": "embedding", "index": index, "embedding": vector(text)}
                for index, text in enumerate(asked["input"])
            ]
            answer = {"object": "list", "data": data, "model": asked["model"], "usage": USAGE}
        else:
            answer = {"error": {"message": "the model is overloaded", "type": "server_error"}}
        body = json.dumps(answer).encode()
        self.send_response(told.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


USAGE = {"prompt_tokens": 1, "total_tokens": 1}


def vector(text: str) -> list[float]:
    """How often words of each kind occur: near for texts that share words."""
    counts = [0.0] * DIMENSIONS
    for word in tokenize(text).words:
        counts[zlib.crc32(word.encode()) % DIMENSIONS] += 1
    return counts
