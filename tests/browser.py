"""Debian's Chromium, driven as a visitor would use it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

# How long a busy machine may take to show something; nobody waits for it on a quiet one.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

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


def new_page(browser: Browser, width: int = 1280, height: int = 800, locale: str = "zh-CN") -> Page:
    """A page where nothing glides: what is on its way is not to be pressed yet."""
    page = browser.new_page(
        viewport={"width": width, "height": height}, locale=locale, reduced_motion="reduce"
    )
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: pytest.fail(f"the page failed: {error}"))
    return page
