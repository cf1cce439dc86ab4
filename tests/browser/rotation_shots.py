"""Pictures of docs/users/reception.md and rotation.md on a running demo.

Start `./anchang demo --data FOLDER --port PORT` first; then, in the project's folder:
    python -m tests.browser.rotation_shots http://127.0.0.1:PORT
"""

from __future__ import annotations

import sys

from tests.bench.browser import started_chromium
from tests.browser.desks import Desks
from tests.browser.guide_shots import Photographer


def reception(desks: Desks) -> None:
    """The page as it opens, and with a known customer beside it."""
    page = desks.at("consultant1")
    page.goto(f"{desks.url}/customer/list/?grade=a")
    name = page.locator("main table tbody a").first.inner_text()
    page.goto(f"{desks.url}/reception/")
    desks.snap("reception", page)
    page.get_by_role("combobox", name="姓名").press_sequentially(name)
    page.locator(".combo-list [role=option]").first.click()
    page.wait_for_selector("[data-beside] .card")
    desks.snap("reception-known", page)


def rotation(desks: Desks) -> None:
    """The desk with two turns of today, the report of the month, the wall."""
    page = desks.at("clerk")
    for _ in range(2):
        page.goto(f"{desks.url}/rotation/")
        page.locator(".next-up .btn-primary").click()
        page.wait_for_url("**/reception/?turn=*")
    page.goto(f"{desks.url}/rotation/")
    desks.snap("rotation", page)
    wall = page.locator("main a", has_text="大屏").get_attribute("href")
    page.goto(f"{desks.url}/rotation/report/")
    desks.snap("rotation-report", page)
    page.goto(f"{desks.url}{wall}")
    desks.snap("rotation-screen", page)


def main(url: str) -> None:
    """All pictures."""
    with started_chromium() as browser:
        desks = Photographer(browser, url)
        for login in ("consultant1", "clerk"):
            desks.at(login).set_default_timeout(60_000)
        reception(desks)
        rotation(desks)
        desks.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
