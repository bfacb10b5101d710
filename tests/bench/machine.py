"""The machine a benchmark ran on: no figure means anything without it."""

import os
import platform
from pathlib import Path

import sqlalchemy


def describe() -> list[tuple[str, str]]:
    """Name and value of all that decides how fast it was."""
    return [
        ("Processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("Memory", f"{_memory_gib():.0f} GiB"),
        ("System", f"{platform.system()} {platform.release()}"),
        ("Python", f"{platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}"),
    ]


def withheld() -> tuple[int, int]:
    """Processor time the host kept for itself so far, and all of it, in the system's ticks."""
    ticks = [int(part) for part in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return ticks[7], sum(ticks)


def _processor() -> str:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
