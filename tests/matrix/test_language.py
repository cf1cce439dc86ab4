"""Nothing that a person reads or hears is English: text, titles, labels, placeholders of every page (01 «Chinese», 03 §3.3.8)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.cast import MEMBERS
from tests.matrix.requests import Person, asks
from tests.matrix.world import DISABLED, OWN, World

SPOKEN = {"title", "aria-label", "placeholder", "alt", "data-confirm", "data-title", "data-empty"}
SILENT = {"script", "style", "svg", "template"}
WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = {  # names of things that people on a site call so, formats, and codes of papers and projects
    "Excel", "PDF", "CSV", "xlsx", "xls", "csv", "pdf", "jpg", "jpeg", "png", "webp", "POS", "MB", "KB", "JPG", "PNG", "VIP", "SP",
    "JPYL", "CH", "QZ", "APP", "ID", "Windows", "Chrome", "Safari", "Firefox", "Edge", "iPhone", "Android", "Mac", "Linux", "Werkzeug",
    "English", "WPS", "ww", "wangwei",
}  # fmt: skip


class Text(HTMLParser):
    """What is seen and what a screen reader says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.said += [value for name, value in attrs if name in SPOKEN and value]
        if tag == "input" and ("type", "submit") in attrs:
            self.said += [value for name, value in attrs if name == "value" and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.said.append(" ".join(data.split()))


def english(page: str) -> list[str]:
    """Texts with a word that no name of NAMES explains; numbers of papers («RG-JPYL-20261124-001») and canaries are codes."""
    reader = Text()
    reader.feed(page)
    found = []
    for text in reader.said:
        plain = re.sub(
            r"\bQZ[A-DH][\d*]{7,8}|\b[A-Z]{2}-[A-Z0-9-]+|\b[\w.]+@[\w.]+|\b\w+\.(?:xlsx|pdf|jpg)\b|\b[A-Z0-9]*\d[A-Z0-9]*\b",
            "",
            text,
        )
        if set(WORD.findall(plain)) - NAMES:
            found.append(text[:120])
    return found


@pytest.mark.parametrize("login", ["sales_admin", "supervisor", "consultant1", "clerk", "developer_finance", "admin"])
def test_no_page_speaks_english(world: World, login: str) -> None:
    faults: dict[str, set[str]] = {}
    logins = {*MEMBERS, DISABLED}
    for ask in asks(world, Person(login)):
        if (
            ask.method != "GET"
            or ask.relation not in (0, OWN)
            or "/pick/" in ask.url
            or "export" in ask.url
            or ask.allowed == {404}
        ):
            continue
        answer = world.clients[login].get(ask.url)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for text in english(answer.get_data(as_text=True)):
                if text not in logins:
                    faults.setdefault(text, set()).add(ask.url)
    assert not faults, "\n".join(f"{text}: {sorted(where)[:3]}" for text, where in faults.items())


def test_the_ear_hears_english() -> None:
    assert english('<p title="Save">好</p>') == ["Save"]
    assert english("<script>let a</script><p>导入 Excel，RG-JPYL-20261124-001</p>") == []
