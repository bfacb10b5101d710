"""The process that parses files: it may run out of time or memory without taking us along.

Started by `knowledge.reading.reader`. Reads one JSON line {"path": …} at a time from standard
input and answers each with one JSON line: {"blocks": [[text, level, page, place, table], …],
"front_matter": …, "notices": […]} or {"error": reason}.
"""

import json
import resource
import sys
import zipfile
from dataclasses import astuple
from pathlib import Path
from typing import Any

from knowledge.errors import ReadingError
from knowledge.reading.document import Document

LARGEST_FILE = 30_000_000
LARGEST_EXPANDED = 200_000_000
MOST_ENTRIES = 2_000
LONGEST_TEXT = 5_000_000
_ZIP_MAGIC, _OLE_MAGIC, _PDF_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-"


def read(path: Path) -> Document:
    """The document of a readable file; ReadingError says in one line what is wrong."""
    size = path.stat().st_size
    if size == 0:
        raise ReadingError("the file is empty")
    if size > LARGEST_FILE:
        raise ReadingError(f"{size:,} bytes: at most {LARGEST_FILE:,} are read")
    document = _READERS[path.suffix.lower()](path)
    if sum(len(block.text) for block in document.blocks) > LONGEST_TEXT:
        raise ReadingError(f"more than {LONGEST_TEXT:,} characters: split the document")
    return document


# Each library loads only for its own kind of file.


def _markdown(path: Path) -> Document:
    from knowledge.reading.markdown import read_markdown  # noqa: PLC0415

    return read_markdown(path)


def _text(path: Path) -> Document:
    from knowledge.reading.text import read_text  # noqa: PLC0415

    return read_text(path)


def _web(path: Path) -> Document:
    from knowledge.reading.web import read_web  # noqa: PLC0415

    return read_web(path)


def _sheets(path: Path) -> Document:
    from knowledge.reading.sheets import read_sheets  # noqa: PLC0415

    _check_archive(path)
    return read_sheets(path)


def _slides(path: Path) -> Document:
    from knowledge.reading.slides import read_slides  # noqa: PLC0415

    _check_archive(path)
    return read_slides(path)


def _word(path: Path) -> Document:
    from knowledge.reading.word import read_word  # noqa: PLC0415

    _check_archive(path)
    return read_word(path)


def _pdf(path: Path) -> Document:
    from knowledge.reading.pdf import read_pdf  # noqa: PLC0415

    if _PDF_MAGIC not in _start(path):
        raise ReadingError("cannot read the PDF: it is not a PDF")
    return read_pdf(path)


_READERS = {
    ".md": _markdown,
    ".txt": _text,
    ".html": _web,
    ".htm": _web,
    ".docx": _word,
    ".pdf": _pdf,
    ".xlsx": _sheets,
    ".pptx": _slides,
}


def _check_archive(path: Path) -> None:
    start = _start(path)
    if start.startswith(_OLE_MAGIC):
        raise ReadingError("an old or password-protected Word file: save it as .docx, unlocked")
    if not start.startswith(_ZIP_MAGIC):
        raise ReadingError("not a Word file: save it again as .docx")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise ReadingError("the Word file is cut short or damaged: save it again") from error
    expanded = sum(member.file_size for member in members)
    if len(members) > MOST_ENTRIES or expanded > LARGEST_EXPANDED:
        raise ReadingError(f"the Word file unpacks to {expanded:,} bytes in {len(members):,} parts")


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1024)


def answer(path: Path) -> dict[str, Any]:
    """What is sent back for one file."""
    try:
        document = read(path)
    except ReadingError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "needs more memory to read than is allowed"}
    except OSError as error:
        return {"error": f"cannot open the file: {error.strerror or error}"}
    except Exception as error:  # noqa: BLE001 - a parser may raise anything over a broken file
        return {"error": f"the file is damaged ({type(error).__name__}): save it again"}
    return {
        "blocks": [astuple(block) for block in document.blocks],
        "front_matter": document.front_matter,
        "notices": document.notices,
    }


def main() -> None:
    """Answer one request line at a time until standard input ends."""
    cpu_seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    for line in sys.stdin:
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime) + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_seconds, hard))
        sys.stdout.write(json.dumps(answer(Path(json.loads(line)["path"]))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
