"""Every template drawn with invented records: Chinese only, headings in order, labels bound, one primary button."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from flask import render_template
from flask.testing import FlaskClient

from app.kernel.screens.page import Link
from tests.look.doc_samples import RESERVATION
from tests.look.list_samples import NO_CUSTOMERS
from tests.look.preview import VIEWS, create_preview

PAGES = [*VIEWS, "login", "login?bad", "flash"]
FRAGMENTS = ["board/unit/1", "board/cells", "pane"]
VOID = {"input", "meta", "link", "br", "hr", "img", "path", "use"}
SPOKEN = ("title", "placeholder", "aria-label", "data-ask", "data-ask-title", "data-ask-verb", "alt")
# what is Latin in a Chinese page: codes, room types, units of files, formats, the other language's own name, a key
LATIN = re.compile(
    r"\b(RG|ZK)-\d{4}-\d{4}\b|\b(PDF|JPG|XLSX?|Excel|English|Ctrl|C|MB|KB)\b|\bS\d(\.\d+)+\b|\.(xlsx|pdf|jpg)\b|\b[A-E]\b"
)


@dataclass
class Seen(HTMLParser):
    """What a reader meets on a page."""

    texts: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    inputs: list[dict[str, str | None]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    primary: int = 0
    inline: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)
    forms: list[list[str]] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    stack: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        dialog = any(t == "dialog" for t, _ in self.stack)
        self.texts += [a[k] or "" for k in SPOKEN if k in a]
        self.ids += [a["id"] or ""] if "id" in a else []
        self.inline += [f"{tag} {k}" for k in a if k.startswith("on")]
        self.described += (a.get("aria-describedby") or "").split()
        if re.fullmatch("h[1-6]", tag) and not dialog:
            self.headings.append(int(tag[1]))
        if "btn-primary" in (a.get("class") or "").split() and not dialog:
            self.primary += 1
        if tag == "label" and a.get("for"):
            self.labels.add(a["for"] or "")
        if tag == "form":
            self.forms.append([a.get("method") or "get"])
        if tag == "input" and self.forms and a.get("name"):
            self.forms[-1].append(a["name"] or "")
        if tag in ("input", "select", "textarea") and a.get("type") not in ("hidden", "submit"):
            wrapped = any(t == "label" for t, _ in self.stack)
            self.inputs.append({**a, "wrapped": "1" if wrapped else None})
        if tag not in VOID:
            self.stack.append((tag, a))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(t in ("script", "style") for t, _ in self.stack):
            self.texts.append(data.strip())


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    return create_preview().test_client()


def look(client: FlaskClient, address: str) -> Seen:
    answer = client.get(f"/{address}")
    assert answer.status_code == 200
    seen = Seen()
    seen.feed(answer.text)
    return seen


@pytest.mark.parametrize("address", PAGES + FRAGMENTS)
def test_no_english_and_nothing_undrawn(client: FlaskClient, address: str) -> None:
    seen = look(client, address)
    latin = {w for t in seen.texts for w in re.findall(r"[A-Za-z]{2,}|[{}]", LATIN.sub("", t))}
    assert latin == set()
    assert not {"None", "True", "False"} & set(seen.texts)


@pytest.mark.parametrize("address", PAGES)
def test_headings_descend_step_by_step_from_one_title(client: FlaskClient, address: str) -> None:
    levels = look(client, address).headings
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


@pytest.mark.parametrize("address", PAGES)
def test_every_input_has_a_name_that_is_read(client: FlaskClient, address: str) -> None:
    seen = look(client, address)
    bare = [i for i in seen.inputs if not (i["wrapped"] or i.get("aria-label") or i.get("id") in seen.labels)]
    assert bare == []
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.described) <= set(seen.ids)


@pytest.mark.parametrize("address", PAGES)
def test_at_most_one_primary_button(client: FlaskClient, address: str) -> None:
    assert look(client, address).primary <= 1


@pytest.mark.parametrize("address", ["list", "detail", "form", "decide", "search", "login"])
def test_the_step_that_is_due_is_primary(client: FlaskClient, address: str) -> None:
    assert look(client, address).primary == 1


@pytest.mark.parametrize("address", PAGES + FRAGMENTS)
def test_posts_carry_the_token_and_no_handler_is_inline(client: FlaskClient, address: str) -> None:
    seen = look(client, address)
    assert seen.inline == []
    assert [f for f in seen.forms if f[0] == "post" and "csrf_token" not in f] == []


def test_values_are_escaped(client: FlaskClient) -> None:
    with client.application.test_request_context("/x"):
        client.application.preprocess_request()
        text = render_template("doc/detail.html", page=replace(RESERVATION, title="<b>x</b>", note="<script>"))
    assert "<b>x</b>" not in text
    assert "<script>" not in text


def test_only_the_first_primary_act_is_drawn_so(client: FlaskClient) -> None:
    add = Link("新增", "/add", tone="primary")
    with client.application.test_request_context("/x"):
        client.application.preprocess_request()
        text = render_template("doc/list.html", page=replace(NO_CUSTOMERS, acts=(add, add)))
    seen = Seen()
    seen.feed(text)
    assert seen.primary == 1
