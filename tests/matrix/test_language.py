"""Nothing that a person reads or hears is in the other language: text, titles, labels of every page (01 «Language», 03 §3.3.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask_babel import refresh
from sqlalchemy import select

from app.extensions import db
from app.kernel.screens.fields import fields_of
from app.kernel.screens.view import VIEWS
from tests.bench.tiers import THOROUGH, some_first
from tests.cast import MEMBERS
from tests.matrix.requests import Person, asks
from tests.matrix.world import DISABLED, OWN, World

SPOKEN = {"title", "aria-label", "placeholder", "alt", "data-confirm", "data-title", "data-empty"}
SILENT = {"script", "style", "svg", "template"}
UNREAD = re.compile(r"/pick/|export|/lang/")  # no pages; and the switch itself
ON_PAPER = "/paper-template/words/"  # names and samples of what stands on printed papers, Chinese for every reader (decision 0035)
WORD = re.compile(r"[A-Za-z]{2,}")
HAN = re.compile("[\u3400-\u9fff]+")
STAYS = re.compile("中文|人民币[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]+|[栋单元层负]")
NAMES = {  # names of things that people on a site call so, formats, and codes of papers and projects
    "Excel", "PDF", "CSV", "xlsx", "xls", "csv", "pdf", "jpg", "jpeg", "png", "webp", "POS", "MB", "KB", "JPG", "PNG", "VIP", "SP",
    "JPYL", "CH", "QZ", "APP", "ID", "Windows", "Chrome", "Safari", "Firefox", "Edge", "iPhone", "Android", "Mac", "Linux", "Werkzeug",
    "tr", "for", "in", "endfor", "HT",  # marks in a Word template; prefix of serials
    "English", "WPS", "ww", "wangwei", "Ctrl", "Webhook", "https", "Word", "HEIC",
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


def pages(world: World, login: str, language: str, seen: set[str] | None = None) -> Iterator[tuple[str, str]]:
    """(address, page) of everything that this person opens, in one language; what was seen before is left out."""
    client = world.clients[login]
    with client.session_transaction() as cookie:
        cookie["locale"] = language
    refresh()  # the world's application context outlives a request
    for ask in asks(world, Person(login)):
        if ask.method == "GET" and ask.relation in (0, OWN) and not UNREAD.search(ask.url) and ask.allowed != {404}:
            if seen is not None and ask.url in seen:
                continue
            answer = client.get(ask.url)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                if seen is not None:
                    seen.add(ask.url)
                yield ask.url, answer.get_data(as_text=True)


def told(faults: dict[str, set[str]]) -> str:
    return "\n".join(f"{text}: {sorted(where)[:3]}" for text, where in faults.items())


READERS = ("sales_admin", "clerk", "supervisor", "consultant1", "developer_finance", "admin")


@pytest.mark.parametrize("login", some_first(("sales_admin", "consultant1"), READERS))
def test_no_page_speaks_english(world: World, login: str) -> None:
    faults: dict[str, set[str]] = {}
    logins = {*MEMBERS, DISABLED}
    for url, page in pages(world, login, "zh"):
        for text in english(page):
            if text not in logins:
                faults.setdefault(text, set()).add(url)
    assert not faults, told(faults)


@pytest.mark.parametrize("logins", [("consultant1",), pytest.param(READERS, marks=THOROUGH)], ids=["one", "all"])
def test_no_english_page_speaks_chinese(world: World, logins: tuple[str, ...]) -> None:
    """Each page once, by the first who may open it: its words are the same for all."""
    faults: dict[str, set[str]] = {}
    typed, seen = names_and_notes(), set[str]()
    for login in logins:
        for url, page in pages(world, login, "en", seen):
            if ON_PAPER in url:
                continue
            for text in chinese(page, typed):
                faults.setdefault(text, set()).add(url)
    assert len(seen) > (200 if logins is READERS else 60)
    assert not faults, told(faults)


def names_and_notes() -> str:
    """Every Chinese text that people typed: texts of declared fields that no list of words offers, and names made of them;
    names of saved filters, and what a task said in the language of the day on which it ran."""
    found: set[str] = set()
    with db.engine.connect() as connection:
        for model in VIEWS:
            for declared in fields_of(model).values():
                if declared.kind in ("text", "long") and not declared.choices:
                    column = model.__table__.c[declared.column.name]
                    found.update(text for (text,) in connection.execute(select(column).distinct()) if text)
        for saved in ("SELECT name FROM list_setting", "SELECT title || char(10) || message FROM task"):
            found.update(connection.exec_driver_sql(saved).scalars())
    return "\n".join(found)


def chinese(page: str, typed: str) -> list[str]:
    """Texts with Chinese that nobody typed; amounts in capitals and the name of the other language stay."""
    reader = Text()
    reader.feed(page)
    return [
        text[:120]
        for text in reader.said
        if any(run not in typed and not STAYS.fullmatch(run) for run in HAN.findall(text))
    ]


def test_the_ear_hears_english() -> None:
    assert english('<p title="Save">好</p>') == ["Save"]
    assert english("<script>let a</script><p>导入 Excel，RG-JPYL-20261124-001</p>") == []
    assert chinese("<p>状态：王伟 <b>人民币贰万元整</b></p>", "王伟") == ["状态：王伟"]
    assert chinese('<p title="保存">OK</p>', "") == ["保存"]
