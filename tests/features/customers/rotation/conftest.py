"""A place of project A with a duty list for today: consultant1, consultant2, supervisor in this order on every day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.features.customers.rotation.choices import Channel, Presence, Visitor
from app.features.customers.rotation.effects import assign, set_presence
from app.features.customers.rotation.models import ReceptionPlace, RotaEntry, RotationTurn
from app.features.customers.rotation.rules import Asked
from app.kernel.actors import acting_as
from app.kernel.base import now
from tests.cast import Cast
from tests.factories import saved

QUEUE = ("consultant1", "consultant2", "supervisor")
Give = Callable[..., RotationTurn]


@pytest.fixture
def place(session: Session, cast: Cast) -> ReceptionPlace:
    made = saved(session, ReceptionPlace(project_id=cast.project_ids["a"], name="案场"))
    people = QUEUE if now().day % 2 else QUEUE[::-1]  # even days turn the list round
    for number, login in enumerate(people, 1):
        saved(
            session,
            RotaEntry(
                project_id=made.project_id, day=now().date(), place_id=made.id, person_id=cast.person_ids[login], position=number
            ),
        )  # fmt: skip
    return made


@pytest.fixture
def give(session: Session, cast: Cast, place: ReceptionPlace) -> Give:
    """give("clerk", Visitor.NEW, "consultant2") → the line of the log."""
    place_id = place.id

    def act(login: str, visitor: Visitor = Visitor.NEW, person: str = "", **more: Any) -> RotationTurn:
        channel = more.pop("channel", Channel.VISIT)
        asked = Asked(visitor, cast.person_ids[person] if person else None, more.pop("by_head", False))
        with acting_as(cast.actor(login)):
            return assign(session, cast.actor(login), place_id, channel, asked, **more)

    return act


@pytest.fixture
def move(session: Session, cast: Cast, place: ReceptionPlace) -> Callable[..., None]:
    """move("consultant1", Presence.MEAL, by="clerk")"""
    place_id = place.id

    def act(login: str, presence: Presence, by: str = "", reason: str = "") -> None:
        actor = cast.actor(by or login)
        with acting_as(actor):
            set_presence(session, actor, place_id, cast.person_ids[login], presence, reason=reason)

    return act
