"""The files of a folder that may be policies, and what stands beside them in policy.toml."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.answer import Failure
from knowledge.errors import ReadingError, SyncError
from knowledge.reading.metadata import BESIDE, read_beside
from knowledge.reading.reader import READABLE

READING = "3"
"""Raised when reading or splitting changes, so that every file is read again."""

_SIDE_BY_SIDE = 8
"""Files read at once: a disk that has to be asked for each is asked for several."""
_LOT = 50
_CHUNK = 65_536


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
    order = sorted(by_folder.items())
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        contents = _contents([path for _, here in order for path in here], pool)
        sources = [
            source
            for directory, here in order
            for source in _sources_in(folder, directory, here, contents, failures)
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


def _contents(files: Sequence[Path], pool: ThreadPoolExecutor) -> Iterator[str | OSError]:
    """A digest of each file's content, or why it cannot be had, in their order."""
    lots = (files[start : start + _LOT] for start in range(0, len(files), _LOT))
    return (each for lot in pool.map(_digest_all, lots) for each in lot)


def _sources_in(
    folder: Path,
    directory: Path,
    files: Iterable[Path],
    contents: Iterator[str | OSError],
    failures: list[Failure],
) -> Iterator[Source]:
    """The files of one folder; `contents` has what is in each, and then what is in others."""
    problem = ""
    tables: dict[str, Any] = {}
    try:
        tables = read_beside(directory)
    except ReadingError as error:
        problem = str(error)
    beside = (directory / BESIDE).relative_to(folder).as_posix()
    if problem:
        failures.append(Failure(beside, problem))
    above = beside.removesuffix(BESIDE)
    for path in files:
        table, content = tables.pop(path.name, None), next(contents)
        inside = f"{above}{path.name}"
        if not _is_text(inside):
            shown = inside.encode("utf-8", "replace").decode()
            failures.append(Failure(shown, "its name is not in UTF-8: rename it"))
            continue
        if isinstance(content, OSError):
            failures.append(Failure(inside, f"cannot be read: {content.strerror}"))
            continue
        yield Source(inside, _digest(content, table), table, problem)
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


def _digest_all(files: Iterable[Path]) -> list[str | OSError]:
    return [*map(_content, files)]


def _content(path: Path) -> str | OSError:
    digest = hashlib.sha256()
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - thousands of small ones
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        return error
    return digest.hexdigest()


def _digest(content: str, table: object) -> str:
    said = hashlib.blake2b(f"{content}\n{table!r}".encode(), digest_size=24).hexdigest()
    return f"{READING}:{said}"
