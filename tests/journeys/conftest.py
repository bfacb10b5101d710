import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import browser, new_page

PATIENCE = 240.0
"""Seconds the whole bank may take to start, and to end, on a busy machine."""


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """Where `daybook try` answers, started as a visitor starts it."""
    port = free_port()
    log = tmp_path_factory.mktemp("try") / "log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DAYBOOK_", "SLACK_"))}
    command = [Path(sys.executable).with_name("daybook"), "try", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=log.parent,
        )
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/", process, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def page(address) -> Iterator[Page]:
    with browser() as opened:
        shown = new_page(opened, height=860, locale="en-GB")
        shown.goto(address)
        yield shown


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback
                if "Ctrl-C" in log.read_text(encoding="utf-8"):
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    pytest.fail(f"daybook try did not answer on {url}:\n{log.read_text(encoding='utf-8')}")
