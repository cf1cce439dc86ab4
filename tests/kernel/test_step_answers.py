"""Answers of a step's form: people are chosen from those who hold the post, personal answers leave no trace in the log."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.screens.forms import ask_input, wanted_ask
from app.kernel.screens.inputs import parse
from app.kernel.states import State
from app.kernel.workflow import Act, _answers, step
from tests.cast import Cast


class Word(State):
    OPEN = ("open", "办理中")


def test_only_holders_of_the_post_in_the_project_are_offered_and_taken(session: Session, cast: Cast) -> None:
    who = ask("owner_id", "顾问", "person", posts=[Post.CONSULTANT])
    paper = SimpleNamespace(project_id=cast.project_ids["a"])
    offered = {option.value for option in ask_input(session, paper, who, None, "").options}
    assert offered == {str(cast.person_ids["consultant1"]), str(cast.person_ids["consultant2"])}
    for login, fine in (("consultant1", True), ("clerk", False), ("other_consultant", False)):
        parsed = parse(session, [wanted_ask(who, paper)], {"owner_id": str(cast.person_ids[login])})
        assert (parsed.values["owner_id"], bool(parsed.errors)) == (
            (cast.person_ids[login], False) if fine else (None, True)
        )


@pytest.mark.parametrize(("typed", "kept"), [("10000001234", "***"), ("", ""), (None, None)])
def test_personal_answers_are_not_logged(typed: Any, kept: Any) -> None:
    taken = step("add", "增加号码", Word.OPEN, None, form=[ask("phone", "号码", personal=True), ask("whose", "机主")])
    act = Act(None, None, None, taken, {"phone": typed, "whose": "本人"}, "", now())  # type: ignore[arg-type]
    assert _answers(act) == {"phone": kept, "whose": "本人"}
