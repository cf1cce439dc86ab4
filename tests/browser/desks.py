"""Everybody at a browser of his own: sign in, press, fill, pick, decide — by the words that stand on the screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Locator, Page, expect

from tests.bench.browser import watched_page
from tests.conftest import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser


class Desks:
    """One browser context a person, opened at the first use; close() fails on what any page complained about."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.chromium, self.url = chromium, url
        self.pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    def at(self, login: str) -> Page:
        """The person's page, signed in through the real form."""
        if login not in self.pages:
            page = watched_page(self.chromium, self.complaints)
            page.goto(f"{self.url}/login/")
            box(page, "账号").fill(login)
            box(page, "密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.wait_for_url(f"{self.url}/")
            self.pages[login] = page
        return self.pages[login]

    def snap(self, name: str, page: Page) -> None:
        """A moment worth a picture; the guide's script takes them (see guide_shots)."""

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()
        assert not self.complaints, "\n".join(self.complaints)


def box(page: Page | Locator, label: str) -> Locator:
    """The input with exactly this label; the star of a required one does not count."""
    return page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$"))


def fill(page: Page, **values: Any) -> None:
    """Types into the inputs of a form: label=value."""
    for label, value in values.items():
        box(page, label).fill(str(value))


def pick(page: Page, label: str, text: str) -> None:
    """Takes a related record: of a short list, or by typing where there are many."""
    where = page.get_by_role("combobox", name=re.compile(rf"^\s*{re.escape(label)}"))
    if where.evaluate("e => e.tagName") == "SELECT":
        choose(page, label, text)
        return
    where.fill(text)
    page.get_by_role("option").filter(has_text=text).first.click()


def choose(page: Page, label: str, text: str) -> None:
    """Takes the option of a plain select that says the text, else one that holds it."""
    options = box(page, label).locator("option")
    exact = options.filter(has_text=re.compile(rf"^\s*{re.escape(text)}\s*$"))
    option = (exact if exact.count() else options.filter(has_text=text)).first
    box(page, label).select_option(option.get_attribute("value"))


def menu(page: Page, group: str, name: str) -> None:
    """Follows an entry of the menu; opens its group when it is folded."""
    entry = page.get_by_role("navigation").get_by_role("link", name=re.compile(rf"^{name}(\s*\d+)?$"))
    page.get_by_role("navigation").first.wait_for()
    if not entry.is_visible():
        page.get_by_role("navigation").locator("summary", has_text=group).click()
    entry.click()


def inbox(page: Page) -> None:
    """Opens 待我审批."""
    page.get_by_role("navigation").get_by_role("link", name=re.compile("^待我审批")).first.click()


def act(page: Page, name: str) -> Locator:
    """A button or link of the page itself, by its word."""
    main = page.locator("main")
    return main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first


def press(page: Page, name: str) -> None:
    """Presses it, and says yes to the question that it may ask."""
    act(page, name).click()
    dialog = page.get_by_role("dialog")
    if dialog.is_visible():
        dialog.get_by_role("button").last.click()


def take(page: Page, step: str, **values: Any) -> None:
    """Takes a step of a record: its link, its form, its button; waits until it is done."""
    main = page.locator("main")
    main.get_by_role("link", name=step, exact=True).click()
    fill(page, **values)
    main.get_by_role("button", name=step, exact=True).click()
    sees(page, f"{step}：已完成")


def submit(page: Page, step: str) -> None:
    """Takes a step that asks nothing more than yes."""
    press(page, step)
    sees(page, f"{step}：已完成")


def open_row(page: Page, text: str) -> None:
    """Opens the record of a list whose line shows the text."""
    page.locator("main").get_by_role("row").filter(has_text=text).get_by_role("link").first.click()


def sees(page: Page, text: str) -> None:
    """The page says so."""
    expect(page.locator("main")).to_contain_text(text)


def decide(
    page: Page, what: str, verdict: str = "同意", opinion: str = "", *, desks: Desks | None = None, name: str = ""
) -> None:
    """Opens the request in 待我审批 whose line shows `what`; gives the verdict with an opinion."""
    inbox(page)
    open_row(page, what)
    page.get_by_role("radio", name=re.compile(f"^{verdict}")).check()
    fill(page, 审批意见=opinion)
    if desks is not None:
        desks.snap(name, page)
    press(page, "提交意见")
    sees(page, "意见已提交")
