"""Running a command and seeing what it took: seconds, and memory at its peak."""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

DAYBOOK = Path(sys.executable).with_name("daybook")
PAGE = os.sysconf("SC_PAGE_SIZE")
SAMPLE_EVERY = 0.05


@dataclass(frozen=True)
class Cost:
    """What a command took, and the JSON it printed."""

    seconds: float
    processor: float
    """Seconds of processor time."""
    peak_mb: float
    """Resident memory of the process and all it started, in MB (10^6 bytes)."""
    said: dict


def daybook(url: str, *arguments: object) -> Cost:
    """Run `daybook … --json` on a database."""
    return measure([DAYBOOK, *arguments, "--json"], url)


def measure(command: list[object], url: str) -> Cost:
    """Run a command to its end; RuntimeError with its last words when it fails."""
    began, used = time.perf_counter(), _processor()
    process = subprocess.Popen(
        [str(part) for part in command],
        env={**os.environ, "DAYBOOK_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = Peak(process.pid)
    out, err = process.communicate()
    seconds = time.perf_counter() - began
    if process.returncode:
        peak.stop()
        raise RuntimeError(
            f"{command} ended with {process.returncode}:\n{out[-2000:]}{err[-2000:]}"
        )
    return Cost(seconds, _processor() - used, peak.stop() / 1e6, json.loads(out))


class Peak:
    """Watches the resident memory of a process and its children until it ends."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        """The most there was at once, in bytes."""
        self._over.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_EVERY):
            self._peak = max(self._peak, _resident(self._pid))


def _processor() -> float:
    """Processor seconds of all that was started and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident(pid: int) -> int:
    """Bytes of a process and of all below it; 0 once it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except (OSError, IndexError):
        return 0
    return pages * PAGE + sum(map(_resident, children))
