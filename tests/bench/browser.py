"""A real Chromium that fails the test on any console error, outside request or policy report."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--lang=zh-CN",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PATIENCE = 60_000  # ms; a page is there in a tenth of a second, but neighbours may take the processors
LOCAL = ("127.0.0.1", "localhost", "")
REFUSED_BY_DESIGN = "Failed to load resource"  # a 4xx answer is often what the test is about


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the session; skipped where none is found, required when CI=true."""
    if chromium_path() is None:
        reason = "no Chromium found: apt-get install chromium"
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(reason)
        pytest.skip(reason)
    with started_chromium() as browser:
        yield browser


def chromium_path() -> str | None:
    """The first Chromium that this machine has."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def started_chromium() -> Iterator[Browser]:
    """A running browser; also for scripts outside of pytest."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    """A fresh page in Chinese, Shanghai time, 1440 px wide; the test fails on what the page complains about."""
    complaints: list[str] = []
    page = watched_page(chromium, complaints)
    yield page
    page.context.close()
    assert not complaints, "\n".join(complaints)


def watched_page(chromium: Browser, complaints: list[str]) -> Page:
    """A page in a context of its own; what it complains about is added to complaints. Close page.context afterwards."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on("console", lambda message: _note_console(complaints, message.type, message.text))
    page.on("request", lambda request: _note_request(complaints, request.url))
    return page


def _note_console(complaints: list[str], kind: str, text: str) -> None:
    if kind == "error" and not text.startswith(REFUSED_BY_DESIGN):
        complaints.append(f"console: {text}")


def _note_request(complaints: list[str], url: str) -> None:
    if (urlsplit(url).hostname or "") not in LOCAL:
        complaints.append(f"outside request: {url}")
