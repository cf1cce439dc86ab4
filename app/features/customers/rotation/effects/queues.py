"""The queue of a place, day and channel: begun from the duty list with the first act, locked by every act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.features.customers.rotation.choices import Channel, Order, Presence, Why
from app.features.customers.rotation.models import ReceptionPlace, RotaEntry, RotationQueue, RotationTurn
from app.features.customers.rotation.rules import Line, Member, Terms, opening
from app.features.organisation.parameters import parameters
from app.kernel.base import now
from app.kernel.errors import NotFound

KEYS = (
    "rotation_order",
    "rotation_sign_in",
    "rotation_skip_old",
    "rotation_named_uses",
    "rotation_channel_uses",
    "rotation_referral_uses",
)


def line_kept(line: Line) -> dict[str, Any]:
    """The line as JSON."""
    members = [[m.person, m.presence.value, m.lost, m.old] for m in line.members]
    return {"members": members, "owed": list(line.owed)}


def line_from(kept: Mapping[str, Any]) -> Line:
    """The line of stored JSON."""
    members = tuple(
        Member(person, Presence.coded(word) or Presence.LEAVE, lost, old) for person, word, lost, old in kept["members"]
    )
    return Line(members, tuple(kept["owed"]))


def line_of(queue: RotationQueue) -> Line:
    """The line of a queue as the rules know it."""
    return line_from({"members": queue.members, "owed": queue.owed})


def keep(queue: RotationQueue, line: Line) -> None:
    """Store the line in its queue."""
    kept = line_kept(line)
    queue.members, queue.owed = kept["members"], kept["owed"]


def settings(session: Any, project_id: int) -> Mapping[str, Any]:
    """The project's parameters of the rotation in one query."""
    return parameters(session, project_id, KEYS)


def terms_of(session: Any, project_id: int) -> Terms:
    """What the rules ask of the parameters."""
    value = settings(session, project_id)
    return Terms(
        skip_old=value["rotation_skip_old"],
        named_uses=value["rotation_named_uses"],
        channel_uses=value["rotation_channel_uses"],
        referral_uses=value["rotation_referral_uses"],
    )


def places_of(session: Any, project_id: int | None) -> list[ReceptionPlace]:
    """The places in use, in the site's order."""
    query = select(ReceptionPlace).where(ReceptionPlace.project_id == project_id, ReceptionPlace.active)
    return list(session.scalars(query.order_by(ReceptionPlace.position, ReceptionPlace.id)))


def duty_list(session: Any, place_id: int, day: date, channel: Channel) -> list[tuple[int, int]]:
    """(person, position) of whoever is on duty for this queue; the one place that reads the duty list."""
    serves = RotaEntry.visits if channel is Channel.VISIT else RotaEntry.calls
    query = select(RotaEntry.person_id, RotaEntry.position).where(
        RotaEntry.place_id == place_id, RotaEntry.day == day, serves
    )
    return [
        (person, position) for person, position in session.execute(query.order_by(RotaEntry.position, RotaEntry.id))
    ]


def queue_of(session: Any, place_id: int, day: date, channel: Channel) -> RotationQueue | None:
    """The queue when it has begun."""
    query = select(RotationQueue).where(
        RotationQueue.place_id == place_id, RotationQueue.day == day, RotationQueue.channel == channel
    )
    return session.scalars(query).first()


def line_now(session: Any, place: ReceptionPlace, day: date, channel: Channel) -> Line:
    """The line as it stands; before the first act, as it will begin."""
    queue = queue_of(session, place.id, day, channel)
    return line_of(queue) if queue is not None else first_line(session, place, day, channel)


def first_line(session: Any, place: ReceptionPlace, day: date, channel: Channel) -> Line:
    """The line with which the day begins: from the duty list, in the order that the project chose."""
    value = settings(session, place.project_id)
    order = Order.labelled(value["rotation_order"]) or Order.PARITY
    served = _served_before(session, place.id, day, channel) if order is Order.FEWEST else {}
    presence = Presence.EXPECTED if value["rotation_sign_in"] else Presence.PRESENT
    people = opening(duty_list(session, place.id, day, channel), order, day, served)
    before = _line_before(session, place.id, day, channel)
    lost = {m.person: m.lost for m in before.members}
    return Line(tuple(Member(person, presence, lost.get(person, 0)) for person in people), before.owed)


def _line_before(session: Any, place_id: int, day: date, channel: Channel) -> Line:
    """The line at the end of the latest earlier day: what is owed and lost goes over to the next, people and places do not."""
    query = select(RotationQueue).where(
        RotationQueue.place_id == place_id, RotationQueue.channel == channel, RotationQueue.day < day
    )
    latest = session.scalars(query.order_by(RotationQueue.day.desc()).limit(1)).first()
    return line_of(latest) if latest is not None else Line()


def _served_before(session: Any, place_id: int, day: date, channel: Channel) -> dict[int, int]:
    """New customers of each consultant from the first of the month until yesterday."""
    query = (
        select(RotationTurn.person_id, func.count())
        .where(RotationTurn.place_id == place_id, RotationTurn.channel == channel, RotationTurn.used)
        .where(RotationTurn.day >= day.replace(day=1), RotationTurn.day < day)
        .group_by(RotationTurn.person_id)
    )
    return {person: count for person, count in session.execute(query)}  # noqa: C416 - a result is no mapping


def locked_place(session: Any, place_id: int) -> ReceptionPlace:
    """The place, locked: acts at one place wait for one another, so that no turn is given twice. Raises NotFound."""
    query = select(ReceptionPlace).where(ReceptionPlace.id == place_id, ReceptionPlace.active)
    query = query.with_for_update(of=ReceptionPlace, key_share=True)
    place: ReceptionPlace | None = session.scalars(query, execution_options={"populate_existing": True}).first()
    if place is None:
        raise NotFound("reception_place")
    return place


def begun(session: Any, place: ReceptionPlace, channel: Channel, by_id: int) -> RotationQueue:
    """Today's queue of a locked place, begun now when it has not."""
    moment = now()
    queue = queue_of(session, place.id, moment.date(), channel)
    if queue is not None:
        session.refresh(queue)
        return queue
    queue = RotationQueue(project_id=place.project_id, place_id=place.id, day=moment.date(), channel=channel, acts=0)
    keep(queue, first_line(session, place, moment.date(), channel))
    session.add(queue)
    session.flush()
    add_line(session, queue, by_id, Why.OPENED, f"开始轮接，{len(queue.members)} 位顾问按排班入队")
    return queue


def add_line(session: Any, queue: RotationQueue, by_id: int, why: Why, words: str, **facts: Any) -> RotationTurn:
    """One line of the log; `facts` are further columns. The first line of an act counts the act."""
    turn = RotationTurn(
        project_id=queue.project_id, at=now(), day=queue.day, place_id=queue.place_id, queue_id=queue.id, channel=queue.channel,
        act=queue.acts, why=why, words=words[:300], by_id=by_id, **facts,
    )  # fmt: skip
    session.add(turn)
    session.flush()
    return turn
