"""The main path in a real browser: board, drawer, 销控, price, buyer, submit; the supervisor decides; the board shows it."""

from __future__ import annotations

import pytest

from tests.browser.test_board_walk import sign_in
from tests.features.deals import orders as o

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_unit_becomes_an_order(cast, server, desks, browser_page):
    where, who = o.unit(cast), o.customer(cast)
    o.scheme(cast)
    unit_id, label = where.id, f"{who.name}　"
    cast.session.remove()
    page = browser_page
    sign_in(page, server, "consultant1")
    page.goto(server.url + "/board")
    page.click(f'.board .u[data-id="{unit_id}"]')
    page.locator("#drawer").get_by_role("link", name="销控").click()
    page.wait_for_url("**/lock/*")
    page.get_by_role("combobox", name="客户").fill("wangwei")
    page.get_by_role("option", name=label.strip()).click()
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/reservation/show/*")
    page.get_by_role("link", name="填写价格和付款方式").click()
    page.select_option("select[name=scheme_id]", label="一次性")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/reservation/show/*")
    assert "壹佰壹拾肆万伍仟玖佰捌拾肆元整" in page.locator("main").inner_text()
    page.get_by_role("link", name="登记买受人").click()
    assert page.input_value("input[name=name]") == "王伟"
    page.fill("input[name=id_number]", o.ID_NUMBER)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/reservation/show/*")
    assert "资料齐了，可以提交审核" in page.locator("main").inner_text()
    page.get_by_role("button", name="提交审核").dblclick()
    page.wait_for_selector("text=审核中")
    assert "RG-JPYL-" in page.locator("h1").inner_text()

    page = desks.at("supervisor")
    page.goto(server.url + "/board")
    page.click(f'.board .u[data-id="{unit_id}"]')
    page.locator("#drawer").get_by_role("link", name="审核认购书").click()
    page.wait_for_url("**/approvals/*")
    assert "1,145,984.00" in page.locator("main").inner_text()
