"""The main path in a real browser: a notice becomes a receipt, a double click confirms it once (04 R4)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from app.features.payments.effects import confirmed_total
from app.features.payments.models import LedgerPosting
from app.kernel.actors import SYSTEM, acting_as
from tests.conftest import PASSWORD
from tests.features.payments import makers
from tests.features.payments.makers import entered


def sign_in(page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/login/")
    page.locator("input[name=username]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url(f"{url}/")


@pytest.mark.browser
@pytest.mark.slow
def test_a_double_click_confirms_once(cast, server, browser_page):
    account = makers.account(cast)
    account_id, receipt_id = account.id, entered(cast, account, 20000).id
    cast.session.remove()
    page = browser_page
    sign_in(page, server.url, "developer_finance")
    page.get_by_text("1 笔收款待确认").click()
    page.locator("tbody tr", has_text="1栋1102 王伟").locator("a").first.click()
    page.get_by_role("link", name="确认到账").click()
    page.get_by_role("button", name="确认到账").dblclick()
    page.wait_for_url(f"{server.url}/receipt/show/{receipt_id}")
    assert "已确认" in page.locator("main").inner_text()
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert cast.session.query(LedgerPosting).count() == 1
        assert confirmed_total(cast.session, account_id) == 20000
