"""Debian's Chromium, driven as a visitor would use it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Where Chromium is. Its absence fails a check of the whole, and skips one at a desk."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI"):
        pytest.fail("Chromium is missing: apt install chromium fonts-noto-cjk")
    if found is None:
        pytest.skip("Chromium is not installed (apt install chromium fonts-noto-cjk)")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium that asks nothing of the network by itself."""
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()
