"""The files of a folder that may be policies, and what stands beside them in policy.toml."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.answer import Failure
from knowledge.errors import ReadingError, SyncError
from knowledge.reading.metadata import BESIDE, read_beside
from knowledge.reading.reader import READABLE

READING = "3"
"""Raised when reading or splitting changes, so that every file is read again."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may be a policy: its path inside the folder and a digest of all it says.

    `meta` is its table in policy.toml, if it has one; `problem` why that file cannot be read.
    """

    path: str
    digest: str
    meta: Mapping[str, Any] | None
    problem: str


def find_sources(folder: Path) -> tuple[list[Source], list[Failure]]:
    """Every file to read, by path, and what of policy.toml is wrong.

    SyncError when there is no folder, or nothing in it.
    """
    if not folder.is_dir():
        raise SyncError(f"{folder} is not a folder: give the folder that holds the policies")
    failures: list[Failure] = []
    by_folder = dict(_files(folder, failures))
    if not by_folder:
        raise SyncError(f"no policies ({', '.join(READABLE)}) in {folder}: nothing was changed")
    sources = [
        source
        for directory, here in sorted(by_folder.items())
        for source in _sources_in(folder, directory, here, failures)
    ]
    return sources, failures


def _files(folder: Path, failures: list[Failure]) -> Iterator[tuple[Path, list[Path]]]:
    """Each folder with the files in it that may be policies, and which cannot be looked into."""

    def fail(error: OSError) -> None:
        inside = Path(error.filename).relative_to(folder).as_posix()
        failures.append(Failure(inside, f"cannot be read: {error.strerror}"))

    for place, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found = [Path(place, name) for name in sorted(names) if _may_be_policy(name)]
        if here := [path for path in found if not _is_special(path)]:
            yield Path(place), here


def _may_be_policy(name: str) -> bool:
    """Whether it is a document by its name, and neither hidden nor Office's lock."""
    return name[0] not in "~." and Path(name).suffix.lower() in READABLE


def _is_special(path: Path) -> bool:
    """Whether it is something else than a file; what cannot be told is read, and fails there."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _sources_in(
    folder: Path, directory: Path, files: Iterable[Path], failures: list[Failure]
) -> Iterator[Source]:
    problem = ""
    tables: dict[str, Any] = {}
    try:
        tables = read_beside(directory)
    except ReadingError as error:
        problem = str(error)
    beside = (directory / BESIDE).relative_to(folder).as_posix()
    if problem:
        failures.append(Failure(beside, problem))
    for path in files:
        table = tables.pop(path.name, None)
        inside = path.relative_to(folder).as_posix()
        if not _is_text(inside):
            shown = inside.encode("utf-8", "replace").decode()
            failures.append(Failure(shown, "its name is not in UTF-8: rename it"))
            continue
        try:
            yield Source(inside, _digest(path, table), table, problem)
        except OSError as error:
            failures.append(Failure(inside, f"cannot be read: {error.strerror}"))
    failures.extend(
        Failure(beside, f"lists {name!r}, which is not in its folder") for name in sorted(tables)
    )


def _is_text(name: str) -> bool:
    """Whether a file's name can be written down: any bytes may name a file."""
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)


def same_file(held: str, found: str) -> bool:
    """Whether a file is as it was held, though it may have been read differently.

    It is taken to be where what is held does not tell the two apart.
    """
    return ":" not in held or held.partition(":")[2] == found.partition(":")[2]


def _digest(path: Path, table: object) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    said = hashlib.blake2b(f"{content}\n{table!r}".encode(), digest_size=24).hexdigest()
    return f"{READING}:{said}"
