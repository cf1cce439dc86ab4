"""A supervisor's approvals on a phone: from the inbox to the paper and its files; approve, return, refuse, check a 代录."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.features.archive.seals.models import SealUse
from app.features.office.expenses.kinds import ExpenseState
from app.features.office.expenses.models import AgencyExpense
from app.kernel.actors import SYSTEM, acting_as
from tests.browser.desks import act, fill, inbox, press, sees
from tests.browser.picture import png
from tests.features.archive import registers
from tests.features.deals import orders
from tests.features.office import claims, store
from tests.kernel import pdfs

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 390, "height": 844}
REASONS = ("看房车加油", "开放日鲜花", "下午茶")


@pytest.fixture
def papers(cast):
    """Drafts of three claims, and a seal use that waits for the developer; returns the ids."""
    subject = claims.subject(cast)
    claims.budget(cast, subject, "2000")
    made = [claims.claim(cast, "clerk", (subject, "120"), with_bill=False, reason=reason).id for reason in REASONS]
    seal = registers.seal_use(cast, **registers.mine(cast, "contract_officer"))
    orders.step(cast, seal, "submit", "contract_officer")
    cast.session.remove()
    return made, seal.id


def hand_in(page: Page, url: str, ids: list[int]) -> None:
    """CLK: a bill as PDF to each claim, then up it goes."""
    for pk, reason in zip(ids, REASONS, strict=True):
        page.goto(f"{url}/files/agency_expense/{pk}")
        bill = {"name": f"发票 {reason}.pdf", "mimeType": "application/pdf", "buffer": pdfs.pdf(f"发票 {reason}")}
        page.locator("input[type=file]:not([capture])").set_input_files(bill)
        act(page, "上传").click()
        page.wait_for_url("**/agency-expense/show/*")
        press(page, "提交审批")
        sees(page, "审批中")


def record(page: Page) -> None:
    """CLK: the developer signed on paper."""
    inbox(page)
    act(page, "待代录").click()
    page.locator("main").get_by_role("link", name=re.compile("^用印")).click()
    page.get_by_role("radio", name="纸质签字").check()
    page.get_by_role("radio", name="同意", exact=True).check()
    fill(page, 批复原话="同意用印")
    photo = {"name": "批复.png", "mimeType": "image/png", "buffer": png(40, 30)}
    page.locator("main").locator("input[type=file]:not([capture])").set_input_files(photo)
    press(page, "登记批复")
    sees(page, "批复已登记")


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"sideways scroll at {page.url}"


def take_up(page: Page, what: str) -> None:
    """The entry of the inbox, opened with a thumb; the paper is read before the opinion."""
    page.get_by_role("button", name="菜单").click()
    inbox(page)
    page.wait_for_url("**/approvals")
    fits(page)
    page.locator("main td.hd").filter(has_text=what).get_by_role("link").click()
    page.wait_for_url(re.compile(r"/approvals/\d+$"))
    fits(page)
    paper, form = page.locator(".cols > div").nth(1).bounding_box(), page.locator("form.card").bounding_box()
    assert paper is not None
    assert form is not None
    assert paper["y"] < form["y"]


def answer(page: Page, verdict: str, opinion: str) -> None:
    page.get_by_role("radio", name=re.compile(f"^{verdict}")).check()
    fill(page, 审批意见=opinion)
    press(page, "提交意见")


def look_at_the_bill(page: Page, reason: str) -> None:
    """The page of the PDF is seen without leaving the site, and back again."""
    page.locator("main").get_by_role("link", name=f"发票 {reason}.pdf").click()
    page.wait_for_url("**/files/*/view")
    sheet = page.locator(".viewer .sheet img")
    expect(sheet).to_have_js_property("complete", True)
    assert sheet.evaluate("e => e.naturalWidth") > 500
    fits(page)
    page.go_back()
    page.wait_for_url(re.compile(r"/approvals/\d+$"))


def test_a_supervisor_decides_on_the_phone(cast, server, desks, papers):
    ids, seal_id = papers
    hand_in(desks.at("clerk"), server.url, ids)
    record(desks.at("clerk"))
    page = desks.at("supervisor")
    page.set_viewport_size(PHONE)

    take_up(page, REASONS[0])
    sees(page, "本单 120.00 元")
    look_at_the_bill(page, REASONS[0])
    answer(page, "同意", "同意，按预算")
    sees(page, "意见已提交")

    take_up(page, REASONS[1])
    answer(page, "退回修改", "")
    sees(page, "退回或不同意请写明原因")
    fits(page)
    answer(page, "退回修改", "发票抬头不对")
    sees(page, "意见已提交")

    take_up(page, REASONS[2])
    answer(page, "不同意", "不在费用范围")
    sees(page, "意见已提交")

    page.get_by_role("link", name=re.compile("通知")).first.click()
    page.locator("main").get_by_text("待你核对代录").click()
    press(page, "核对代录")
    expect(page.locator("img.proof")).to_have_js_property("naturalWidth", 40)
    fits(page)
    page.get_by_role("radio", name="与批复一致").check()
    press(page, "提交核对")
    sees(page, "核对已提交")

    with acting_as(SYSTEM):
        states = [store.fresh(cast, cast.session.get(AgencyExpense, pk)).state for pk in ids]
        assert states == [ExpenseState.APPROVED, ExpenseState.DRAFT, ExpenseState.REFUSED]
        assert cast.session.get(SealUse, seal_id).state.label == "待用印"
