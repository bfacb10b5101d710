"""Reading pictures of pages with tesseract, where it is installed.

A word counts only as far as tesseract itself is sure of it: a page it is unsure of is not read.
"""

import csv
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import groupby

from knowledge.reading.encoding import join_lines
from knowledge.reading.labels import opens_paragraph

LANGUAGES = ("chi_sim", "eng")
MOST_PAGES = 60
MOST_SECONDS = 50.0
"""For all pages of a document together, so that its reading ends in time."""
PAGE_SECONDS = 20.0
DPI = 300
_LONGEST_SIDE = 5_000
_LEAST_SURE = 60.0
_WORD_LEVEL = "5"
_ENDS_SENTENCE = re.compile(r"[。；：！？.;:!?][”’」』）)\"']*$")


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as grey pixels, row by row from the top."""

    width: int
    height: int
    pixels: bytes


class Recogniser:
    """Reads pictures of pages, as long as the time lasts."""

    def __init__(self, executable: str) -> None:
        """Use a tesseract; see `find`."""
        self.executable = executable
        self.languages = _languages(executable)
        self._spent = 0.0

    @property
    def exhausted(self) -> bool:
        """Whether the time for this document is used up."""
        return self._spent >= MOST_SECONDS

    def read(self, picture: Picture) -> list[str] | None:
        """The paragraphs of a picture, None when there are none or they cannot be relied on."""
        started = time.monotonic()
        header = f"P5 {picture.width} {picture.height} 255\n".encode()
        command = [self.executable, "stdin", "stdout", "-l", "+".join(self.languages)]
        try:
            done = subprocess.run(  # noqa: S603 - the executable found on the path
                [*command, "--dpi", str(DPI), "tsv"],
                input=header + picture.pixels,
                capture_output=True,
                timeout=PAGE_SECONDS,
                check=True,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except (subprocess.SubprocessError, OSError):
            return None
        finally:
            self._spent += time.monotonic() - started
        return _paragraphs(done.stdout.decode("utf-8", "replace"))


def find() -> Recogniser | None:
    """The tesseract on the path, None when there is none that knows a language of ours."""
    executable = shutil.which("tesseract")
    if executable is None or not _languages(executable):
        return None
    return Recogniser(executable)


def scale(width: float, height: float) -> float:
    """How much to enlarge a page (in points) for reading."""
    return min(DPI / 72, _LONGEST_SIDE / max(width, height, 1.0))


@lru_cache(maxsize=8)
def _languages(executable: str) -> tuple[str, ...]:
    try:
        done = subprocess.run(  # noqa: S603 - the executable found on the path
            [executable, "--list-langs"], capture_output=True, timeout=PAGE_SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError):
        return ()
    known = set(done.stdout.decode("utf-8", "replace").split())
    return tuple(language for language in LANGUAGES if language in known)


def _paragraphs(table: str) -> list[str] | None:
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [
        row for row in rows if row.get("level") == _WORD_LEVEL and (row.get("text") or "").strip()
    ]
    if not words or _sureness(words) < _LEAST_SURE:
        return None
    return list(_joined(words))


def _sureness(words: Iterable[Mapping[str, str]]) -> float:
    """The mean confidence (0 to 100), longer words counting more."""
    weighed = [(len(word["text"]), float(word["conf"])) for word in words]
    return sum(length * sure for length, sure in weighed) / sum(length for length, _ in weighed)


def _joined(words: Iterable[Mapping[str, str]]) -> Iterator[str]:
    lines = groupby(words, lambda word: (word["block_num"], word["par_num"], word["line_num"]))
    place: tuple[str, ...] = ()
    paragraph = ""
    for (block, part, _), line in lines:
        text = reduce(join_lines, (word["text"].strip() for word in line))
        numbered = bool(_ENDS_SENTENCE.search(paragraph)) and opens_paragraph(text)
        if paragraph and (numbered or (block, part) != place):
            yield paragraph
            paragraph = ""
        place = block, part
        paragraph = join_lines(paragraph, text)
    if paragraph:
        yield paragraph
