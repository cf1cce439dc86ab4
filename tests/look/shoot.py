"""Pictures of every page at 1440 and 390 px into a folder: `python -m tests.look.shoot FOLDER [page …]`.

Tells of sideways scrolling, console errors, refused or outside requests; ends with 1 when it found any.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.look.preview import VIEWS, create_preview

ARGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = ((1440, 900), (390, 844))
OTHERS = ("login", "login?bad", "flash")


def whole(app: Any) -> Any:
    """The app with each answer read to its end: the development server leaves the file of a connection open that the browser drops."""

    def answer(environ: Any, start: Any) -> list[bytes]:
        parts = app(environ, start)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer


@contextmanager
def served() -> Iterator[str]:
    """The preview on a free port of this host."""
    server = make_server("127.0.0.1", 0, whole(create_preview()), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser that the machine has."""
    with sync_playwright() as play:
        chrome = play.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        try:
            yield chrome
        finally:
            chrome.close()


def watched(page: Page, base: str) -> list[str]:
    """A list that fills with everything a clean page must not do."""
    faults: list[str] = []
    page.on("console", lambda m: faults.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: faults.append(f"script: {e}"))
    page.on(
        "requestfailed", lambda r: faults.append(f"failed: {r.url}") if "ERR_ABORTED" not in str(r.failure) else None
    )
    page.on("request", lambda r: None if r.url.startswith((base, "data:")) else faults.append(f"outside: {r.url}"))
    return faults


def sideways(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def main(folder: Path, names: list[str]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    bad = 0
    with served() as base, browser() as chrome:
        for width, height in SIZES:
            context = chrome.new_context(viewport={"width": width, "height": height})
            for name in names:
                page = context.new_page()
                faults = watched(page, base)
                page.goto(f"{base}/{name}")
                page.wait_for_timeout(300)
                if sideways(page) > 0:
                    faults.append(f"{sideways(page)} px too wide")
                page.screenshot(path=folder / f"{name.replace('?', '-').replace('/', '-') or 'home'}-{width}.png")
                for fault in faults:
                    sys.stdout.write(f"{name or 'home'} {width}: {fault}\n")
                bad += len(faults)
                page.close()
            context.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:] or [*VIEWS, *OTHERS]))
