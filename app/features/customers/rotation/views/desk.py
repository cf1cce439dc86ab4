"""轮接台 on the web: one click gives a new visitor to the next consultant and leads to the reception page."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.customers.effects.arrival import REGISTRARS
from app.features.customers.effects.lookup import look_up
from app.features.customers.rotation.choices import Channel, Presence, Visitor
from app.features.customers.rotation.effects.planning import plan_day
from app.features.customers.rotation.effects.queues import places_of
from app.features.customers.rotation.effects.turns import assign, forfeit, set_presence, take_back
from app.features.customers.rotation.models import RotationTurn
from app.features.customers.rotation.posts import HEADS, PLANNERS, READERS
from app.features.customers.rotation.rules import Asked
from app.features.customers.rotation.views.desk_page import Place, desk_page, today, typed_of
from app.kernel.actors import Actor
from app.kernel.addresses import id_of
from app.kernel.chinese import parse_phone
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound, RuleError
from app.kernel.posts import Post
from app.kernel.screens.once import body_digest, once
from app.kernel.words import shown


class RotationView(BaseView):
    """/rotation — everybody of the site looks, the desk acts."""

    route_base = "/rotation"
    default_view = "desk"
    posts: ClassVar = {
        "menu_access": READERS,
        "desk": READERS,
        **dict.fromkeys(("assign", "presence", "undo"), REGISTRARS),
        "forfeit": HEADS,
        "plan": PLANNERS,
    }

    @expose("/")
    @has_access
    @permission_name("desk")
    def desk(self) -> Any:
        """The queue now."""
        here = _here()
        if here is None:
            return render_template("rotation/empty.html", title=_("轮接台"), may=me().holds(PLANNERS))
        return render_template("rotation/desk.html", page=desk_page(me(), here))

    @expose("/assign", methods=["POST"])
    @has_access
    @permission_name("assign")
    def assign(self) -> Any:
        """A visitor to whoever the rules name; then the reception page with that consultant preset."""
        actor, here = me(), _needed()
        try:
            asked, customer = _asked(actor, here)
            seen = request.form.get("seen", "")
            location = once(
                db.session, actor.person_id, request.form.get("_key", ""), body_digest(request.form.items(multi=True)),
                lambda: _given(actor, here, asked, customer, int(seen) if seen.isdigit() and len(seen) < 10 else None),
            )  # fmt: skip
        except RuleError as error:
            return _again(here, error)
        return redirect(location)

    @expose("/presence", methods=["POST"])
    @has_access
    @permission_name("presence")
    def presence(self) -> Any:
        """到岗, 忙, 外勤, 用餐, 请假, 返回."""
        here, wanted = _needed(), Presence.coded(request.form.get("presence"))
        if wanted is None or wanted is Presence.EXPECTED:
            raise NotFound("presence")
        person, reason = id_of(request.form.get("person_id")), request.form.get("reason", "")
        try:
            set_presence(db.session, me(), here.place.id, person, wanted, reason=reason)
        except RuleError as error:
            return _again(here, error)
        return redirect(here.url())

    @expose("/forfeit", methods=["POST"])
    @has_access
    @permission_name("forfeit")
    def forfeit(self) -> Any:
        """扣一轮."""
        here, person = _needed(), id_of(request.form.get("person_id"))
        try:
            forfeit(db.session, me(), here.place.id, here.channel, person, request.form.get("reason", ""))
        except RuleError as error:
            return _again(here, error)
        flash(_("已扣一轮"), "success")
        return redirect(here.url())

    @expose("/undo", methods=["POST"])
    @has_access
    @permission_name("undo")
    def undo(self) -> Any:
        """撤回 of the latest assignment."""
        here = _needed()
        try:
            take_back(db.session, me(), id_of(request.form.get("turn")), request.form.get("reason", ""))
        except RuleError as error:
            return _again(here, error)
        flash(_("已撤回，队列恢复"), "success")
        return redirect(here.url())

    @expose("/plan", methods=["POST"])
    @has_access
    @permission_name("plan")
    def plan(self) -> Any:
        """Today's duty list in one act."""
        here = _needed()
        try:
            count = plan_day(db.session, me(), here.place.id, here.day, like_before=request.form.get("how") == "before")
        except RuleError as error:
            return _again(here, error)
        flash(_("今天排班 %(n)s 位顾问", n=count), "success")
        return redirect(here.url())


def _here() -> Place | None:
    """The place and channel of the address, else the first place and its visits; None while the project has no place."""
    places = places_of(db.session, current_project_id())
    wanted = id_of(request.values.get("place"))
    if not places:
        return None
    place = next((p for p in places if p.id == wanted), None if wanted else places[0])
    if place is None:
        raise NotFound("reception_place")
    return Place(place, Channel.coded(request.values.get("channel")) or Channel.VISIT, today())


def _needed() -> Place:
    here = _here()
    if here is None:
        raise NotFound("reception_place")
    return here


def _asked(actor: Actor, here: Place) -> tuple[Asked, int]:
    """What the form says: who comes, for whom; for an old customer found by number also the customer (0 = none)."""
    form = request.form
    visitor, person = Visitor.coded(form.get("visitor")), id_of(form.get("person_id")) or None
    if visitor is None:
        raise RuleError("请选择来的是谁", field="visitor")
    by_head = form.get("by_head") == "1"
    typed = form.get("phone", "").strip()
    if visitor is not Visitor.OLD or not typed or by_head:
        return Asked(visitor, person, by_head), 0
    found = look_up(db.session, actor, here.place.project_id, parse_phone(typed, field="phone"))
    if not found.known:
        raise RuleError("这个号码没有登记过：第一次来选新客户，说来过的选「老客户未登记」", field="phone")
    if found.customer is None:
        raise RuleError("该号码已登记在同事名下，请前台或主管分配，或直接选他的顾问", field="phone")
    return Asked(visitor, found.customer.owner_id or person), found.customer.id


def _given(actor: Actor, here: Place, asked: Asked, customer: int, seen: int | None) -> str:
    """Assign, say why, and where to go: the reception page for whoever may register this visit, else the desk."""
    reason = request.form.get("reason", "")
    turn = assign(db.session, actor, here.place.id, here.channel, asked, reason=reason, seen=seen)
    flash(turn.words, "success")
    return _next_page(actor, here, turn, customer)


def _next_page(actor: Actor, here: Place, turn: RotationTurn, customer: int) -> str:
    desk = actor.holds(REGISTRARS - {Post.CONSULTANT}, here.place.project_id)
    if turn.visitor is Visitor.PEER or not (desk or turn.person_id == actor.person_id):
        return here.url()
    return f"/reception/?turn={turn.id}" + (f"&customer={customer}" if customer else "")


def _again(here: Place, error: RuleError) -> Any:
    """The desk with the refusal; what was filled in stands again."""
    db.session.rollback()
    page = desk_page(me(), _needed(), (shown(str(error)),), typed_of(request.form))
    return render_template("rotation/desk.html", page=page), error.status
