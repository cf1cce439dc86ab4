"""The board in a real browser: a colleague's lock arrives without a reload; the drawer opens; an import by its pages."""

from __future__ import annotations

import pytest

from app.features.units.effects import take
from app.kernel.actors import acting_as
from tests.conftest import PASSWORD
from tests.features.units.makers import house
from tests.features.units.test_import_units import ROWS, workbook

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def sign_in(page, server, login):
    page.goto(server.url + "/login/")
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(server.url + "/")


def test_a_colleagues_lock_shows_up_on_an_open_board(cast, server, browser_page):
    one, _two = house(cast, "1102", "1103")
    page = browser_page
    sign_in(page, server, "consultant1")
    page.goto(server.url + "/board")
    cell = page.locator(f'.board .u[data-id="{one.id}"]')
    assert cell.get_attribute("data-code") == "free"
    page.evaluate("window.still = true")
    who = cast.actor("consultant2")
    with acting_as(who):
        take(cast.session, one.id, who, None, 7)
    page.wait_for_selector(
        f'.board .u[data-id="{one.id}"][data-code="lock"]', timeout=20_000
    )  # by itself, not by the minute
    assert page.evaluate("window.still") is True
    assert "分" in page.locator(f'.board .u[data-id="{one.id}"] .bdg').inner_text()
    page.click(f'.board .u[data-id="{one.id}"]')
    page.wait_for_selector("#drawer h2")
    assert "3栋1单元1102" in page.locator("#drawer").inner_text()
    assert "何涛" not in page.locator("#drawer").inner_text()


def test_an_import_by_its_pages(cast, server, browser_page):
    page = browser_page
    sign_in(page, server, "clerk")
    page.goto(server.url + "/unit-import")
    upload = {"name": "一房一价.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(ROWS)}
    page.set_input_files("input[type=file]:not([capture])", upload)
    page.click("main button[type=submit]")
    page.fill("input[name=expected_count]", "4")
    page.click("main button[type=submit]")
    assert "4 套新增" in page.locator("main").inner_text()
    page.click("main button[type=submit]")
    page.wait_for_url("**/unit-entry/show/*")
    assert "LR-JPYL-" in page.locator("main").inner_text()
