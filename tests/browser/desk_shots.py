"""Pictures of docs/users/files.md, lists.md, office.md, approvals.md and en.md on a running demo.

Start `./anchang demo --data FOLDER --port PORT` first; then, in the project's folder:
    python -m tests.browser.desk_shots http://127.0.0.1:PORT
"""

from __future__ import annotations

import sys

from playwright.sync_api import Page, expect

from tests.bench.browser import started_chromium
from tests.browser.desks import Desks, act, choose, fill, open_row, sees
from tests.browser.guide_shots import Photographer
from tests.browser.picture import png
from tests.kernel import pdfs

PHONE = {"width": 390, "height": 844}


def found(page: Page, url: str, words: str) -> None:
    """The one search of the top bar."""
    page.goto(url)
    page.locator(".top-search input").fill(words)
    page.locator(".top-search input").press("Enter")


def files(desks: Desks) -> None:
    """Chosen files before they go, a PDF on its page, words of it in the search, a scan beside what was recognised."""
    page = desks.at("clerk")
    found(page, desks.url, "万分之二点五")
    sees(page, "补充协议.pdf")
    desks.snap("file-search", page)
    page.locator("main .feed a, main li a").filter(has_text="首付款收据").first.click()
    page.wait_for_url("**/paper/show/*")
    paper = page.url
    page.goto(paper.split("#")[0] + "#pane-files")
    page.get_by_role("tab", name="附件").click()
    page.locator("main").get_by_role("link", name="上传附件").click()
    page.set_input_files(
        "input[type=file]:not([capture])",
        [
            {"name": "首付款凭证.pdf", "mimeType": "application/pdf", "buffer": pdfs.pdf("首付款凭证")},
            {"name": "身份证正面.png", "mimeType": "image/png", "buffer": png(400, 300)},
            {"name": "IMG_2031.HEIC", "mimeType": "image/heic", "buffer": b"x"},
        ],
    )
    desks.snap("file-upload", page)
    page.goto(paper)
    page.get_by_role("tab", name="附件").click()
    page.locator(".files").evaluate("e => e.scrollIntoView({block: 'center'})")
    for thumb in page.locator(".files img").all():
        expect(thumb).not_to_have_js_property("naturalWidth", 0)
    desks.snap("file-tab", page)
    page.locator("main").get_by_role("link", name="补充协议.pdf").last.click()
    sees(page, "已收录")
    desks.snap("file-pdf", page)
    page.goto(paper)
    scan = page.locator("a[title='收入证明扫描件.jpg']").get_attribute("href")
    page.goto(f"{desks.url}{scan}")
    act(page, "核对识别文字").click()
    desks.snap("file-recognised", page)


def lists(desks: Desks) -> None:
    """A filter to be kept, the columns to be chosen, several at once."""
    page = desks.at("supervisor")
    page.goto(f"{desks.url}/customer/list/?grade=a")
    page.get_by_role("button", name="存为筛选").click()
    fill(page, 名称="A 级客户")
    page.locator("#save-filter summary").click()
    desks.snap("list-save", page)
    page.goto(f"{desks.url}/customer/list/")
    page.get_by_role("button", name="列", exact=True).click()
    desks.snap("list-columns", page)
    clerk = desks.at("clerk")
    clerk.goto(f"{desks.url}/paper/list/?chip=awaited")
    for box in clerk.locator("td.check input").all()[:3]:
        box.check()
    desks.snap("list-bulk", clerk)


def office(desks: Desks) -> None:
    """The store, something handed out that waits for its signature, a claim that is over budget while it is typed."""
    page = desks.at("clerk")
    page.goto(f"{desks.url}/supply-item/list/")
    desks.snap("office-store", page)
    page.goto(f"{desks.url}/supply-hand/list/?chip=waiting")
    open_row(page, "LY-")
    desks.snap("office-hand", page)
    page.goto(f"{desks.url}/agency-expense/add")
    fill(page, 事由="开放日物料", 超预算说明="开放日提前一周")
    choose(page, "第 1 行 科目", "印刷")
    fill(page, **{"第 1 行 用途": "导视加印", "第 1 行 金额": "6800"})
    page.wait_for_selector("[data-told].warn")
    desks.snap("office-claim", page)


def phone(desks: Desks) -> None:
    """The inbox and a decision as a supervisor has them in the hand."""
    page = desks.at("supervisor")
    page.set_viewport_size(PHONE)
    page.goto(f"{desks.url}/approvals")
    desks.snap("phone-inbox", page)
    page.locator("td.hd a").filter(has_text="费用报销").first.click()
    page.wait_for_url("**/approvals/*")
    desks.snap("phone-decide", page)
    page.set_viewport_size({"width": 1440, "height": 900})


def english(desks: Desks) -> None:
    """Where the language is chosen, and a list in English."""
    page = desks.at("finance")
    page.locator("summary", has_text="韩梅").click()
    desks.snap("en-switch", page)
    page.get_by_role("button", name="English").click()
    page.goto(f"{desks.url}/agency-expense/list/")
    desks.snap("en-list", page)
    page.locator("summary", has_text="韩梅").click()
    page.get_by_role("button", name="中文").click()


def main(url: str) -> None:
    """url: the demo."""
    with started_chromium() as chromium:
        desks = Photographer(chromium, url)
        for part in (files, lists, office, phone, english):
            part(desks)
        desks.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
