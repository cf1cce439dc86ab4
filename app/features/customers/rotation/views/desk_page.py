"""From the line to the page of the rotation desk: who is next and why, everybody with his buttons, today's log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.extensions import db
from app.features.customers.effects.arrival import REGISTRARS
from app.features.customers.effects.ownership import OWNERS
from app.features.customers.rotation import rules
from app.features.customers.rotation.choices import ASSIGNED, Channel, Presence, Visitor, Why
from app.features.customers.rotation.effects.queues import line_now, places_of, queue_of, terms_of
from app.features.customers.rotation.effects.registering import registered
from app.features.customers.rotation.models import ReceptionPlace, RotationTurn
from app.features.customers.rotation.posts import HEADS, KEEPERS, PLANNERS
from app.features.customers.rotation.reports import Share, latest_lines, today_counts
from app.features.customers.rotation.rules import Line, Member
from app.features.customers.rotation.views.screen import screen_url
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.screens.display import lookup_names, tag_of
from app.kernel.screens.parts import Crumb, Link, Option, Tag
from app.kernel.screens.people import people_of
from app.kernel.screens.saving import new_key
from app.kernel.words import several

MOVES: tuple[tuple[str, Presence], ...] = (
    ("忙", Presence.BUSY), ("外勤", Presence.ERRAND), ("用餐", Presence.MEAL), ("请假", Presence.LEAVE),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """What is looked at: a place and a channel, today."""

    place: ReceptionPlace
    channel: Channel
    day: date

    def url(self, path: str = "/rotation/", **more: str) -> str:
        """The same place and channel under another address."""
        return f"{path}?{urlencode({'place': self.place.id, 'channel': self.channel.value, **more})}"

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """What every form of the page sends."""
        return (("place", str(self.place.id)), ("channel", self.channel.value))


@dataclass(frozen=True)
class Standing:
    """A consultant of the line: position, state, today's numbers, the acts that are legal for me."""

    person: int
    letter: str
    name: str
    tag: Tag
    first: bool
    owed: int
    lost: int
    share: Share
    acts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LogLine:
    """A line of the log; `register` leads to the reception page when the visit is not registered yet, `back` = its id when it may
    be taken back."""

    when: str
    tag: Tag
    words: str
    reason: str
    who: str
    register: str = ""
    back: int = 0


@dataclass(frozen=True)
class DeskPage:
    """轮接台. `next` is empty when nobody can receive; `seen` is the act that the page shows."""

    title: str
    here: Place
    places: tuple[tuple[str, str, bool], ...]
    channels: tuple[tuple[str, str, bool], ...]
    next: str
    why: str
    seen: int
    standings: tuple[Standing, ...]
    log: tuple[LogLine, ...]
    kinds: tuple[Option, ...]
    people: tuple[Option, ...]
    joiners: tuple[Option, ...]
    may_give: bool
    may_look_up: bool
    is_head: bool
    may_plan: bool
    acts: tuple[Link, ...]
    key: str
    crumbs: tuple[Crumb, ...] = ()
    errors: tuple[str, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)


def desk_page(actor: Actor, here: Place, errors: tuple[str, ...] = (), typed: dict[str, str] | None = None) -> DeskPage:
    """Everything of the page; `typed` stands again after a refusal."""
    session, place = db.session, here.place
    line, queue = line_now(session, place, here.day, here.channel), queue_of(session, place.id, here.day, here.channel)
    lines = latest_lines(session, place.id, here.channel, here.day)
    names = lookup_names("person", {m.person for m in line.members} | {turn.by_id for turn in lines})
    name, why = _coming(line, place, names)
    numbers = today_counts(session, place.project_id, place.id, here.channel, here.day)
    may_give = actor.holds(REGISTRARS, place.project_id)
    inside = {str(m.person) for m in line.members}
    people = people_of(OWNERS, place.project_id)
    return DeskPage(
        title=_("轮接台"),
        here=here,
        places=tuple((p.name, Place(p, here.channel, here.day).url(), p.id == place.id) for p in places_of(session, place.project_id)),
        channels=tuple((_(c.label), Place(place, c, here.day).url(), c is here.channel) for c in Channel),
        next=name,
        why=why,
        seen=queue.acts if queue is not None else 0,
        standings=tuple(_standings(line, numbers, actor, place, names)),
        log=tuple(_log(lines, actor, here, queue.acts if queue else 0, names)),
        kinds=tuple(Option(v.value, _(v.label)) for v in Visitor if v is not Visitor.NEW),
        people=tuple(Option(key, label) for key, label in people if key in inside),
        joiners=tuple(Option(key, label) for key, label in people if key not in inside),
        may_give=may_give,
        may_look_up=actor.holds(REGISTRARS - {Post.CONSULTANT}, place.project_id),
        is_head=actor.holds(HEADS, place.project_id),
        may_plan=not line.members and actor.holds(PLANNERS, place.project_id),
        acts=_acts(actor, here),
        key=new_key(),
        crumbs=(Crumb(several("轮接")), Crumb(_("轮接台"))),
        errors=errors,
        typed=typed or {},
    )  # fmt: skip


def _coming(line: Line, place: ReceptionPlace, names: Mapping[int, str]) -> tuple[str, str]:
    """Who receives the next new visitor, and the reason."""
    try:
        given = rules.in_turn(line, terms_of(db.session, place.project_id)) if line.members else None
    except RuleError:
        given = None
    if given is None:
        return "", _("现在没有在岗的顾问") if line.members else _("今天还没有排班")
    passed = "、".join(dict.fromkeys(names[s.person] for s in given.skips))
    if given.why is Why.MAKEUP:
        why = _("补接：前面因公错过一轮，回来先接")
    else:
        why = _("按轮序排在最前，前面的 %(names)s 现在不在", names=passed) if passed else _("按轮序排在最前")
    return names[given.person], why


def _standings(
    line: Line, numbers: dict[int, Share], actor: Actor, place: ReceptionPlace, names: Mapping[int, str]
) -> list[Standing]:
    coming, letter, rows = rules.heads(line)[:1], 0, []
    desk = actor.holds(REGISTRARS - {Post.CONSULTANT}, place.project_id)
    for member in line.members:
        rows.append(
            Standing(
                person=member.person,
                letter=chr(ord("A") + letter % 26) if member.here else "",
                name=names[member.person],
                tag=Tag(_(member.presence.label), tag_of(member.presence).tone),
                first=member.person in coming,
                owed=line.owed.count(member.person),
                lost=member.lost,
                share=numbers.get(member.person, Share(member.person)),
                acts=_moves(member) if desk or (member.person == actor.person_id and _gives(actor, place)) else (),
            )
        )
        letter += member.here
    return rows


def _gives(actor: Actor, place: ReceptionPlace) -> bool:
    return actor.holds(REGISTRARS, place.project_id)


def _moves(member: Member) -> tuple[tuple[str, str], ...]:
    if member.presence is Presence.EXPECTED:
        return ((_("到岗"), Presence.PRESENT.value), (_("请假"), Presence.LEAVE.value))
    if not member.here:
        return ((_("返回"), Presence.PRESENT.value),)
    return tuple((_(label), presence.value) for label, presence in MOVES)


def _log(lines: list[RotationTurn], actor: Actor, here: Place, acts: int, names: Mapping[int, str]) -> list[LogLine]:
    done = registered(db.session, [turn.id for turn in lines if turn.why in ASSIGNED])
    undone = {turn.undoes for turn in lines if turn.undoes is not None}
    desk = actor.holds(REGISTRARS - {Post.CONSULTANT}, here.place.project_id)
    rows = []
    for turn in lines:
        given = turn.why in ASSIGNED and turn.act not in undone
        waits = given and turn.id not in done
        mine = desk or (turn.person_id == actor.person_id and _gives(actor, here.place))
        register = f"/reception/?turn={turn.id}" if waits and mine and turn.visitor is not Visitor.PEER else ""
        may_undo = (
            waits and turn.act == acts and (turn.by_id == actor.person_id or actor.holds(HEADS, here.place.project_id))
        )
        rows.append(
            LogLine(
                f"{turn.at:%H:%M}", Tag(_(turn.why.label), tag_of(turn.why).tone), turn.words, turn.reason,
                names.get(turn.by_id, "") if turn.by_id else _("系统"), register, turn.id if may_undo else 0,
            )
        )  # fmt: skip
    return rows


def _acts(actor: Actor, here: Place) -> tuple[Link, ...]:
    acts = [Link(_("公平报表"), "/rotation/report/", icon="chart"), Link(_("大屏"), screen_url(here.place), icon="eye")]
    if actor.holds(PLANNERS, here.place.project_id):
        acts.append(Link(_("排班"), "/rota-entry/list/?chip=ahead", icon="calendar"))
    if actor.holds(KEEPERS, here.place.project_id):
        acts.append(Link(_("接待点"), "/reception-place/list/"))
    return tuple(acts)


def today() -> date:
    """Day of the site clock."""
    return now().date()


def typed_of(form: Any) -> dict[str, str]:
    """What was filled in, to stand again."""
    return {name: str(form.get(name, ""))[:200] for name in ("visitor", "phone", "person_id", "reason")}
