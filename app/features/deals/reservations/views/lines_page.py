"""/order-lines/<order>: which 车位 and 储藏间 are sold with the home; the price follows (02 §2.3.1, §2.4 附属)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask import flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.deals.reservations.attaching import attachable, choose_attached
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.reservations.states import DESK
from app.features.units.models import Unit
from app.kernel.entrance import me
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import format_amount
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.parts import Crumb, Option
from app.kernel.transactions import write
from app.kernel.words import several

SHOWN = 200


class OrderLinesView(BaseView):
    """/order-lines/<order>: 车位 and 储藏间 of an order that is not submitted yet."""

    route_base = "/order-lines"
    default_view = "choose"
    posts: ClassVar = {"choose": frozenset(DESK)}

    @expose("/<int:order_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("choose")
    def choose(self, order_id: int) -> Any:
        """GET shows what is free now, POST takes the ticked ones, frees the others and computes the price anew."""
        if request.method == "GET":
            order = _open_order(order_id)
            return _shown(order, [str(line.unit_id) for line in order.attached_lines], ())
        wanted = [
            text for text in request.form.getlist("units") if text.isascii() and text.isdigit() and len(text) < 10
        ]
        actor = me()

        def work() -> None:
            choose_attached(db.session(), _open_order(order_id), {int(text) for text in wanted}, actor)
            db.session.flush()

        try:
            write(db.session, work)
        except RuleError as error:
            return _shown(_open_order(order_id), wanted, (str(error),)), error.status
        flash(_("车位、储藏间已更新，价格已重新计算"), "success")
        return redirect(f"/reservation/show/{order_id}")


def _open_order(order_id: int) -> Reservation:
    """Within the actor's rows and still locked."""
    order = db.session.scalars(select(Reservation).where(Reservation.id == order_id)).first()
    if order is None:
        raise NotFound("reservation")
    mine = me().person_id in (order.owner_id, order.partner_id, order.created_by)
    if not mine and not me().holds(frozenset(DESK) - {DESK[0]}, order.project_id):
        raise NotFound("reservation")
    if order.state is not ReservationState.LOCKED or order.predecessor_id is not None:
        raise RuleError("认购书已提交，不能再改车位和储藏间")
    return order


def _shown(order: Reservation, chosen: list[str], errors: tuple[str, ...]) -> str:
    offered = attachable(db.session(), order)[:SHOWN]
    options = tuple(Option(str(unit.id), unit.full_name, note=_note(unit, order)) for unit in offered)
    hint = (
        _("勾选的与房子一起锁定、一起释放，价格各算各的，合计进成交总价。")
        if offered
        else _("现在没有可选的车位或储藏间")
    )
    field = FormField(
        "units", _("一起认购的车位、储藏间"), "multi", value=chosen, options=options, hint=hint, wide=True
    )
    page = FormPage(
        title=_("车位、储藏间：%(unit)s", unit=order.unit.full_name),
        sections=(FormSection("", (field,)),),
        submit_label=_("锁定并计算"),
        back_url=f"/reservation/show/{order.id}",
        crumbs=(
            Crumb(several("交易")),
            Crumb(_("认购书"), "/reservation/list/"),
            Crumb(str(order), f"/reservation/show/{order.id}"),
            Crumb(_("车位、储藏间")),
        ),
        errors=errors,
    )
    return render_template("doc/form.html", page=page, title=page.title)


def _note(unit: Unit, order: Reservation) -> str:
    price = _("表价 %(price)s 元", price=format_amount(unit.list_total or Decimal(0)))
    return price + _("，随这套房一起卖") if unit.attached_to_id == order.unit_id else price
