"""Files as a sender left them on the disk."""

import os
import stat
from io import BufferedReader
from pathlib import Path

DIFFERS = "differs from the manifest's sha256: send the drop again"
CHANGED = "was changed while it was read: send the drop again"


def open_plain(path: Path) -> BufferedReader:
    """Open a file for reading; what would never end, or never begin, is an OSError."""
    if stat.S_ISREG(path.stat().st_mode) or path.is_dir():
        return path.open("rb")
    raise OSError(0, "No plain file")


def state_of(raw: BufferedReader) -> tuple[int, int]:
    """What changes when somebody writes to the file meanwhile."""
    found = os.fstat(raw.fileno())
    return found.st_size, found.st_mtime_ns


def unreadable(error: OSError) -> str:
    """Why a file cannot be read, and what to do."""
    return f"cannot be read ({error.strerror}): send the drop again"
