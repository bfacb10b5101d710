"""Reading files in limited child processes, so that a hostile one costs a line, not the bot."""

import itertools
import json
import os
import queue
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import knowledge
from knowledge.errors import ReadingError
from knowledge.reading.document import Block, Document

READABLE = (".md", ".txt", ".html", ".htm", ".docx", ".pdf", ".xlsx", ".pptx")
LARGEST_ANSWER = 100_000_000
"""Bytes a child may answer with; its own limits keep it far below."""

_CHUNK = 1_048_576
_AHEAD = 4
_FEW = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost: seconds of CPU and of wall time, bytes of memory."""

    cpu_seconds: int = 30
    wall_seconds: float = 90.0
    memory: int = 1_500_000_000


class Reader:
    """Reads files, one child process a processor; each starts when it is first needed."""

    def __init__(self, limits: Limits | None = None, children: int | None = None) -> None:
        """Start nothing yet."""
        count = children or os.cpu_count() or 1
        self._children = [_Child(limits or Limits()) for _ in range(count)]
        # The last one used is the next one taken: a single file starts a single child.
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        for child in self._children:
            self._idle.put(child)

    def __enter__(self) -> Self:
        """Use as a context: the children end with it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the children."""
        for child in self._children:
            child.stop()

    def read(self, path: Path) -> Document:
        """A file's document; ReadingError says in one line why it cannot be had."""
        child = self._idle.get()
        try:
            return child.read(path)
        finally:
            self._idle.put(child)

    def read_many(self, paths: Iterable[Path]) -> Generator[Document | ReadingError]:
        """Each file's document, or why it cannot be had, in the order of the paths.

        Files are read side by side and only a few ahead of what was asked for; a few files alone
        are not worth another child.
        """
        paths = iter(paths)
        few = list(itertools.islice(paths, _FEW))
        if len(few) < _FEW or len(self._children) == 1:
            yield from map(self._attempt, itertools.chain(few, paths))
            return
        waiting: deque[Future[Document | ReadingError]] = deque()
        pool = ThreadPoolExecutor(len(self._children))
        try:
            for path in itertools.chain(few, paths):
                waiting.append(pool.submit(self._attempt, path))
                if len(waiting) > _AHEAD * len(self._children):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _attempt(self, path: Path) -> Document | ReadingError:
        try:
            return self.read(path)
        except ReadingError as error:
            return error


class _Child:
    """One process and its pipes; started again for the next file when it has died."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, path: Path) -> Document:
        process = self._process or self._start()
        self._process = process
        try:
            line = exchange(process, json.dumps({"path": str(path)}), self._limits.wall_seconds)
        except LostError as lost:
            self.stop()
            raise ReadingError(str(lost)) from None
        return _document(json.loads(line))

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

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


class LostError(Exception):
    """No answer will come from a child; the message is the reason to give."""


def exchange(process: subprocess.Popen[bytes], request: str, wall_seconds: float) -> bytes:
    """Send one line, wait for one line until the time is up, however slowly it drips."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("the child is always started with both pipes")
    deadline = time.monotonic() + wall_seconds
    try:
        process.stdin.write(request.encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        raise LostError(_death(process)) from None
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not received.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise LostError(f"reading took too much time (over {wall_seconds:g} s): split it")
            chunk = os.read(process.stdout.fileno(), _CHUNK)
            if not chunk:
                raise LostError(_death(process))
            received += chunk
            if len(received) > LARGEST_ANSWER:
                raise LostError("holds more text than can be taken: split the document")
    return bytes(received)


def _death(process: subprocess.Popen[bytes]) -> str:
    """Why a child ended, as far as its exit tells."""
    if process.wait() == -signal.SIGXCPU:
        return "reading took too much time: split or simplify it"
    return "reading took too much memory, or broke its reader: split it or save it again"


def _document(answer: dict[str, Any]) -> Document:
    if "error" in answer:
        raise ReadingError(answer["error"])
    blocks = tuple(Block(*values) for values in answer["blocks"])
    return Document(blocks, answer["front_matter"], tuple(answer["notices"]))
