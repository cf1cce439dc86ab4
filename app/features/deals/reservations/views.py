"""认购书: list, page, price card, buyers, and the lock page that starts it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask import flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.choices import CustomerState, IdKind
from app.features.customers.models import Customer
from app.features.deals.reservations.locking import lock_unit
from app.features.deals.reservations.models import Buyer, Reservation, ReservationState
from app.features.deals.reservations.price import price_order
from app.features.pricing.models import PaymentScheme, SchemeState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.chinese import check_id_card, check_uscc, parse_phone
from app.kernel.entrance import me
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import capitals, format_amount
from app.kernel.posts import Post
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import CalcLine, Card, Crumb, Fact, Html, Link, Option
from app.kernel.screens.saving import new_key
from app.kernel.screens.view import DocumentView

CATEGORY = L("交易")
HEADS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER})
EXPORTERS = HEADS | {Post.CLERK, Post.DEVELOPER_FINANCE, Post.FINANCE}
MAKERS = frozenset({Post.CONSULTANT, Post.CLERK, Post.SUPERVISOR, Post.SITE_MANAGER})
LOCKED = ReservationState.LOCKED


def _live(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Reservation.closed_at.is_(None))


def _short(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Reservation.short_until.is_not(None), Reservation.state == ReservationState.EFFECTIVE)


def _sign_late(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Reservation.sign_due_on < now().date(), Reservation.state == ReservationState.EFFECTIVE)


class ReservationView(DocumentView):
    """认购书: made by 销控, filled in while it is locked."""

    model = Reservation
    label = L("认购书")
    category = CATEGORY
    icon = "file"
    editors = MAKERS
    exporters = EXPORTERS
    editable_states = (LOCKED,)
    listed = ("number", "unit", "customer_name", "total", "scheme", "owner_id", "state", "reserved_on", "sign_due_on")
    filters = ("state", "scheme_id", "owner_id", "close_kind")
    search = ("number", "unit.full_name", "customer_name")
    sortable = ("reserved_on", "sign_due_on")
    summed = ("total",)
    search_hint = L("编号、房号、客户姓名")
    empty_hint = L("在销控表点一套可售房源，再点「销控」")
    chips = (("live", L("进行中"), _live), ("late", L("逾期未签约"), _sign_late), ("short", L("欠定"), _short))
    form = (
        "reserved_on", "scheme_id", "total", "deposit", "loan_bank", "loan_amount", "fund_amount", "loan_years", "ownership",
        "agent", "agent_paper", "guardian", "mail_address", "attached", "remark",
    )  # fmt: skip
    pick_filters: ClassVar = {"scheme_id": lambda query: query.where(PaymentScheme.state == SchemeState.ACTIVE)}
    fact_groups = (
        (L("要点"), ("unit", "customer_name", "owner_id", "reserved_on", "scheme", "deposit", "sign_due_on", "ownership", "loan_bank",
                    "loan_amount", "fund_amount", "loan_years", "discount_request", "attached", "agent", "agent_paper", "guardian",
                    "mail_address", "remark", "close_kind")),
        (L("办理事实"), ("material_checked_on", "customer_signed_on", "deposit_confirmed_on", "short_until", "sealed_on", "collected_on")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """The chain and the plan are computed anew with every save."""
        unit = db.session.get(Unit, record.unit_id)
        if unit is None:
            raise NotFound("unit")
        if record.deposit is None and record.scheme_id is not None:
            record.deposit = db.session.get(PaymentScheme, record.scheme_id).deposit or None
        price_order(db.session(), record, unit)

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """What the page offers beside its steps."""
        acts = []
        if record.state is LOCKED and actor.holds(MAKERS, record.project_id):
            acts.append(Link(_("新增买受人"), f"/buyer/add?reservation_id={record.id}", icon="plus"))
            if (
                record.total is not None
                and record.public_total is not None
                and actor.holds({Post.CONSULTANT, Post.SUPERVISOR})
            ):
                acts.append(Link(_("申请特殊折扣"), _discount_url(record)))
        return acts

    def note(self, record: Any, actor: Actor) -> Html:
        """The timer, and what is missing before the submit."""
        if record.state is not LOCKED:
            return ""
        until = record.unit.lock_until
        left = "" if until is None else _("销控到 %(t)s 为止。", t=f"{until:%H:%M}")
        missing = [
            word
            for word, absent in (
                (_("付款方式和价格（点「修改」）"), record.scheme_id is None),
                (_("买受人"), not record.buyers),
            )
            if absent
        ]
        return left + (
            _("提交审核前还要填：%(what)s。", what="、".join(missing)) if missing else _("资料齐了可以提交审核。")
        )


def _discount_url(order: Reservation) -> str:
    return f"/discount-request/add?unit_id={order.unit_id}&customer_id={order.customer_id}&scheme_id={order.scheme_id}"


class BuyerView(DocumentView):
    """买受人: written while the order is locked; numbers are checked and encrypted."""

    model = Buyer
    label = L("买受人")
    creators = MAKERS
    files: ClassVar[bool] = False
    listed = ("name", "id_kind", "id_number", "share", "reservation")
    form = ("reservation_id", "name", "id_kind", "id_number", "phone", "share")
    pick_filters: ClassVar = {"reservation_id": lambda query: query.where(Reservation.state == LOCKED)}

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """Only while the order may still be changed."""
        return record.reservation.state is LOCKED and super().may_edit(record, actor)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """A buyer typed by mistake goes as long as nothing was submitted."""
        return self.may_edit(record, actor)

    def check(self, record: Any, actor: Actor) -> None:
        """The order is one's own and open; number and phone are right; rights follow the order."""
        order = db.session.scalars(select(Reservation).where(Reservation.id == record.reservation_id)).first()
        if order is None:
            raise NotFound("reservation")
        if order.state is not LOCKED:
            raise RuleError("认购书已提交，不能再改买受人", field="reservation_id")
        record.project_id, record.owner_id = order.project_id, order.owner_id
        record.partner_id, record.team_id = order.partner_id, order.team_id
        record.id_number = _checked_number(record.id_kind, record.id_number)
        if record.phone:
            record.phone = parse_phone(record.phone, field="phone")
        if not Decimal(0) < record.share <= Decimal(1):
            raise RuleError("份额应大于 0 且不超过 1", field="share")


def _checked_number(kind: IdKind, number: str) -> str:
    if kind is IdKind.ID_CARD:
        return check_id_card(number, today=now().date(), field="id_number")
    if kind is IdKind.LICENCE:
        return check_uscc(number, field="id_number")
    return number.strip().upper()


def price_card(order: Reservation, _actor: Actor) -> Card | None:
    """The break-down to the fen with capitals (look: price card)."""
    if order.total is None or order.public_total is None:
        return None
    lines = [
        CalcLine(label, money_change(Decimal(change)), "neg" if Decimal(change) < 0 else "plain")
        for label, change, _t in order.price_steps
    ]
    extra = order.public_total - order.total
    lines.append(CalcLine(_("公开折后总价"), format_amount(order.public_total), "sum"))
    share = extra / order.public_total * 100
    lines.append(CalcLine(_("额外让利 %(p)s %%", p=f"{share:.2f}"), money_change(-extra), "neg" if extra else "plain"))
    lines.append(CalcLine(_("成交总价"), format_amount(order.total), "sum"))
    if order.list_total:
        lines.append(CalcLine(_("总折扣"), f"{order.total / order.list_total * 100:.2f} %"))
    if order.unit_price is not None:
        lines.append(CalcLine(_("成交单价"), format_amount(order.unit_price)))
    return Card(
        _("价格"), "calc", total=format_amount(order.total), total_unit=_("元"), words=capitals(order.total, prefix="人民币"),
        lines=tuple(lines),
    )  # fmt: skip


def money_change(amount: Decimal) -> str:
    """A change with its sign: «−22,919.68», «+0.32»."""
    return f"−{format_amount(-amount)}" if amount < 0 else format_amount(amount)


class LockView(BaseView):
    """/lock/<unit>: 销控 — choose the customer, take the unit."""

    route_base = "/lock"
    default_view = "lock"
    posts: ClassVar = {"lock": MAKERS}

    @expose("/<int:unit_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("lock")
    def lock(self, unit_id: int) -> Any:
        """GET asks for the customer, POST takes the unit; the loser reads who and how long."""
        unit = db.session.scalars(select(Unit).where(Unit.id == unit_id)).first()
        if unit is None:
            raise NotFound("unit")
        if request.method == "GET":
            return render_template("doc/form.html", page=_lock_page(unit, "", ()))
        typed = request.form.get("customer_id", "")
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            return render_template("doc/form.html", page=_lock_page(unit, "", (_("请选择客户"),))), 422
        actor = me()
        try:
            location = once(
                db.session, actor.person_id, request.form.get("_key", ""), body_digest(request.form.items(multi=True)),
                lambda: f"/reservation/show/{lock_unit(db.session, actor, unit_id, int(typed)).id}",
            )  # fmt: skip
        except RuleError as error:
            unit = db.session.scalars(select(Unit).where(Unit.id == unit_id)).first()
            if unit is None:
                raise NotFound("unit") from error
            return render_template("doc/form.html", page=_lock_page(unit, typed, (str(error),))), error.status
        flash(_("已销控，请在计时结束前提交认购书"), "success")
        return redirect(location)


def _customers(project_id: int) -> list[Customer]:
    open_states = [s for s in CustomerState if s not in (CustomerState.LOST, CustomerState.POOL)]
    query = select(Customer).where(Customer.project_id == project_id, Customer.state.in_(open_states))
    return list(db.session.scalars(query.order_by(Customer.last_contact_at.desc()).limit(500)))


def _lock_page(unit: Unit, typed: str, errors: tuple[str, ...]) -> FormPage:
    customers = _customers(unit.project_id)
    options = tuple(Option(str(c.id), f"{c.name}　{c.phones_masked}") for c in customers)
    field = FormField(
        "customer_id", _("客户"), "select", required=True, value=typed, options=options,
        hint=_("只列出你能看到的客户；新客户请先登记来访"), errors=errors if errors == (_("请选择客户"),) else (),
    )  # fmt: skip
    price = format_amount(unit.list_total) if unit.list_total is not None else "—"
    facts = (
        Fact(_("房源"), unit.full_name), Fact(_("建筑面积"), f"{unit.building_area} ㎡"), Fact(_("表价总价"), f"{price} 元"),
        Fact(_("状态"), unit.state.label),
    )  # fmt: skip
    return FormPage(
        title=_("销控：%(unit)s", unit=unit.full_name),
        sections=(FormSection("", (field,)),),
        submit_label=_("销控"),
        back_url=f"/board?building={unit.building_id}",
        crumbs=(Crumb(_("房源")), Crumb(_("销控表"), f"/board?building={unit.building_id}"), Crumb(_("销控"))),
        errors=() if field.errors else errors,
        key=request.form.get("_key") or new_key(),
        side=(Card(unit.full_name, "facts", facts=facts),),
    )


def drawer_acts(unit: Unit, actor: Actor) -> list[Link]:
    """What the board offers for a unit: lock a free one, open the live order."""
    acts = []
    if unit.state in (UnitState.FREE, UnitState.HOLD) and not unit.stopped and actor.holds(MAKERS, unit.project_id):
        acts.append(Link(_("销控"), f"/lock/{unit.id}", tone="primary", icon="lock"))
    if unit.reservation_id is not None:
        order = db.session.scalars(select(Reservation).where(Reservation.id == unit.reservation_id)).first()
        if order is not None:
            acts.append(
                Link(
                    _("打开认购书"),
                    f"/reservation/show/{order.id}",
                    tone="primary" if order.state is LOCKED else "default",
                )
            )
    return acts
