"""Reading files in a limited child process, so that a hostile one costs a line, not the bot."""

import json
import os
import selectors
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import knowledge
from knowledge.errors import ReadingError
from knowledge.reading.document import Block, Document

READABLE = (".md", ".docx", ".pdf")
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost: seconds of CPU and of wall time, bytes of memory."""

    cpu_seconds: int = 30
    wall_seconds: float = 60.0
    memory: int = 1_500_000_000


class Reader:
    """Reads files one at a time; the child starts with the first and again after a crash."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Start nothing yet."""
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Use as a context: the child ends with it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child."""
        self._stop()

    def read(self, path: Path) -> Document:
        """A file's document; ReadingError says in one line why it cannot be had."""
        child = self._child or self._start()
        self._child = child
        line = _exchange(child, json.dumps({"path": str(path)}), self._limits.wall_seconds)
        if line is None:
            self._stop()
            raise ReadingError("reading it took too much time or memory: split or simplify it")
        return _document(json.loads(line))

    def _start(self) -> subprocess.Popen[bytes]:
        # -P and our own folder on the path: never a module from where the command was typed.
        package = Path(knowledge.__file__).parent.parent
        limits = [str(self._limits.cpu_seconds), str(self._limits.memory)]
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "knowledge.reading.child", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(package)},
        )

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _exchange(child: subprocess.Popen[bytes], request: str, wall_seconds: float) -> bytes | None:
    """Send one line, wait for one line; None when the child died or ran out of wall time."""
    if child.stdin is None or child.stdout is None:
        raise AssertionError("the child is always started with both pipes")
    try:
        child.stdin.write(request.encode() + b"\n")
        child.stdin.flush()
    except BrokenPipeError:
        return None
    received = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while not received.endswith(b"\n"):
            if not selector.select(wall_seconds):
                return None
            chunk = os.read(child.stdout.fileno(), _CHUNK)
            if not chunk:
                return None
            received += chunk
    return received


def _document(answer: dict[str, Any]) -> Document:
    if "error" in answer:
        raise ReadingError(answer["error"])
    blocks = tuple(Block(*values) for values in answer["blocks"])
    return Document(blocks, answer["front_matter"], tuple(answer["notices"]))
