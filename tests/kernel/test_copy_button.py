"""「复制到群」 in a real browser: the text is on the clipboard, and where the browser refuses, shown and selected."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.records import ApprovalRequest
from tests.conftest import PASSWORD
from tests.features.deals import orders as o

pytestmark = pytest.mark.browser


def test_one_click_copies_and_a_refusing_browser_shows_the_text(cast, server, browser_page):
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    o.step(cast, order, "submit", "consultant1")
    with acting_as(SYSTEM):
        request_id = cast.session.scalars(select(ApprovalRequest.id).order_by(ApprovalRequest.id.desc())).first()
    page = browser_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(server.url + "/login/")
    page.fill("[name=username]", "supervisor")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.goto(f"{server.url}/approvals/{request_id}")
    page.click("text=复制到群")
    page.wait_for_selector(".toast")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("【江畔云庐】认购书")
    assert text.endswith(f"/approvals/{request_id}")
    page.evaluate('() => { navigator.clipboard.writeText = async () => { throw new Error("no"); }; }')
    page.evaluate("() => { document.execCommand = () => false; }")
    page.click("text=复制到群")
    area = page.locator("#copy-text")
    assert area.input_value() == text
    assert page.evaluate("document.activeElement.id") == "copy-text"
