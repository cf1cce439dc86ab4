"""大屏: the order of the queue readable at five metres. Its address is signed and open to whoever has it, because a screen on
the wall signs in nowhere; it says names of consultants and their order, nothing of customers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app, make_response, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.extensions import db, limiter
from app.features.customers.rotation.choices import Channel
from app.features.customers.rotation.effects.queues import line_now
from app.features.customers.rotation.models import ReceptionPlace, RotationQueue
from app.features.customers.rotation.rules import Line, heads
from app.features.organisation.models import Project
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.entrance import open_to_all
from app.kernel.errors import NotFound
from app.kernel.screens.display import lookup_names, tag_of
from app.kernel.screens.parts import Tag

open_to_all("RotationScreenView.screen", "RotationScreenView.line")


@dataclass(frozen=True)
class Shown:
    """A consultant on the wall: position, name, state, turns to make up."""

    letter: str
    name: str
    tag: Tag
    here: bool
    owed: int


@dataclass(frozen=True)
class ScreenQueue:
    """One queue: who is next, then everybody in order."""

    title: str
    next: str
    rows: tuple[Shown, ...]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="rotation-screen")


def screen_url(place: ReceptionPlace) -> str:
    """The address of a place's big screen, until it is renewed."""
    return f"/rotation/screen/{_signer().dumps([place.id, place.screen])}"


class RotationScreenView(BaseView):
    """/rotation/screen/<signed> — without an account."""

    route_base = "/rotation/screen"

    @expose("/<token>")
    @limiter.limit("120 per minute")
    def screen(self, token: str) -> Any:
        """The whole page."""
        with _place(token) as place:
            return render_template("rotation/screen.html", **_context(place, token))

    @expose("/<token>/line")
    @limiter.limit("600 per minute")
    def line(self, token: str) -> Response:
        """What is asked every two seconds: 304 as long as nobody moved."""
        with _place(token) as place:
            version = _version(place)
            if request.headers.get("If-None-Match", "").strip('"') == version:
                return Response(status=304)
            answer = make_response(render_template("rotation/screen_line.html", **_context(place, token)))
            answer.set_etag(version)
            return answer


@contextmanager
def _place(token: str) -> Iterator[ReceptionPlace]:
    """The place that the address is signed for. Raises NotFound for a forged or renewed one: they look the same."""
    try:
        pk, screen = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise NotFound("screen") from None
    with acting_as(SYSTEM):
        place = db.session.get(ReceptionPlace, pk)
        if place is None or place.screen != screen or not place.active:
            raise NotFound("screen")
        yield place


def _version(place: ReceptionPlace) -> str:
    """Counts up with every act of today's queues; the day is part of it."""
    query = select(func.coalesce(func.sum(RotationQueue.acts), 0), func.count()).where(
        RotationQueue.place_id == place.id, RotationQueue.day == now().date()
    )
    acts, count = db.session.execute(query).one()
    return f"{now():%Y%m%d}-{count}-{int(acts)}"


def _context(place: ReceptionPlace, token: str) -> dict[str, Any]:
    lines = [(channel, line_now(db.session, place, now().date(), channel)) for channel in Channel]
    project = db.session.get(Project, place.project_id)
    return {
        "title": _("轮接"), "project": project.name if project else "", "place": place.name, "version": _version(place),
        "queues": [_queue(channel, line) for channel, line in lines if line.members], "line_url": f"/rotation/screen/{token}/line",
        "clock": f"{now():%H:%M}",
    }  # fmt: skip


def _queue(channel: Channel, line: Line) -> ScreenQueue:
    names = lookup_names("person", {m.person for m in line.members})
    here, rows = 0, []
    for member in line.members:
        letter = chr(ord("A") + here % 26) if member.here else ""
        here += member.here
        tag = tag_of(member.presence)
        rows.append(Shown(letter, names[member.person], tag, member.here, line.owed.count(member.person)))
    coming = heads(line)
    return ScreenQueue(_(channel.label), names[coming[0]] if coming else "", tuple(rows))
