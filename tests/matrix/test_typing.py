"""Whatever is typed into a form, it answers in words: every box of every form emptied, then filled with odd values, one at a time (04 §3 B, G).

Each form is sent once as the page has it, with something plausible for what is required: so many of them are taken. Then with one odd
value after another. The world is put back after each post that was taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.kernel.screens.fields import fields_of
from app.kernel.screens.view import VIEWS, DocumentView
from tests.bench.tiers import some_first
from tests.cast import MEMBERS
from tests.matrix.filled_forms import FilledForm
from tests.matrix.policy import PAPERS
from tests.matrix.requests import Person
from tests.matrix.test_planted import steps
from tests.matrix.world import OWN, World

SITE = [login for login, (_name, _post, where) in MEMBERS.items() if where[0] == "a"]
ODD = (
    "",
    "-1",
    "0.001",
    "1e9",
    "9999-12-31",
    "没有这一项",
)  # what the one reader of numbers does with others is tests/kernel/test_inputs.py's
TAKEN = frozenset({302, 303})
SAFE = TAKEN | {200, 403, 409, 413, 422}
GONE = {
    "/buyer/add": 404
}  # the change of the world that its address names is no 更名 or 增减名: nobody is proposed on it
LEAST_TAKEN = 240  # of 363 forms; 246 were measured


def opened(world: World, login: str, url: str) -> FilledForm | None:
    """The form of a page as this person sees it; None when the page asks for nothing or is not his."""
    answer = world.clients[login].get(url)
    assert answer.status_code != 500, f"{url} as {login}"
    form = FilledForm(answer.text) if answer.status_code == 200 else None
    return form if form is not None and form.body else None


def additions(world: World, view: DocumentView, name: str) -> list[str]:
    """Addresses of a new paper of this kind that stands on the papers of the world; one for each word that decides the form."""
    known = fields_of(view.model)
    beside = []
    for field in known.values():
        table = field.target.__tablename__ if field.kind == "record" and field.target is not None else ""
        if table in world.ids:
            beside.append(f"{field.name}={world.ids[table] + OWN}")
    words = view.form_by[1] if view.form_by is not None else ()
    started = [f"{view.form_by[0]}={word.value}" for word in words] if view.form_by is not None else [""]
    return [f"/{name}/add?{'&'.join(filter(None, (*beside, first)))}" for first in started]


def forms(world: World) -> Iterator[tuple[str, str, FilledForm]]:
    """(login, address, form) of every new paper, every paper that may be changed and every step, by the first person who may."""
    models = {m.__tablename__.replace("_", "-"): m for m in VIEWS}
    for name, paper in PAPERS.items():
        view = VIEWS[models[name]]
        own = world.row(name, OWN)
        addresses = [*additions(world, view, name), *([f"/{name}/edit/{own}"] if own else [])]
        for url in addresses:
            posts = paper.edits if "/edit/" in url else paper.add
            for login in (one for one in SITE if Person(one).post in posts):
                form = opened(world, login, url)
                if form is not None:
                    yield login, url, form
                    break
    for login, url, _model, form in steps(world):
        yield login, url, form


def tried(world: World, login: str, url: str, body: dict[str, Any]) -> int | str:
    """The status of a post, or what broke; the world is as new after one that was taken."""
    try:
        status = world.clients[login].post(url, data=body).status_code
    except Exception as error:  # noqa: BLE001 - the tests' app hands on what a server would answer with 500
        world.restore()
        return repr(error)
    if status in TAKEN:
        world.restore()
    return status


def sent(form: FilledForm) -> dict[str, Any]:
    """What the page would send, without the key that knows it again."""
    return {name: value for name, value in form.body.items() if name != "_key"}


def safe(url: str, status: int | str) -> bool:
    return status in SAFE or GONE.get(url.partition("?")[0]) == status


def test_forms_are_taken_as_the_page_has_them(world: World) -> None:
    answers = {f"{url} as {login}": tried(world, login, url, sent(form)) for login, url, form in list(forms(world))}
    broken = [f"{what} answered {status}" for what, status in answers.items() if not safe(what, status)]
    assert not broken, "\n".join(broken)
    taken = [what for what, status in answers.items() if status in TAKEN]
    assert len(taken) >= LEAST_TAKEN, f"only {len(taken)} of {len(answers)} forms were taken: the test tries too little"


@pytest.mark.parametrize("odd", some_first(("",), ODD))
def test_no_form_breaks_on_a_value(world: World, odd: str) -> None:
    broken, posts = [], 0
    for login, url, form in list(forms(world)):
        for name in sorted(form.names - {""}):
            if name.startswith("_") or name == "csrf_token":
                continue
            status = tried(world, login, url, sent(form) | {name: odd})
            posts += 1
            if not safe(url, status):
                broken.append(f"{url} as {login}: {name}={odd[:20]!r} answered {status}")
    assert not broken, "\n".join(broken)
    assert posts > 400, f"only {posts} posts: the test tries too little"
