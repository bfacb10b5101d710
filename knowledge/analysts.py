"""Tokens of many clauses at once, in processes beside this one.

Python works out some three thousand clauses' tokens a second on one processor. Each helper reads
the glossary from the first JSON line of standard input, then one line of [about, text] pairs at a
time, and answers with their tokens; it ends with its input, so it cannot outlive whoever started
it.
"""

import json
import os
import queue
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import astuple
from pathlib import Path

import knowledge
from knowledge.analysis import analyse
from knowledge.glossary import Glossary, Idea

WORTH_HELP = 2_000
"""Clauses from which helpers are started: below that they take longer to start than to work."""

Pair = tuple[str, str]


@contextmanager
def analysts(clauses: int, glossary: Glossary) -> Iterator["Analysts"]:
    """Who works out the tokens of so many clauses."""
    with ExitStack() as stack:
        helpers = (os.cpu_count() or 1) if clauses >= WORTH_HELP else 0
        yield Analysts(stack, helpers, glossary)


class Analysts:
    """Helpers, or nobody but this process. Only `analysts` makes them."""

    def __init__(self, stack: ExitStack, helpers: int, glossary: Glossary) -> None:
        self._glossary = glossary
        self._idle: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        for _ in range(helpers):
            self._idle.put(stack.enter_context(_started(glossary)))
        self._pool = stack.enter_context(ThreadPoolExecutor(helpers)) if helpers else None

    def tokens(self, pairs: Sequence[Pair]) -> "Future[list[str]]":
        """The tokens of clauses by their `about` and text, once they are there."""
        if self._pool:
            return self._pool.submit(self._ask, pairs)
        done: Future[list[str]] = Future()
        done.set_result(self._here(pairs))
        return done

    def _ask(self, pairs: Sequence[Pair]) -> list[str]:
        helper = self._idle.get()
        if helper.stdin is None or helper.stdout is None:
            raise AssertionError("a helper is always started with both pipes")
        try:
            helper.stdin.write(json.dumps(pairs).encode() + b"\n")
            helper.stdin.flush()
            answer: list[str] = json.loads(helper.stdout.readline())
        except (OSError, ValueError):  # somebody ended it: its work is done here
            return self._here(pairs)
        finally:
            self._idle.put(helper)
        return answer

    def _here(self, pairs: Sequence[Pair]) -> list[str]:
        return [analyse(about, text, self._glossary) for about, text in pairs]


@contextmanager
def _started(glossary: Glossary) -> Iterator[subprocess.Popen[bytes]]:
    # -P and our own folder on the path: never a module from where the command was typed.
    package = Path(knowledge.__file__).parent.parent
    helper = subprocess.Popen(
        [sys.executable, "-P", "-m", "knowledge.analysts"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(package)},
    )
    try:
        _tell(helper, glossary)
        yield helper
    finally:
        helper.kill()
        helper.communicate()


def _tell(helper: "subprocess.Popen[bytes]", glossary: Glossary) -> None:
    entries = [astuple(idea) for idea in glossary.entries.values()]
    with suppress(OSError):  # somebody ended it: its work is done here
        if helper.stdin:
            helper.stdin.write(json.dumps(entries).encode() + b"\n")
            helper.stdin.flush()


def main() -> None:
    """Answer one line at a time until standard input ends."""
    glossary = Glossary(Idea(*entry) for entry in json.loads(sys.stdin.readline() or "[]"))
    for line in sys.stdin:
        answer = [analyse(about, text, glossary) for about, text in json.loads(line)]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
