"""A stale form never wins silently: every edit form and every step of every paper, sent from a page older than the record (04 R7)."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.kernel.base import now
from app.kernel.screens.view import VIEWS
from app.kernel.workflow import FLOWS, Step
from tests.cast import MEMBERS
from tests.matrix.policy import PAPERS, Paper, Posts
from tests.matrix.requests import Person
from tests.matrix.test_attacks import page_of, row_of, typed
from tests.matrix.world import OWN, World

ANSWERED = {  # something that the kind of question takes
    "text": "试", "textarea": "试", "money": "1", "area": "1", "number": "1", "date": now().date().isoformat(),
    "datetime": now().strftime("%Y-%m-%dT%H:%M"), "checkbox": "1",
}  # fmt: skip


def readers(name: str, posts: Posts) -> list[str]:
    """Who of project A holds one of the posts and sees his own row of this paper."""
    people = [Person(login) for login, (_name, _post, where) in MEMBERS.items() if where[0] == "a"]
    return [who.login for who in people if who.post in posts and who.sees(name, OWN)]


def changed_by_a_colleague(world: World, model: type[Any], pk: int, **values: Any) -> bool:
    """The record as it is after somebody else saved it; False when its table lets nobody change it so."""
    table = model.__table__
    bumped = {"version": table.c.version + 1, "updated_by": world.cast.person_ids["site_manager"], **values}
    try:
        with world.engine.begin() as connection:
            connection.execute(update(table).where(table.c.id == pk).values(**bumped))
    except IntegrityError:  # a state without what belongs to it
        return False
    return True


def refused(client: FlaskClient, url: str, body: dict[str, str], world: World, model: type[Any], pk: int) -> str:
    """«stale» when it is told and nothing is written, «unfit» when the values themselves do not pass, else the fault."""
    before = row_of(world, model, pk)
    answer = client.post(url, data=body)
    if row_of(world, model, pk) != before:
        return f"{url}: {answer.status_code}, and the record is overwritten"
    if answer.status_code == 409:
        text = answer.get_data(as_text=True)
        return "stale" if "修改" in text else f"{url}: 409 without a word who or what changed"
    return "unfit" if answer.status_code in (403, 422) else f"{url}: {answer.status_code}"


def test_no_edit_form_overwrites_what_somebody_saved_meanwhile(world: World) -> None:
    told, faults = [], []
    for name, paper in PAPERS.items():
        model = next(m for m in VIEWS if m.__tablename__ == name.replace("-", "_"))
        pk, people = world.row(name, OWN), readers(name, paper.edits)
        if pk is None or not people or "version" not in model.__table__.c:
            continue
        with world.app.test_request_context():
            body = typed(world, page_of(model), row_of(world, model, pk))
        if not changed_by_a_colleague(world, model, pk):
            continue
        answers = {refused(world.clients[who], f"/{name}/edit/{pk}", body, world, model, pk) for who in people}
        told += [name] if "stale" in answers else []
        faults += sorted(answers - {"stale", "unfit"})
    assert not faults, "\n".join(faults)
    assert len(told) > 25, f"only {len(told)} forms came as far as their version: {told}"


def given_to(world: World, step: Step) -> dict[str, str]:
    """Answers to every question of the step's form."""
    body = {"note": "试"} if step.reason else {}
    for one in step.form:
        if one.kind == "choice":
            first = next(iter(one.choices), ("", ""))
            body[one.name] = str(getattr(first, "value", None) or first[0])
        elif one.kind == "record":
            body[one.name] = str(world.row(one.model.replace("_", "-"), OWN))
        elif one.kind == "person":
            body[one.name] = str(world.cast.person_ids["supervisor"])
        else:
            body[one.name] = ANSWERED.get(one.kind, "")
    return body


def test_no_step_is_taken_from_a_page_older_than_the_record(world: World) -> None:
    told, faults, tried = [], [], 0
    for name, paper in PAPERS.items():
        model = next(m for m in VIEWS if m.__tablename__ == name.replace("-", "_"))
        pk, flow = world.row(name, OWN), FLOWS.get(model)
        for step in (s for s in (flow.steps if flow else ()) if not s.internal and pk is not None):
            people = readers(name, steps_of(paper, step.name))
            before = row_of(world, model, pk)
            state = next(iter(step.source))
            if not people or not changed_by_a_colleague(world, model, pk, state=state):
                continue
            tried += 1
            body = given_to(world, step) | {"_version": str(before["version"])}
            answer = refused(world.clients[people[0]], f"/{name}/step/{step.name}/{pk}", body, world, model, pk)
            told += [f"{name}.{step.name}"] if answer == "stale" else []
            faults += [answer] if answer not in ("stale", "unfit") else []
    assert not faults, "\n".join(faults)
    assert len(told) > 0.6 * tried, f"only {len(told)} of {tried} steps came as far as their version"


def steps_of(paper: Paper, step: str) -> Posts:
    return paper.steps.get(step, frozenset())
