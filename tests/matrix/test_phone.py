"""Every page under a thumb: at 390 px nothing scrolls sideways and whatever is pressed answers within 44 px (look/tokens.md §4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config import ROOT
from tests.bench.tiers import THOROUGH
from tests.matrix.requests import Person, asks
from tests.matrix.test_language import UNREAD
from tests.matrix.world import OWN, World

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
TALL = {"width": 390, "height": 3000}  # the whole page at once, so that every point of it can be asked
PROBE = Path(__file__).with_name("phone_probe.js").read_text("utf-8")
STYLE = f"<style>{(ROOT / 'app' / 'static' / 'anchang.css').read_text('utf-8')}</style>"
LINKED = re.compile(r"<link rel=\"stylesheet\"[^>]*>|<script.*?</script>", re.DOTALL)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-CN", viewport=TALL, offline=True)
    yield context.new_page()
    context.close()


def pages(world: World, login: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """(address, page) of everything that this person opens and nobody before him."""
    client = world.clients[login]
    for ask in asks(world, Person(login)):
        known = ask.method != "GET" or ask.relation not in (0, OWN) or ask.allowed == {404} or ask.url in seen
        if known or UNREAD.search(ask.url):
            continue
        answer = client.get(ask.url)
        if answer.status_code == 200 and answer.mimetype == "text/html" and b"</head>" in answer.data:
            seen.add(ask.url)
            yield ask.url, answer.get_data(as_text=True)


def faults(phone: Page, page: str, style: str = STYLE) -> list[str]:
    """What a thumb would stumble over."""
    phone.set_content(LINKED.sub("", page).replace("</head>", f"{style}</head>"), wait_until="commit")
    found = phone.evaluate(PROBE)
    return found["small"] + ([f"sideways by {found['wide']} px"] if found["wide"] > 0 else [])


AT_DESKS = ("consultant1", "supervisor", "clerk", "sales_admin", "developer_finance", "admin")


@pytest.mark.parametrize("logins", [("consultant1",), pytest.param(AT_DESKS, marks=THOROUGH)], ids=["one", "all"])
def test_every_page_is_for_a_thumb(world: World, phone: Page, logins: tuple[str, ...]) -> None:
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    for login in logins:
        for url, page in pages(world, login, seen):
            for fault in faults(phone, page):
                found.setdefault(fault, []).append(url)
    assert len(seen) > (200 if logins is AT_DESKS else 60)
    assert not found, "\n".join(f"{fault}: {len(where)} {where[:3]}" for fault, where in found.items())


def test_the_probe_finds_what_is_too_small_and_too_wide(world: World, phone: Page) -> None:
    page = world.clients["consultant1"].get("/").get_data(as_text=True)
    assert faults(phone, page) == []
    bad = STYLE.replace(
        "</style>", ".main { min-width: 500px } .top-btn { height: 30px !important; min-height: 0 }</style>"
    )
    told = faults(phone, page, bad)
    assert any("sideways" in one for one in told)
    assert any("top-btn" in one for one in told)
