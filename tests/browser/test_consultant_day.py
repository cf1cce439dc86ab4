"""A consultant's whole day on a 390 px screen: takes a visitor, registers him, sees a known one's history, follows up, makes a
置业计划, locks the unit, looks at what today still asks of her (issue 6 «Proof»)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.features.customers.rotation.models import ReceptionPlace, RotaEntry
from app.kernel.base import now
from tests.browser.desks import Desks, act, choose, fill, pick, press, sees
from tests.factories import saved
from tests.features.deals import orders

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 390, "height": 844}
NEW = "10000004321"


@pytest.fixture
def site(cast):
    """A home on sale, a known customer of 林晓, a duty list with 林晓 in front whatever day it is."""
    unit, known = orders.unit(cast), orders.customer(cast)
    orders.scheme(cast)
    place = saved(cast.session, ReceptionPlace(project_id=cast.project_ids["a"], name="案场"))
    logins = ("consultant1", "consultant2") if now().day % 2 else ("consultant2", "consultant1")
    for position, login in enumerate(logins, 1):
        entry = {"day": now().date(), "place_id": place.id, "person_id": cast.person_ids[login], "position": position}
        saved(cast.session, RotaEntry(project_id=place.project_id, **entry))
    ids = unit.id, known.name
    cast.session.remove()
    return ids


def fits(page: Page) -> None:
    """Nothing makes the phone scroll sideways."""
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= PHONE["width"], f"{page.url} is {wide} px wide"


def take_a_visitor(page: Page, url: str) -> None:
    """轮接台 → reception: the consultant and the place are there already; ends on the new customer's page."""
    page.goto(f"{url}/rotation/")
    fits(page)
    press(page, "新客户，请 林晓 接待")
    page.wait_for_url("**/reception/?turn=*")
    fits(page)
    height = page.evaluate("document.scrollingElement.scrollHeight")
    assert height <= 1.6 * PHONE["height"], f"the reception page is {height} px high: more than one screen and a bit"
    fill(page, 手机=NEW, 姓名="周文静")
    choose(page, "途径", "路过")
    press(page, "保存登记")
    sees(page, "周文静")


def meet_a_known_one(page: Page, url: str, name: str) -> None:
    """The initials find him, his history appears, the visit is a 复访 of his."""
    page.goto(f"{url}/reception/")
    page.get_by_role("combobox", name="姓名").press_sequentially("wangw")
    page.get_by_role("option").filter(has_text=name).click()
    expect(page.locator("[data-beside]")).to_contain_text("归属顾问")
    fits(page)
    choose(page, "途径", "朋友介绍")
    press(page, "保存登记")
    page.wait_for_url("**/customer/show/*")
    page.get_by_role("tab", name="来电来访").click()
    expect(page.locator("main")).to_contain_text("朋友介绍")


def follow_up(page: Page) -> None:
    act(page, "登记跟进").click()
    choose(page, "方式", "电话")
    choose(page, "结果", "有效沟通")
    fill(page, 内容="约周末带家人来看样板房")
    fits(page)
    press(page, "登记跟进")
    sees(page, "登记跟进：已完成")


def quote(page: Page, url: str, unit_id: int, name: str) -> None:
    page.goto(f"{url}/quote/add?unit_id={unit_id}")
    pick(page, "客户", name)
    choose(page, "付款方式", "一次性")
    fits(page)
    page.locator("main form[data-dirty] button[type=submit]").first.click()
    page.wait_for_url("**/quote/show/*")
    sees(page, "1,145,984.00")
    fits(page)


def lock(page: Page, url: str, unit_id: int, name: str) -> None:
    page.goto(f"{url}/board")
    page.click(f'.board .u[data-id="{unit_id}"]')
    page.locator("#drawer").get_by_role("link", name="销控", exact=True).click()
    pick(page, "客户", name)
    press(page, "销控")
    sees(page, "已销控")
    fits(page)


def test_a_consultants_day_fits_on_a_phone(site, server, desks: Desks) -> None:
    unit_id, name = site
    page = desks.at("consultant1")
    page.set_viewport_size(PHONE)
    take_a_visitor(page, server.url)
    meet_a_known_one(page, server.url, name)
    follow_up(page)
    quote(page, server.url, unit_id, name)
    lock(page, server.url, unit_id, name)
    page.goto(server.url)
    sees(page, "来访")
    fits(page)
