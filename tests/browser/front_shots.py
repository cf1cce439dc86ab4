"""Pictures of docs/users/ownership.md, follow-ups.md, analysis.md, statistics.md, customer-files.md, service.md and privacy.md on a
running demo.

Start `./anchang demo --data FOLDER --port PORT` first; then, in the project's folder:
    python -m tests.browser.front_shots http://127.0.0.1:PORT
"""

from __future__ import annotations

import sys

from tests.bench.browser import started_chromium
from tests.browser.desks import Desks, open_row
from tests.browser.guide_shots import Photographer


def shown(desks: Desks, login: str, address: str, name: str, row: str = "") -> None:
    """A page as this person sees it; row: the record of the list whose line says so."""
    page = desks.at(login)
    page.goto(f"{desks.url}{address}")
    if row:
        open_row(page, row)
        page.wait_for_url("**/show/*")
    page.wait_for_load_state("networkidle")
    desks.snap(name, page)


def rating(desks: Desks) -> None:
    """The visitor's page on a phone, by the code of a place."""
    page = desks.at("supervisor")
    page.goto(f"{desks.url}/rating-desk/list/")
    open_row(page, "前台")
    page.wait_for_url("**/show/*")
    address = page.locator("a[href*='/rate/']").first.get_attribute("href") or ""
    usual = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 640})
    page.goto(f"{desks.url}{address}")
    page.locator("label[for=overall-5]").click()
    desks.snap("rate-phone", page)
    if usual:
        page.set_viewport_size(usual)


def main(url: str) -> None:
    """All pictures."""
    with started_chromium() as browser:
        desks = Photographer(browser, url)
        for login in ("consultant1", "supervisor", "sales_admin"):
            desks.at(login).set_default_timeout(60_000)
        shown(desks, "supervisor", "/ownership-claim/list/", "claim", row="待裁定")
        shown(desks, "consultant1", "/pool-entry/list/", "pool")
        shown(desks, "supervisor", "/channel-report/list/", "channel-report", row="待判")
        shown(desks, "consultant1", "/follow-desk/", "follow-desk")
        page = desks.at("supervisor")
        page.goto(f"{desks.url}/customer-insight/")
        page.locator("main table tbody a").first.click()
        page.wait_for_load_state("networkidle")
        desks.snap("insight", page)
        shown(desks, "supervisor", "/customer-statistics/", "statistics")
        shown(desks, "supervisor", "/statistics-report/list/", "statistics-report", row="退回")
        shown(desks, "supervisor", "/service-league/", "service-league")
        rating(desks)
        shown(desks, "supervisor", "/dossier-batch/list/", "dossier-batch", row="已提交")
        shown(desks, "sales_admin", "/person-request/list/", "person-request", row="已核实")
        desks.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
