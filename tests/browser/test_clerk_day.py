"""The clerk's day at the office: supplies come in, an expense goes over its budget, the supervisor decides on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.desks import press
from tests.browser.picture import png
from tests.browser.test_board_walk import sign_in
from tests.features.office import claims, store

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 390, "height": 844}


def buy_supplies(page: Page, url: str, item: int) -> None:
    """One line is typed, one more row asked for and left empty."""
    page.goto(f"{url}/supply-receipt/add")
    page.fill("[name=supplier]", "江城文具")
    page.select_option("[name=line-0-item_id]", str(item))
    page.fill("[name=line-0-quantity]", "12")
    page.fill("[name=line-0-unit_price]", "21.50")
    page.get_by_role("button", name="再加一行").click()
    assert page.locator("[name=line-3-quantity]").input_value() == ""
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/supply-receipt/show/*")
    page.get_by_role("button", name="确认入库").click()
    page.locator("#ask [value=go]").click()
    page.wait_for_selector("text=已入库")


def hand_out(page: Page, url: str, item: int) -> str:
    """Two packs for 林晓; the paper's address."""
    page.goto(f"{url}/supply-hand/add")
    page.get_by_label("领用人").select_option(label="林晓")
    page.select_option("[name=line-0-item_id]", str(item))
    page.fill("[name=line-0-quantity]", "2")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/supply-hand/show/*")
    press(page, "交付待签收")
    page.wait_for_selector("text=用自己的账号签收")
    return page.url


def spend_too_much(page: Page, url: str, subject: int) -> None:
    """What is left is told while she types; with a reason and a bill it goes up."""
    page.goto(f"{url}/agency-expense/add")
    page.fill("[name=reason]", "开放日物料")
    page.select_option("[name=line-0-subject_id]", str(subject))
    page.fill("[name=line-0-purpose]", "导视")
    page.fill("[name=line-0-amount]", "180")
    page.wait_for_selector("[data-told].warn >> text=超出 80.00 元")
    page.fill("[name=over_reason]", "临时加印")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/agency-expense/show/*")
    here = page.url
    assert page.locator("main .btn-primary").inner_text() == "上传票据"  # what comes first is the blue button
    page.goto(f"{url}/files/agency_expense/{here.rsplit('/', 1)[1]}")
    page.set_input_files(
        "input[type=file]:not([capture])", {"name": "票据.png", "mimeType": "image/png", "buffer": png()}
    )
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/agency-expense/show/*")
    assert page.locator("main .btn-primary").inner_text() == "提交审批"
    page.get_by_role("button", name="提交审批").click()
    page.wait_for_selector("text=审批中")


def test_the_clerk_buys_and_claims_and_the_supervisor_decides_on_a_phone(cast, server, desks, browser_page):
    item, subject = store.item(cast), claims.subject(cast)
    claims.budget(cast, subject, "100")
    keys = item.id, subject.id
    cast.session.remove()
    page = browser_page
    sign_in(page, server, "clerk")
    buy_supplies(page, server.url, keys[0])
    page.goto(f"{server.url}/supply-item/show/{keys[0]}")
    assert "12" in page.locator("main").inner_text()
    handed = hand_out(page, server.url, keys[0])
    taker = desks.at("consultant1")
    taker.goto(handed)
    press(taker, "签收")
    taker.wait_for_selector("text=已签收")
    page.goto(f"{server.url}/supply-item/show/{keys[0]}")
    assert "10" in page.locator("main .facts").inner_text().split()
    spend_too_much(page, server.url, keys[1])

    page = desks.at("supervisor")
    page.set_viewport_size(PHONE)
    page.goto(f"{server.url}/approvals")
    page.get_by_role("link", name="费用报销").first.click()
    page.wait_for_url("**/approvals/*")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "sideways scroll at 390 px"
    shown = page.locator("main").inner_text()
    assert "超预算 80.00 元：临时加印" in shown
    assert "导视" in shown
    page.get_by_text("同意", exact=True).first.click()
    page.locator("main form button[type=submit]").first.click()
    page.locator("#ask [value=go]").click()
    page.wait_for_url("**/approvals")
    with_site_manager = page.goto(f"{server.url}/approvals?tab=decided")
    assert with_site_manager is not None
    assert "案场经理" in page.locator("main").inner_text()  # one level higher, because it is over
