"""认购书: list and page; what stands beside its steps, and what is still missing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, and_, not_

from app.extensions import db
from app.features.deals.changes.offers import change_link
from app.features.deals.contracts.effects import live_contract
from app.features.deals.ledgers_in import ORDERS_IN
from app.features.deals.reservations.guards import buyers_wanted
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.deals.reservations.price import (
    authority_suffices,
    discount_needed,
    granted_by,
    open_discount,
    price_order,
    usable_discount,
)
from app.features.deals.reservations.states import DESK
from app.features.organisation.parameters import parameter
from app.features.payments.effects import account_of
from app.features.pricing.effects import ATTACHABLE
from app.features.pricing.models import PaymentScheme, SchemeState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.parts import Html, Link
from app.kernel.screens.view import DocumentView
from app.kernel.words import shown

HEADS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER})
EXPORTERS = HEADS | {Post.CLERK, Post.DEVELOPER_FINANCE}
ASKERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
OFFICE = frozenset({Post.CONTRACT_OFFICER, Post.CLERK})
S = ReservationState


def _live(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Reservation.closed_at.is_(None))


def _short(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Reservation.short_until.is_not(None), Reservation.state == S.EFFECTIVE)


def _sign_soon(query: Select[Any], _actor: Actor) -> Select[Any]:
    today = now().date()
    return query.where(
        Reservation.sign_due_on.between(today, today + timedelta(days=3)), Reservation.state == S.EFFECTIVE
    )


def _sign_late(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Reservation.sign_due_on < now().date(), Reservation.state == S.EFFECTIVE)


def _undemanded(query: Select[Any], actor: Actor) -> Select[Any]:
    """Late, and no 催签函 of this delay has gone out."""
    demanded = (Reservation.demanded_on.is_not(None), Reservation.demanded_on > Reservation.sign_due_on)
    return _sign_late(query, actor).where(Reservation.ends_as.is_(None), not_(and_(*demanded)))


class ReservationView(DocumentView):
    """认购书: made by 销控, filled in while it is locked."""

    model = Reservation
    label = L("认购书")
    category = L("交易")
    icon = "file"
    editors = frozenset(DESK)
    exporters = EXPORTERS
    editable_states = (S.LOCKED,)
    listed = ("number", "unit", "customer_name", "total", "scheme", "owner_id", "state", "reserved_on", "sign_due_on")
    filters = ("state", "scheme_id", "owner_id", "close_kind")
    search = ("number", "unit.full_name", "customer_name")
    sortable = ("reserved_on", "sign_due_on")
    summed = ("total",)
    importable = ORDERS_IN
    search_hint = L("编号、房号、客户姓名")
    empty_hint = L("在销控表点一套可售房源，再点「销控」")
    chips = (
        ("live", L("进行中"), _live),
        ("soon", L("3 天内应签约"), _sign_soon),
        ("late", L("逾期未签约"), _sign_late),
        ("undemanded", L("待寄催签函"), _undemanded),
        ("short", L("欠定"), _short),
    )
    form = (
        "reserved_on", "scheme_id", "total", "deposit", "ownership", "loan_bank", "loan_amount", "fund_amount", "loan_years",
        "agent", "agent_paper", "guardian", "mail_address", "attached", "remark",
    )  # fmt: skip
    needed = ("scheme_id",)
    folds = (
        (L("贷款"), ("loan_bank", "loan_amount", "fund_amount", "loan_years")),
        (L("代理、送达与备注"), ("agent", "agent_paper", "guardian", "mail_address", "attached", "remark")),
    )
    pick_filters: ClassVar = {"scheme_id": lambda query: query.where(PaymentScheme.state == SchemeState.ACTIVE)}
    fact_groups = (
        (L("要点"), ("unit", "customer_name", "owner_id", "partner_id", "share", "reserved_on", "scheme", "deposit", "sign_due_on", "first_sign_due_on", "ownership", "extras_total",
                    "discount_request", "predecessor", "close_kind")),
        (L("贷款、代理与备注"), ("loan_bank", "loan_amount", "fund_amount", "loan_years", "attached", "agent", "agent_paper", "guardian",
                             "mail_address", "remark")),
        (L("办理事实"), ("material_checked_on", "customer_signed_on", "deposit_confirmed_on", "short_until", "sealed_on", "collected_on", "demanded_on",
                      "demand_express", "end_notice_on", "end_notice_express")),
    )  # fmt: skip

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """An order that a 换房 keeps is not edited by itself."""
        return record.predecessor_id is None and super().may_edit(record, actor)

    def check(self, record: Any, actor: Actor) -> None:
        """The chain and the plan are computed anew with every save."""
        unit = db.session.get(Unit, record.unit_id)
        if unit is None:
            raise NotFound("unit")
        if record.deposit is None and record.scheme_id is not None:
            record.deposit = db.session.get(PaymentScheme, record.scheme_id).deposit or None
        _check_deposit(record)
        price_order(db.session(), record, unit)

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """What the page offers beside its steps, by the state of the order."""
        if record.closed_at is not None:
            return []
        if record.state in (S.DRAFT, S.LOCKED) and record.predecessor_id is not None:
            return []
        if record.state is S.LOCKED:
            return _while_locked(record, actor)
        return [*_money_acts(record, actor), *_contract_acts(record, actor), *change_link(db.session(), record, actor)]

    def due(self, record: Any, actor: Actor) -> Link | None:
        """Price, buyers and a concession come before «提交审核», one after the other."""
        if record.state is not S.LOCKED or not self.may_edit(record, actor):
            return None
        if record.scheme_id is None:
            return Link(_("填写价格和付款方式"), self.edit_url(record.id), icon="edit")
        if buyers_wanted(record) is not None:
            return Link(_("登记买受人"), _buyer_url(record), icon="plus")
        if _must_ask(record, actor) and actor.holds(ASKERS, record.project_id):
            return Link(_("申请特殊折扣"), _discount_url(record))
        return None

    def note(self, record: Any, actor: Actor) -> Html:
        """The timer and what is missing before the submit; what an order waits for."""
        if record.state in (S.DRAFT, S.LOCKED) and record.predecessor_id is not None:
            return _("换房申请批准并执行后生效，届时代替认购书 %(no)s。", no=record.predecessor)
        if record.state is S.LOCKED:
            return _locked_note(record, actor)
        if record.state is S.AWAITING:
            signed = record.customer_signed_on is not None
            return _("等甲方财务确认定金后生效。") if signed else _("请安排客户签字并缴定金，两样都办好认购书才生效。")
        if record.ends_as is not None and record.closed_at is None:
            return _ending_note(record)
        if record.short_until is not None and record.state is S.EFFECTIVE:
            return _("欠定：请在 %(d)s 前补齐定金。", d=record.short_until.isoformat())
        return ""


def _ending_note(order: Reservation) -> str:
    """What an approved change means until it is executed."""
    kind = shown(order.ends_as.label) if order.ends_as is not None else ""
    if order.ends_as is CloseKind.CHANGED:
        return _("已批准%(kind)s，执行以前不能签新合同。", kind=kind)
    if order.ends_as is CloseKind.EXCHANGED:
        return _("已批准%(kind)s，执行后由新认购书代替，这套房恢复可售。", kind=kind)
    return _("已批准%(kind)s，执行后房源恢复可售。", kind=kind)


def _check_deposit(order: Reservation) -> None:
    """Said where it is typed: the submit would refuse it."""
    minimum = Decimal(parameter(db.session(), order.project_id, "deposit_minimum"))
    if order.deposit is not None and order.deposit < minimum:
        raise RuleError("定金不能低于最低定金 {minimum} 元", field="deposit", minimum=format_amount(minimum))


def _while_locked(order: Reservation, actor: Actor) -> list[Link]:
    if not actor.holds(DESK, order.project_id):
        return []
    acts = [Link(_("登记买受人"), _buyer_url(order), icon="plus")]
    if order.unit.state is UnitState.LOCK and order.unit.lock_until is not None:
        acts.append(Link(_("办小订"), f"/booking/add?reservation_id={order.id}", icon="clock"))
    if order.unit.product not in ATTACHABLE:
        acts.append(Link(_("车位、储藏间"), f"/order-lines/{order.id}", icon="plus"))
    if order.scheme_id is not None:
        acts.append(Link(_("公开优惠"), f"/order-discounts/{order.id}", icon="wallet"))
    if order.scheme_id is not None and actor.holds(ASKERS, order.project_id):
        acts.append(Link(_("申请特殊折扣"), _discount_url(order)))
    return acts


def _buyer_url(order: Reservation) -> str:
    return f"/buyer/add?reservation_id={order.id}"


def _discount_url(order: Reservation) -> str:
    """The form with everything that the order knows; a total below the public one is what is asked."""
    url = f"/discount-request/add?unit_id={order.unit_id}&customer_id={order.customer_id}&scheme_id={order.scheme_id}"
    if order.total is not None and order.public_total is not None and order.total < order.public_total:
        url += f"&asked_total={order.home_total}"
    return url


def _money_acts(order: Reservation, actor: Actor) -> list[Link]:
    """To the cashier's desk, or to the account."""
    account = account_of(db.session(), order.id)
    if account is None:
        return []
    acts = []
    if order.state is S.AWAITING and actor.holds({Post.CONSULTANT, Post.CLERK}, order.project_id):
        url = f"/payment-notice/add?account_id={account.id}&kind=deposit&amount={order.deposit}"
        acts.append(Link(_("开缴款通知单"), url, icon="coin"))
    if actor.holds(type(account).audience.posts, order.project_id):
        acts.append(Link(_("收款账户"), f"/order-account/show/{account.id}"))
    return acts


def _contract_acts(order: Reservation, actor: Actor) -> list[Link]:
    """An effective order leads to its one contract."""
    if order.state is not S.EFFECTIVE or order.ends_as is not None or not actor.holds(OFFICE, order.project_id):
        return []
    acts = [Link(_("备合同"), f"/contract-set/add?reservation_id={order.id}")]
    if live_contract(db.session(), order.id) is None:
        acts.append(Link(_("新建合同"), f"/contract/add?reservation_id={order.id}", icon="plus"))
    return acts


def _locked_note(order: Reservation, actor: Actor) -> str:
    until = order.unit.lock_until
    if until is None:
        left = _("房源已按小订保留。") if order.unit.state is UnitState.BOOK else _("等小订的订金到账。")
    else:
        left = _("销控到 %(t)s 为止。", t=f"{until:%H:%M}")
    missing = []
    if order.scheme_id is None:
        missing.append(_("价格和付款方式"))
    if buyers_wanted(order) is not None:
        missing.append(_("买受人") if not order.buyers else _("另一位买受人"))
    if missing:
        left += _("提交审核前还差：%(what)s。", what="、".join(missing))
    if _must_ask(order, actor):
        return left + _("成交总价低于公开折后总价，请先点「申请特殊折扣」，批准后再提交审核。")
    if _waits_for_paper(order):
        return left + _("特殊折扣单还在审批，批准后才能提交审核。")
    return left if missing else left + _("资料齐了，可以提交审核。")


def _lacks_paper(order: Reservation) -> bool:
    """Below the public total without an approved paper that covers it."""
    return discount_needed(order) and not granted_by(usable_discount(db.session(), order, now().date()), order)


def _waits_for_paper(order: Reservation) -> bool:
    return _lacks_paper(order) and open_discount(db.session(), order) is not None


def _must_ask(order: Reservation, actor: Actor) -> bool:
    """Whether a 特殊折扣单 has to be asked for: none runs, and the concession is not one's own to give."""
    if not _lacks_paper(order) or open_discount(db.session(), order) is not None:
        return False
    return not authority_suffices(db.session(), order, actor, now().date())
