"""The process that parses files: it may run out of time or memory without taking us along.

Started by `knowledge.reading.reader`. Reads one JSON line {"path": …} at a time from standard
input and answers each with one JSON line: {"blocks": [[text, level, page, place, table], …],
"front_matter": …, "notices": […]} or {"error": reason}. While it parses it can write no file
and open no connection.
"""

import importlib
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from knowledge.errors import ReadingError
from knowledge.reading.archives import check_kind
from knowledge.reading.document import Document, visible

LARGEST_FILE = 30_000_000
LONGEST_TEXT = 5_000_000
MOST_BLOCKS = 200_000
_MODULES = {
    ".md": "markdown",
    ".txt": "text",
    ".html": "web",
    ".htm": "web",
    ".docx": "word",
    ".pdf": "pdf",
    ".xlsx": "sheets",
    ".pptx": "slides",
}


def read(path: Path) -> Document:
    """The document of a readable file; ReadingError says in one line what is wrong."""
    size = path.stat().st_size
    if size == 0:
        raise ReadingError("the file is empty")
    if size > LARGEST_FILE:
        raise ReadingError(f"{size:,} bytes: split it, at most {LARGEST_FILE:,} are read")
    check_kind(path)
    document = _reader(path.suffix.lower())(path)
    if len(document.blocks) > MOST_BLOCKS:
        raise ReadingError(f"more than {MOST_BLOCKS:,} paragraphs or rows: split the document")
    if sum(len(block.text) for block in document.blocks) > LONGEST_TEXT:
        raise ReadingError(f"more than {LONGEST_TEXT:,} characters: split the document")
    return visible(document)


def _reader(suffix: str) -> Callable[[Path], Document]:
    """What reads a kind of file: `read_x` of module x. Its library loads only when needed."""
    name = _MODULES[suffix]
    module = importlib.import_module(f"knowledge.reading.{name}")
    return cast("Callable[[Path], Document]", getattr(module, f"read_{name}"))


def answer(path: Path) -> dict[str, Any]:
    """What is sent back for one file."""
    try:
        document = read(path)
    except ReadingError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "needs more memory to read than is allowed: split or simplify it"}
    except RecursionError:
        return {"error": "nested too deeply to be read: simplify it"}
    except OSError as error:
        return {"error": f"cannot open the file: {error.strerror or error}"}
    except Exception as error:  # noqa: BLE001 - a parser may raise anything over a broken file
        return {"error": f"the file is damaged ({type(error).__name__}): save it again"}
    return {
        "blocks": [
            (block.text, block.level, block.page, block.place, block.table)
            for block in document.blocks
        ],
        "front_matter": document.front_matter,
        "notices": document.notices,
    }


def confine(memory: int) -> None:
    """Bound this process for good: its memory, no core dumps, no connections."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse_connections)


def _refuse_connections(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith("socket."):
        raise PermissionError("a reader of files opens no connections")


def allow_writing(*, allowed: bool) -> None:
    """Let files be written or not: while a parser loads its bytecode may be kept, never after."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if allowed else 0, hard))


def _allow_seconds(cpu_seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_seconds, hard))


def main() -> None:
    """Answer one request line at a time until standard input ends."""
    cpu_seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    confine(memory)
    for line in sys.stdin:
        path = Path(json.loads(line)["path"])
        allow_writing(allowed=True)
        _reader(path.suffix.lower())
        _allow_seconds(cpu_seconds)
        allow_writing(allowed=False)
        sys.stdout.write(json.dumps(answer(path)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
