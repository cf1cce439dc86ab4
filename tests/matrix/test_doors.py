"""What stands behind every answer of test_matrix.py, for everybody and without a request: who is let in where, whose rows he reaches.

The plain suite sweeps one person of each kind over HTTP; the others' posts and rows are held against page 07 here.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import appbuilder, db
from app.kernel.actors import acting_as
from app.kernel.entrance import ALWAYS, OPEN, STATIC
from app.kernel.grants import posts_of
from app.kernel.screens.view import VIEWS
from app.kernel.workflow import FLOWS
from tests.cast import MEMBERS
from tests.matrix.policy import BUSINESS, NOBODY, PAGES, PAPERS
from tests.matrix.requests import RELATIONS, Person
from tests.matrix.world import World

BY_THE_PAPER = {  # one page for many papers: it asks the paper's own view (tests/test_imports.py, test_personal_columns.py)
    *(rule for rule in PAGES if rule.startswith("/import/")), "/list-settings/<screen>/filter", "/list-settings/<screen>/columns",
}  # fmt: skip
WITHOUT_RIGHT = OPEN | ALWAYS | STATIC | {"UtilView.back"}  # the door itself answers


def names_of_papers() -> dict[str, type]:
    return {model.__tablename__.replace("_", "-"): model for model in VIEWS}


def test_every_paper_is_granted_to_the_posts_of_07(app: Flask) -> None:
    appbuilder.sm.read_declarations()
    faults = []
    for name, model in names_of_papers().items():
        paper, view = PAPERS[name], VIEWS[model].class_permission_name
        wanted = {
            "can_list": paper.read, "can_show": paper.read | (BUSINESS if paper.decided else NOBODY), "can_add": paper.add,
            "can_delete": paper.removes, "can_export": paper.export, "can_edit": paper.edits,
        }  # fmt: skip
        if paper.edit == NOBODY:
            wanted["can_edit"] = paper.edits | paper.add  # the form itself says that nobody changes it
        for right, posts in wanted.items():
            given = posts_of(view, right)
            wrong = given - posts if right == "can_edit" else given ^ posts
            faults += [f"{name} {right}: {sorted(wrong)}"] if wrong else []
    assert not faults, "\n".join(faults)


def test_every_step_is_granted_to_the_posts_of_07() -> None:
    faults = []
    for name, model in names_of_papers().items():
        table = FLOWS.get(model)
        for step in (s for s in (table.steps if table else ()) if not s.internal):
            wrong = frozenset(step.by) ^ PAPERS[name].steps[step.name]
            faults += [f"{name}.{step.name}: {sorted(wrong)}"] if wrong else []
    assert not faults, "\n".join(faults)


def test_every_page_is_granted_to_the_posts_of_07(app: Flask) -> None:
    appbuilder.sm.read_declarations()
    views, faults, held = {view.endpoint: view for view in appbuilder.baseviews}, [], 0
    for rule in app.url_map.iter_rules():
        page = PAGES.get(str(rule))
        if page is None or page.anyone or rule.endpoint in WITHOUT_RIGHT or str(rule) in BY_THE_PAPER:
            continue
        endpoint, _, method = rule.endpoint.partition(".")
        view = views[endpoint]
        right = (view.method_permission_name or {}).get(method) or getattr(type(view), method)._permission_name
        wrong = posts_of(view.class_permission_name, f"can_{right}") ^ page.who
        held += 1
        faults += [f"{rule}: {sorted(wrong)}"] if wrong else []
    assert not faults, "\n".join(faults)
    assert held > 100


@pytest.mark.parametrize("login", MEMBERS)
def test_a_person_reaches_the_rows_of_07(world: World, login: str) -> None:
    person, faults, met = Person(login), [], 0
    for name, model in names_of_papers().items():
        if person.post not in PAPERS[name].read:
            continue
        rows = {relation: world.row(name, relation) for relation in RELATIONS}
        query = select(model.id).where(model.id.in_([pk for pk in rows.values() if pk is not None]))  # type: ignore[attr-defined]
        with acting_as(world.cast.actor(login)):
            found = set(db.session.scalars(query))
        reached = {relation for relation, pk in rows.items() if pk in found}
        wanted = {relation for relation, pk in rows.items() if pk is not None and person.sees(name, relation)}
        met += len(reached)
        faults += [f"{name}: {sorted(reached ^ wanted)}"] if reached != wanted else []
    db.session.remove()
    assert not faults, "\n".join(faults)
    assert met > 3
