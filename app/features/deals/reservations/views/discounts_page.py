"""/order-discounts/<order>: which 公开优惠 the customer qualifies for; the price follows (02 §2.3.2)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.reservations.price import choose_discounts
from app.features.deals.reservations.states import DESK
from app.features.pricing.effects import public_discounts
from app.kernel.base import now
from app.kernel.entrance import me
from app.kernel.errors import NotFound, RuleError
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.parts import Crumb, Option
from app.kernel.transactions import write
from app.kernel.words import several


class OrderDiscountsView(BaseView):
    """/order-discounts/<order>: 公开优惠 of an order that is not submitted yet."""

    route_base = "/order-discounts"
    default_view = "choose"
    posts: ClassVar = {"choose": frozenset(DESK)}

    @expose("/<int:order_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("choose")
    def choose(self, order_id: int) -> Any:
        """GET shows the 公开优惠 of today with their conditions, POST keeps the ticked ones and computes the price anew."""
        if request.method == "GET":
            return _shown(_open_order(order_id), ())
        ids = [int(text) for text in request.form.getlist("discounts") if text.isascii() and text.isdigit()]

        def work() -> None:
            choose_discounts(db.session(), _open_order(order_id), ids)
            db.session.flush()

        try:
            write(db.session, work)
        except RuleError as error:
            return _shown(_open_order(order_id), (str(error),)), error.status
        flash(_("公开优惠已更新，价格已重新计算"), "success")
        return redirect(f"/reservation/show/{order_id}")


def _open_order(order_id: int) -> Reservation:
    """Within the actor's rows, still locked, its 付款方式 chosen."""
    order = db.session.scalars(select(Reservation).where(Reservation.id == order_id)).first()
    if order is None:
        raise NotFound("reservation")
    mine = me().person_id in (order.owner_id, order.partner_id, order.created_by)
    if not mine and not me().holds(frozenset(DESK) - {DESK[0]}, order.project_id):
        raise NotFound("reservation")
    if order.state is not ReservationState.LOCKED or order.predecessor_id is not None:
        raise RuleError("认购书已提交，公开优惠不能再改")
    if order.scheme_id is None:
        raise RuleError("请先填写价格和付款方式，再选公开优惠")
    return order


def _shown(order: Reservation, errors: tuple[str, ...]) -> str:
    offered = public_discounts(db.session(), order.project_id, now().date())
    chosen = [str(d.id) for d in offered if order.discount_ids is None or d.id in order.discount_ids]
    options = tuple(Option(str(d.id), d.short, note=d.terms or _("没有条件，人人可享")) for d in offered)
    hint = _("逐项核对条件，只勾客户符合的；没有勾的不计入价格。") if offered else _("现在没有公开优惠")
    field = FormField("discounts", _("享受的公开优惠"), "multi", value=chosen, options=options, hint=hint, wide=True)
    page = FormPage(
        title=_("公开优惠：%(unit)s", unit=order.unit.full_name),
        sections=(FormSection("", (field,)),),
        submit_label=_("计算并保存"),
        back_url=f"/reservation/show/{order.id}",
        crumbs=(
            Crumb(several("交易")),
            Crumb(_("认购书"), "/reservation/list/"),
            Crumb(str(order), f"/reservation/show/{order.id}"),
            Crumb(_("公开优惠")),
        ),
        errors=errors,
    )
    return render_template("doc/form.html", page=page, title=page.title)
