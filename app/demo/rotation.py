"""Two lively weeks of rotation at 江畔云庐: as many turns a day as calls and visits came, make-ups, leaves, a turn lost, 公示 in
every state. Only assignments that the rules gave to whoever registered the visit are linked to it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from app.demo import invented
from app.demo.customers import SITES, guest
from app.demo.world import SEED, World, travel
from app.features.customers.choices import ContactKind, Source
from app.features.customers.effects import NewCustomer, register
from app.features.customers.models import Contact
from app.features.customers.rotation.choices import Channel, Presence, Visitor
from app.features.customers.rotation.effects import assign, forfeit, post_unregistered, set_presence
from app.features.customers.rotation.effects.postings import end_postings
from app.features.customers.rotation.models import ReceptionPlace, RotaEntry, RotationPosting, RotationTurn
from app.features.customers.rotation.rules import Asked
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

DAYS = 14
PLACES = (("JPYL", "案场"), ("JPYL", "上海展厅"), ("JPYL", "外展点"), ("CH1", "案场"))
UNUSUAL = (Visitor.NAMED, Visitor.CHANNEL, Visitor.REFERRAL, Visitor.PEER)
PAUSES = ((Presence.MEAL, 55), (Presence.ERRAND, 120), (Presence.BUSY, 45), (Presence.LEAVE, 180))


def load(session: Any, world: World) -> None:
    """Places and duty lists first, then day by day; today's list is there, its queue has begun."""
    world = replace(world, random=random.Random(SEED + 45))  # noqa: S311 - a world of its own: later chapters stay as they are
    places = {}
    for position, (code, name) in enumerate(PLACES, 1):
        place = ReceptionPlace(project_id=world.projects[code].id, name=name, position=position)
        places[code, name] = place
        write(session, partial(session.add, place))
    main = places["JPYL", "案场"].id
    sellers = {code: [world.people[login].id for login in logins] for code, logins in _logins().items()}
    for days_ago in range(DAYS, -2, -1):
        write(session, partial(_rota, session, world, places, sellers, days_ago))
    for days_ago in range(DAYS, -1, -1):
        write(session, partial(_day, session, world, main, days_ago))
    _postings(session, world, main)


def _logins() -> dict[str, tuple[str, ...]]:
    return {site.code: site.sellers for site in SITES}


def _rota(session: Any, world: World, places: Any, sellers: dict[str, list[int]], days_ago: int) -> None:
    """Everybody at the site, one of the four at the city hall by turns; the stand outside on weekends."""
    day = world.day(days_ago)
    with travel(min(world.at(days_ago + 1, 17), now())):
        for (code, name), place in places.items():
            people = sellers[code]
            if name == "上海展厅":
                people = [people[day.toordinal() % len(people)]]
            elif name == "外展点":
                people = people[:2] if day.weekday() >= 5 else []
            for position, person in enumerate(people, 1):
                session.add(
                    RotaEntry(
                        project_id=place.project_id, place_id=place.id, day=day, person_id=person, position=position
                    )
                )
        session.flush()


def _day(session: Any, world: World, place_id: int, days_ago: int) -> None:
    """One turn for each call and visit of the day, with people going for meals and errands in between."""
    chance, away = world.random, dict[int, datetime]()
    people = [world.people[login].id for login in _logins()["JPYL"]]
    for contact in _contacts(session, world, days_ago):
        moment = contact.at - timedelta(minutes=1)
        with world.acting("clerk", moment) as clerk:
            for person in [p for p, back in away.items() if back <= moment]:
                set_presence(session, clerk, place_id, person, Presence.PRESENT)
                del away[person]
            if chance.random() < 0.35 and len(away) < len(people) - 2:
                person = chance.choice([p for p in people if p not in away])
                presence, minutes = chance.choice(PAUSES)
                set_presence(session, clerk, place_id, person, presence)
                away[person] = moment + timedelta(minutes=minutes)
            turn = _given(session, world, clerk, place_id, contact, [p for p in people if p not in away])
        if turn is not None and turn.person_id == contact.receiver_id:
            link = {"turn_id": turn.id, "turn": turn.label}
            session.execute(update(Contact).where(Contact.id == contact.id).values(**link))
    if days_ago in (4, 9):
        with world.acting("supervisor", world.at(days_ago, 18, 10)) as head:
            forfeit(
                session, head, place_id, Channel.VISIT, people[days_ago % 4], "没有问「第一次来吗」，接了同事的老客户"
            )


def _contacts(session: Any, world: World, days_ago: int) -> list[Contact]:
    start = world.at(days_ago, 0)
    query = select(Contact).where(
        Contact.project_id == world.projects["JPYL"].id, Contact.at >= start, Contact.at < start + timedelta(days=1)
    )
    return list(session.scalars(query.order_by(Contact.at, Contact.id)))


def _given(
    session: Any, world: World, clerk: Any, place_id: int, contact: Contact, here: list[int]
) -> RotationTurn | None:
    """By what the visit was: a revisit goes to its consultant, now and then somebody is asked for, the rest is new."""
    channel = Channel.CALL if contact.kind is ContactKind.CALL else Channel.VISIT
    asked = Asked(Visitor.NEW)
    if contact.kind is ContactKind.REVISIT:
        asked = Asked(Visitor.OLD, contact.owner_id)
    elif world.random.random() < 0.2:
        visitor = world.random.choice(UNUSUAL)
        asked = Asked(visitor, world.random.choice(here) if visitor is Visitor.NAMED else None)
    try:
        return assign(session, clerk, place_id, channel, asked)
    except RuleError:  # everybody is with a customer: the visitor waited for the next one
        return None


def _postings(session: Any, world: World, place_id: int) -> None:
    """公示: over, given to the claimant, claimed and waiting, still open."""
    for days_ago, name in ((8, "stays"), (6, "moved"), (1, "claimed"), (1, "posted")):
        posting = write(session, partial(_posting, session, world, place_id, days_ago))
        if name in ("moved", "claimed"):
            claimant = next(k for k in _logins()["JPYL"] if world.people[k].id != posting.receiver_id)
            with world.acting(claimant, world.at(days_ago, 17, 30)) as who:
                fire(session, posting, "claim", who, evidence="上月 18 日来过样板房，当时加了微信，有聊天记录")
        if name == "moved":
            with world.acting("supervisor", world.at(days_ago - 1, 9, 20)) as head:
                fire(session, posting, "uphold", head, note="聊天记录属实，客户本人确认")
    with travel(now()), acting_as(SYSTEM):
        write(session, lambda: end_postings(session))


def _posting(session: Any, world: World, place_id: int, days_ago: int) -> RotationPosting:
    moment = world.at(days_ago, 16, 40 + days_ago)
    with world.acting("clerk", moment) as clerk, as_step(session):
        turn = assign(session, clerk, place_id, Channel.VISIT, Asked(Visitor.UNREGISTERED))
        visitor = NewCustomer(
            ContactKind.FIRST_VISIT, Source.PASSING, receiver_id=turn.person_id, **guest(world),
            phones=(next(invented.phones(world.random)),),
            noted={"turn_id": turn.id, "turn": turn.label, "place": "案场", "people": 2, "needs": "说以前来过，想再看三房"},
        )  # fmt: skip
        customer = register(session, clerk, world.projects["JPYL"].id, visitor)
        return post_unregistered(session, clerk, customer, turn)
