"""/lock/<unit>: 销控 — choose the customer, take the unit; the loser of a race reads who and how long."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, jsonify, redirect, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.features.customers.choices import CustomerState
from app.features.customers.models import Customer
from app.features.deals.reservations.locking import lock_unit
from app.features.deals.reservations.states import DESK
from app.features.units.effects import lock_minutes, unavailable
from app.features.units.models import Unit, UnitState
from app.kernel.addresses import id_of
from app.kernel.entrance import me
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import format_amount
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Card, Crumb, Fact, Link
from app.kernel.screens.picking import named
from app.kernel.screens.saving import new_key
from app.kernel.words import several

SHOWN = 20
OPEN = tuple(s for s in CustomerState if s not in (CustomerState.LOST, CustomerState.POOL))


class LockView(BaseView):
    """/lock/<unit>: 销控 — choose the customer, take the unit."""

    route_base = "/lock"
    default_view = "lock"
    posts: ClassVar = {"lock": frozenset(DESK)}

    @expose("/<int:unit_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("lock")
    def lock(self, unit_id: int) -> Any:
        """GET asks for the customer (?pick= answers what is typed), POST takes the unit; the loser reads who and how long."""
        if request.method == "GET" and "pick" in request.args:
            return _found(_unit(unit_id))
        if request.method == "GET":
            unit = _unit(unit_id)
            taken = () if unit.state in (UnitState.FREE, UnitState.HOLD) else (str(unavailable(unit, me())),)
            return render_template("doc/form.html", page=_lock_page(unit, request.args.get("customer_id", ""), taken))
        typed = request.form.get("customer_id", "")
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            return render_template("doc/form.html", page=_lock_page(_unit(unit_id), "", (_("请选择客户"),))), 422
        actor = me()
        try:
            location = once(
                db.session, actor.person_id, request.form.get("_key", ""), body_digest(request.form.items(multi=True)),
                lambda: f"/reservation/show/{lock_unit(db.session, actor, unit_id, int(typed)).id}",
            )  # fmt: skip
        except RuleError as error:
            return render_template("doc/form.html", page=_lock_page(_unit(unit_id), typed, (str(error),))), error.status
        flash(_("已销控，请在计时结束前提交认购书"), "success")
        return redirect(location)


def _unit(unit_id: int) -> Unit:
    """The unit as its reader may see it. Raises NotFound."""
    unit = db.session.scalars(select(Unit).where(Unit.id == unit_id)).first()
    if unit is None:
        raise NotFound("unit")
    return unit


def _customers(unit: Unit) -> Any:
    """Whom the unit may be taken for: customers of one's own rows; from 保留 only the one it is held for."""
    query = select(Customer).where(Customer.project_id == unit.project_id, Customer.state.in_(OPEN))
    return query if unit.held_for_id is None else query.where(Customer.id == unit.held_for_id)


def _words(customer: Customer) -> str:
    return f"{customer.name}　{customer.phones_masked}".strip()


def _found(unit: Unit) -> Any:
    """Type-ahead: name, pinyin, whole number or its last four; without words the customers last spoken to."""
    query = named(_customers(unit), db.session, me(), Customer, request.args.get("q", "").strip()[:50])
    query = query.options(selectinload(Customer.phones)).order_by(Customer.last_contact_at.desc(), Customer.id.desc())
    rows = db.session.scalars(query.limit(SHOWN))
    return jsonify(results=[{"id": c.id, "text": _words(c), "note": _last_contact(c)} for c in rows])


def _last_contact(customer: Customer) -> str:
    return _("%(grade)s 级，最近联系 %(day)s", grade=customer.grade.label, day=customer.last_contact_at.date())


def _lock_page(unit: Unit, typed: str, errors: tuple[str, ...]) -> FormPage:
    wanted = _customers(unit).where(Customer.id == (id_of(typed) or unit.held_for_id or 0))
    chosen = db.session.scalars(wanted).first()
    missing = errors == (_("请选择客户"),)
    field = FormField(
        "customer_id",
        _("客户"),
        "ajax",
        required=True,
        url=f"/lock/{unit.id}?pick=customer_id",
        value=str(chosen.id) if chosen is not None else "",
        shown=_words(chosen) if chosen is not None else "",
        placeholder=_("姓名、拼音、手机全号或尾号 4 位"),
        hint=_("只列出你能看到的客户；新客户请先登记来访"),
        errors=errors if missing else (),
    )
    back = f"/board?building={unit.building_id}"
    minutes = lock_minutes(db.session(), unit.project_id)
    return FormPage(
        title=_("销控：%(unit)s", unit=unit.full_name),
        sections=(FormSection("", (field,)),),
        submit_label=_("销控"),
        back_url=back,
        crumbs=(Crumb(several("房源")), Crumb(_("销控表"), back), Crumb(_("销控"))),
        errors=() if missing else errors,
        key=request.form.get("_key") or new_key(),
        side=(_unit_card(unit, minutes),),
    )


def _unit_card(unit: Unit, minutes: int) -> Card:
    price = _("%(n)s 元", n=format_amount(unit.list_total)) if unit.list_total is not None else ""
    facts = (
        Fact(_("房源"), unit.full_name), Fact(_("建筑面积"), f"{unit.building_area} ㎡"), Fact(_("表价总价"), price),
        Fact(_("状态"), unit.state.label), Fact(_("销控时长"), _("%(n)s 分钟内提交认购书，过时自动释放", n=minutes)),
    )  # fmt: skip
    return Card(unit.full_name, "facts", facts=facts, more=Link(_("登记来访"), "/reception"))
