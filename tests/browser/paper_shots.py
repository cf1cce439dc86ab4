"""Pictures of docs/users/papers.md on a running demo: python -m tests.browser.paper_shots http://127.0.0.1:PORT."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.bench.browser import started_chromium

PICTURES = Path("docs/users/img")


def signed_in(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/login/")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill("anchang-demo")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def shots(page: Page, site: str) -> None:
    """The question before a print, the paper itself, the templates of the site."""
    signed_in(page, site, "supervisor")
    page.goto(f"{site}/reservation/list/?state=signed")
    page.locator("table tbody tr a").first.click()
    page.locator(".acts summary", has_text="打印").click()
    page.get_by_role("link", name="打印认购书").click()
    page.wait_for_load_state("networkidle")
    (PICTURES / "print-form.png").write_bytes(page.screenshot())
    page.goto(f"{site}/paper-template/list/")
    (PICTURES / "print-templates.png").write_bytes(page.screenshot())


if __name__ == "__main__":
    with started_chromium() as chromium:
        shots(chromium.new_page(viewport={"width": 1200, "height": 800}, locale="zh-CN"), sys.argv[1].rstrip("/"))
