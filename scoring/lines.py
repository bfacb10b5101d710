"""Where in a TOML text a key stands: the standard reader gives values, but no lines."""

import re
from collections.abc import Iterator, Mapping, Sequence

Path = tuple[str, ...]
"""Keys from the top; a table of a list is named by its id, or by its number from 1."""

_HEADER = re.compile(r"\s*\[(\[)?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_ID = re.compile(r"""\s*id\s*=\s*["']([^"']*)["']""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_STRING = re.compile(r"""\"{3}|'{3}|"(?:\\.|[^"\\])*"|'[^']*'|#.*|[\[\]{}]""")


def line_of(text: str, path: Path) -> int:
    """The line (from 1) of a key, or of the nearest table around it; 1 where nothing is near."""
    found = _positions(text)
    for end in range(len(path), 0, -1):
        if path[:end] in found:
            return found[path[:end]]
    return 1


def _positions(text: str) -> Mapping[Path, int]:
    """Every key and table of a text that can be read, and the line it begins on."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    lists: dict[Path, Path] = {}
    table: Path = ()
    lines = text.splitlines()
    for at in _statements(lines):
        line, number = lines[at], at + 1
        header = _HEADER.match(line)
        if header and (parts := _parts(header[2])):
            path = _resolved(parts, lists)
            if header[1]:
                counts[path] = counts.get(path, 0) + 1
                found.setdefault(path, number)
                lists[path] = (*path, _name(lines[at + 1 :], counts[path]))
                path = lists[path]
            table = path
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            parts = _parts(key[1])
            for end in range(1, len(parts) + 1):
                found.setdefault((*table, *parts[:end]), number)
    return found


def _statements(lines: Sequence[str]) -> Iterator[int]:
    """The lines on which a statement begins: not those inside a list or a long text."""
    depth, quote = 0, ""
    for at, line in enumerate(lines):
        if not depth and not quote:
            yield at
            if _HEADER.match(line):
                continue
        depth, quote = _after(line, depth, quote)


def _after(line: str, depth: int, quote: str) -> tuple[int, str]:
    """How many brackets are open at a line's end, and the quotes of a text that goes on."""
    at = 0
    while at < len(line):
        if quote:
            end = line.find(quote, at)
            if end < 0:
                return depth, quote
            at, quote = end + len(quote), ""
            continue
        mark = _STRING.search(line, at)
        if mark is None:
            break
        at = mark.end()
        if mark[0] in {'"""', "'''"}:
            quote = mark[0]
        elif mark[0] in "[{":
            depth += 1
        elif mark[0] in "]}":
            depth -= 1
    return max(depth, 0), quote


def _name(lines: Sequence[str], number: int) -> str:
    """A list's table by its id where it has one before the next table, else by its number."""
    for line in lines:
        if _HEADER.match(line):
            break
        if found := _ID.match(line):
            return found[1]
    return str(number)


def _resolved(path: Path, lists: Mapping[Path, Path]) -> Path:
    """A header's path with each list on it replaced by its newest table."""
    resolved: Path = ()
    for part in path[:-1]:
        resolved = (*resolved, part)
        resolved = lists.get(resolved, resolved)
    return (*resolved, path[-1])


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
