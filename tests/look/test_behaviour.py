"""The pages in a real browser: no sideways scroll, no fault, and what the scripts promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from config import ROOT
from tests.bench.tiers import THOROUGH
from tests.look.preview import VIEWS
from tests.look.shoot import OTHERS, served, sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.mark.parametrize("width", [1440, pytest.param(1024, marks=THOROUGH), 390])
def test_no_page_scrolls_sideways(browser_page: Page, base: str, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 844})
    wide = {}
    for name in [*VIEWS, *OTHERS]:
        browser_page.goto(f"{base}/{name}")
        wide[name] = sideways(browser_page)
    assert {n: w for n, w in wide.items() if w > 0} == {}


def test_a_question_comes_before_what_cannot_be_undone(browser_page: Page, base: str) -> None:
    posts: list[str] = []
    browser_page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    browser_page.route("**/return", lambda r: r.fulfill(status=204))
    browser_page.goto(f"{base}/detail")
    browser_page.get_by_role("button", name="退回修改").click()
    dialog = browser_page.get_by_role("dialog", name="退回认购书 RG-2026-0318？")
    dialog.get_by_role("button", name="再看看").click()
    assert posts == []
    browser_page.get_by_role("button", name="退回修改").click()
    dialog.get_by_role("button", name="退回修改").click()
    browser_page.wait_for_timeout(200)
    assert posts == [f"{base}/return"]


def test_a_form_is_sent_once_and_says_so(browser_page: Page, base: str) -> None:
    posts: list[str] = []
    browser_page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    browser_page.route("**/password", lambda r: r.fulfill(status=204) if r.request.method == "POST" else r.continue_())
    browser_page.goto(f"{base}/password")
    for name in ("old", "new", "again"):
        browser_page.fill(f"#f-{name}", "x")
    send = browser_page.locator("main").get_by_role("button", name="修改密码")
    send.dblclick()
    browser_page.wait_for_timeout(200)
    assert browser_page.locator("form.card button").inner_text() == "提交中…"
    assert len(posts) == 1


def test_leaving_a_changed_form_asks(browser_page: Page, base: str) -> None:
    asked: list[str] = []
    browser_page.on("dialog", lambda d: (asked.append(d.type), d.accept()))
    browser_page.goto(f"{base}/decide")
    browser_page.get_by_role("button", name="请补竞品比价").click()
    assert browser_page.input_value("#f-opinion") == "请补竞品比价"
    browser_page.goto(f"{base}/list")
    assert asked == ["beforeunload"]


def test_type_and_choose_by_keyboard(browser_page: Page, base: str) -> None:
    browser_page.goto(f"{base}/form")
    field = browser_page.get_by_role("combobox", name="客户")
    field.fill("刘")
    browser_page.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    assert field.input_value() == "刘美玲"
    assert browser_page.locator("input[name=customer]").input_value() == "3"
    field.fill("没有这个人")
    field.blur()
    assert browser_page.locator("input[name=customer]").input_value() == ""
    assert field.evaluate("e => e.validity.customError")


def test_ticks_show_the_bulk_bar(browser_page: Page, base: str) -> None:
    browser_page.goto(f"{base}/list")
    bar = browser_page.locator(".bulk")
    assert not bar.is_visible()
    browser_page.get_by_label("选择 张丽华").check()
    assert bar.is_visible()
    assert "已选 1 项" in bar.inner_text()
    browser_page.get_by_label("全选本页").check()
    assert "已选 6 项" in bar.inner_text()
    browser_page.get_by_role("button", name="取消选择").click()
    assert not bar.is_visible()


def test_tabs_walk_with_arrows_and_fetch_their_inside(browser_page: Page, base: str) -> None:
    browser_page.goto(f"{base}/detail")
    browser_page.get_by_role("tab", name="付款计划 3").focus()
    browser_page.keyboard.press("ArrowRight")
    browser_page.locator("#pane-money td", has_text="林晓").first.wait_for()
    assert browser_page.get_by_role("tab", name="收款 1").get_attribute("aria-selected") == "true"


def test_slash_searches_and_escape_closes(browser_page: Page, base: str) -> None:
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(f"{base}/list")
    browser_page.keyboard.press("/")
    assert browser_page.evaluate("document.activeElement.id") == "q"
    browser_page.get_by_role("button", name="收起或展开菜单").click()
    assert browser_page.locator("#side").is_visible()
    browser_page.keyboard.press("Escape")
    assert not browser_page.locator("#side").is_visible()


def test_the_board_lives(browser_page: Page, base: str) -> None:
    browser_page.goto(f"{base}/board")
    cell = browser_page.locator(".u[data-id='11701']")
    assert cell.get_attribute("aria-label") == "1单元1701 锁定 145.2万"
    cell.focus()
    browser_page.keyboard.press("ArrowRight")
    assert browser_page.evaluate("document.activeElement.dataset.id") == "11702"
    browser_page.keyboard.press("Enter")
    browser_page.get_by_role("heading", name="3栋1单元1102").wait_for()
    browser_page.keyboard.press("Escape")
    assert not browser_page.locator("#drawer").is_visible()
    assert browser_page.evaluate("document.activeElement.dataset.id") == "11702"
    browser_page.request.get(f"{base}/board/change")
    browser_page.locator(".u[data-id='11701'].u-sign").wait_for()
    assert browser_page.locator("#live").inner_text() == "1单元1701 签约 145.2万"
    assert "63" in browser_page.locator("section [data-part=facts]").inner_text()


def test_the_legend_filters(browser_page: Page, base: str) -> None:
    browser_page.goto(f"{base}/board")
    browser_page.get_by_role("button", name="可售").first.click()
    assert browser_page.locator(".board .u.off").count() > 0
    assert browser_page.locator(".board .u-free.off").count() == 0
    browser_page.locator("[data-filter=free]").click()
    assert browser_page.locator(".board .u.off").count() == 0


def test_lock_times_count_down(browser_page: Page, base: str) -> None:
    browser_page.goto(f"{base}/board")
    minutes = browser_page.locator("[data-until]").first.inner_text()
    assert minutes.endswith("分")
    assert 0 < int(minutes.removesuffix("分")) <= 60


def test_on_a_phone_the_bar_of_a_page_is_one_line_and_keeps_the_step_that_is_due(browser_page: Page, base: str) -> None:
    browser_page.set_viewport_size({"width": 200, "height": 844})  # too narrow for four words
    browser_page.goto(f"{base}/detail")
    bar = browser_page.locator(".act-bar")
    tops = bar.locator(".btn:visible").evaluate_all("all => all.map(b => Math.round(b.getBoundingClientRect().top))")
    assert len(tops) > 1
    assert set(tops) == {tops[0]}
    assert bar.locator(".btn-primary").is_visible()
    hidden = bar.get_by_text("退回修改", exact=True)
    assert not hidden.is_visible()
    bar.get_by_text("更多", exact=True).click()
    hidden.click()
    assert browser_page.get_by_role(
        "dialog", name="退回认购书 RG-2026-0318？"
    ).is_visible()  # it asks as the button did


def test_facts_that_say_nothing_are_counted_on_a_phone(browser_page: Page, base: str) -> None:
    browser_page.goto(f"{base}/detail")
    blank = browser_page.locator(".facts > .blank").first
    assert blank.is_visible()
    browser_page.set_viewport_size({"width": 390, "height": 844})
    assert not blank.is_visible()
    assert browser_page.locator(".facts[data-blank]").first.get_attribute("data-blank") == "另有 1 项没有填写"


def test_many_boxes_are_found_by_some_letters(browser_page: Page, base: str) -> None:
    browser_page.goto(f"{base}/form")
    browser_page.evaluate(
        """() => document.querySelector("form.card .form-grid").insertAdjacentHTML("beforeend", '<fieldset class="picks" data-long="找"><legend>车位</legend>'
            + ["001", "002", "013"].map(n => `<label class="pick"><input type="checkbox" name="u" value="${n}">车位 ${n}</label>`).join("") + "</fieldset>")"""
    )
    browser_page.evaluate((ROOT / "app" / "static" / "anchang.js").read_text("utf-8"))
    box = browser_page.locator("fieldset[data-long]")
    box.get_by_label("车位 001").check()
    box.get_by_label("找").fill("3")
    assert [box.get_by_label(f"车位 {n}").is_visible() for n in ("001", "002", "013")] == [True, False, True]


def test_a_report_of_many_columns_is_read_on_a_phone_without_scrolling(browser_page: Page, base: str) -> None:
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(f"{base}/report")
    wraps = browser_page.locator(".table-wrap")
    assert wraps.count() > 0
    assert wraps.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length") == 0
    card = browser_page.locator("table.lined.stack > tbody > tr").first
    named = card.locator("td[data-l]:visible").first
    before = named.evaluate("e => getComputedStyle(e, '::before').content")
    assert named.get_attribute("data-l") in before


def test_the_chosen_view_of_a_report_stands_in_sight_on_a_phone(browser_page: Page, base: str) -> None:
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(f"{base}/report")
    chosen = browser_page.locator(".views [aria-current]").bounding_box()
    assert chosen is not None
    assert chosen["x"] >= 0
    assert chosen["x"] + chosen["width"] <= 390
