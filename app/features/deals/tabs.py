"""What other pages show of orders: tabs of units, customers and orders, today's numbers, reminders."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select

from app.extensions import db
from app.features.deals.changes.models import ChangeRequest
from app.features.deals.contracts.models import Contract, ContractAlert, ContractState
from app.features.deals.intentions.models import Intention
from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.models import Buyer, Reservation, ReservationState, Standing
from app.features.deals.reservations.price import lined_plan_of
from app.features.deals.reservations.states import DESK
from app.features.deals.sets.models import ContractSet
from app.features.payments.effects import account_of
from app.features.payments.plan_card import plan_table
from app.features.pricing.line_words import line_words
from app.features.units.models import Unit
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking
from app.kernel.how_far import how_far
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.display import large_money
from app.kernel.screens.home_page import FeedItem, Stat
from app.kernel.screens.parts import Cell, Column, Fact, Row, Table, Tag
from app.kernel.screens.related import table_of

ORDER_COLUMNS = ("number", "unit", "customer_name", "total", "owner_id", "state", "reserved_on")
SIGN_AHEAD = 3  # days: 应签约 is near (02 §2.2.1)
ALERTS = (  # gravest first; the job of contracts/deadlines.py counts the days of each project
    (ContractAlert.OVERDUE, "%(n)s 份合同备案逾期"), (ContractAlert.URGENT, "%(n)s 份合同即将到备案期限"),
    (ContractAlert.FILING, "%(n)s 份合同快到备案期限"), (ContractAlert.ONLINE, "%(n)s 份合同网签逾期"),
    (ContractAlert.COLLECT, "%(n)s 份合同领取逾期"),
)  # fmt: skip
OVER = {"late", *(alert.value for alert in (ContractAlert.OVERDUE, ContractAlert.ONLINE, ContractAlert.COLLECT))}
NEAR = {"locked", "soon", "short", ContractAlert.URGENT.value, ContractAlert.FILING.value}
READERS = Reservation.audience.posts - {Post.AUDITOR}


def orders_of_unit(unit: Any, actor: Actor) -> Table:
    """Orders that had or have the unit, as their home or beside it, within the reader's rows."""
    beside = select(OrderLine.reservation_id).where(OrderLine.unit_id == unit.id)
    has = or_(Reservation.unit_id == unit.id, Reservation.id.in_(beside))
    rows = db.session.scalars(select(Reservation).where(has).order_by(Reservation.id.desc()).limit(50)).all()
    return table_of(Reservation, ORDER_COLUMNS, rows, actor)


def orders_of_customer(customer: Any, actor: Actor) -> Table:
    """Orders of the customer."""
    query = select(Reservation).where(Reservation.customer_id == customer.id).order_by(Reservation.id.desc()).limit(50)
    return table_of(Reservation, ORDER_COLUMNS, db.session.scalars(query).all(), actor)


def open_orders_in_brief(customer: Any, actor: Actor) -> list[Fact]:
    """The living orders of a customer, the newest first: unit and state, as the desk wants to know."""
    if not actor.holds(Reservation.audience.posts, customer.project_id):
        return []
    query = select(Reservation).where(Reservation.customer_id == customer.id, Reservation.closed_at.is_(None))
    found = db.session.scalars(query.order_by(Reservation.id.desc()).limit(3)).all()
    return [Fact(_("在办认购"), f"{order.unit.full_name} {_(order.state.label)}") for order in found]


def intentions_of_customer(customer: Any, actor: Actor) -> Table:
    """认筹单 of the customer."""
    query = select(Intention).where(Intention.customer_id == customer.id).order_by(Intention.id.desc()).limit(50)
    names = ("number", "sequence", "first_unit", "amount", "state")
    return table_of(Intention, names, db.session.scalars(query).all(), actor)


def signing_of_order(order: Reservation, actor: Actor) -> Table:
    """合同套件 of an order, ready or not, at which place."""
    query = select(ContractSet).where(ContractSet.reservation_id == order.id).order_by(ContractSet.id)
    return table_of(ContractSet, ("place", "sign_on", "ready_on", "state"), db.session.scalars(query).all(), actor)


def buyers_of_order(order: Reservation, actor: Actor) -> Table:
    """买受人 of an order."""
    query = select(Buyer).where(Buyer.reservation_id == order.id, Buyer.standing != Standing.PROPOSED)
    rows = db.session.scalars(query.order_by(Buyer.left_on.desc(), Buyer.id)).all()
    names = ("name", "id_kind", "id_number", "phone", "share_told")
    former = any(buyer.standing is Standing.FORMER for buyer in rows)
    return table_of(Buyer, (*names, "standing", "left_on") if former else names, rows, actor)


def plan_of_order(order: Reservation, _actor: Actor) -> Table:
    """应收 · 已收 (confirmed only) · 待确认; before the account is open the plan as computed."""
    account = account_of(db.session(), order.id)
    if account is not None:
        return plan_table(account)
    columns = (
        Column("kind", _("款项类型"), phone="hd"), Column("line", _("分项")), Column("payer", _("付款方")), Column("due", _("应收日")),
        Column("amount", _("应收"), numeric=True), Column("state", _("状态"), phone="badge"),
    )  # fmt: skip
    rows = tuple(
        Row(
            str(i),
            "",
            row.kind.value,
            (
                Cell(_(row.kind.value)), Cell(line_words(row.line, row.line_name)), Cell(_(row.payer.value)),
                Cell(_due(row.anchor.value, row.days)), _amount(row.amount), Cell(_("审核后生效")),
            ),
        )
        for i, row in enumerate(lined_plan_of(order))
    )  # fmt: skip
    totals = (
        Cell(_("合计")),
        Cell(),
        Cell(),
        Cell(),
        _amount(sum((Decimal(r[2]) for r in order.plan_rows), Decimal(0))),
        Cell(),
    )
    return Table(columns, rows, totals if rows else (), empty=_("保存付款方式后自动排出付款计划"))


def _due(anchor: str, days: int) -> str:
    return _("%(event)s当天", event=_(anchor)) if not days else _("%(event)s后 %(n)s 天", event=_(anchor), n=days)


def _amount(value: Any) -> Cell:
    return Cell(format_amount(Decimal(value)), numeric=True)


def contracts_of_order(order: Reservation, actor: Actor) -> Table:
    """合同 of an order."""
    rows = db.session.scalars(select(Contract).where(Contract.reservation_id == order.id).order_by(Contract.id)).all()
    return table_of(Contract, ("number", "contract_no", "total", "state", "signed_on"), rows, actor)


def changes_of_order(order: Reservation, actor: Actor) -> Table:
    """变更 of an order."""
    rows = db.session.scalars(
        select(ChangeRequest).where(ChangeRequest.reservation_id == order.id).order_by(ChangeRequest.id)
    ).all()
    return table_of(ChangeRequest, ("number", "kind", "refundable", "state", "executed_on"), rows, actor)


def today_numbers(actor: Actor) -> Asking[list[Stat]]:
    """今日认购, 今日签约 within the reader's rows."""
    if not actor.holds(READERS):
        return []
    today = now().date()
    ordered = (Reservation.deposit_confirmed_on == today, Reservation.total.is_not(None))
    signed = (Contract.signed_on == today, Contract.state.not_in([ContractState.VOID, ContractState.REVOKED]))
    (first, money), (second, value) = yield [
        select(func.count(Reservation.id), func.sum(Reservation.total)).where(*ordered),
        select(func.count(Contract.id), func.sum(Contract.total)).where(*signed),
    ]
    return [
        Stat(
            _("今日认购"),
            str(first),
            _("套"),
            large_money(money or Decimal(0)),
            url="/reservation/list/",
            reach=how_far(actor, Reservation.audience),
        ),
        Stat(
            _("今日签约"),
            str(second),
            _("套"),
            large_money(value or Decimal(0)),
            url="/contract/list/",
            reach=how_far(actor, Contract.audience),
        ),
    ]


def order_reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Locks that run, 应签约 in three days or late, 欠定, contracts that came to a deadline — within the reader's rows."""
    if not actor.holds(READERS):
        return []
    counts = _counts(now()) if actor.holds(DESK) else _counts(now())[1:]  # only who may submit is asked to hurry
    rows = yield [query for query, _text, _url in counts]
    return [
        FeedItem(_(text, n=number), url, icon="file", tag=_urgency(url))
        for (number,), (_query, text, url) in zip(rows, counts, strict=True)
        if number
    ]


def _urgency(url: str) -> Tag | None:
    """By the list that a line leads to: what is over its day, what is about to be."""
    which = url.rpartition("=")[2]
    return Tag(_("逾期"), "bad") if which in OVER else Tag(_("将到期"), "warn") if which in NEAR else None


def _counts(moment: datetime) -> tuple[tuple[Select[Any], str, str], ...]:
    today = moment.date()
    orders, contracts = select(func.count(Reservation.id)), select(func.count(Contract.id))
    effective = Reservation.state == ReservationState.EFFECTIVE
    running = orders.join(Unit, Unit.id == Reservation.unit_id).where(
        Reservation.state == ReservationState.LOCKED, Unit.reservation_id == Reservation.id, Unit.lock_until >= moment
    )
    soon = Reservation.sign_due_on.between(today, today + timedelta(days=SIGN_AHEAD))
    return (
        (running, "%(n)s 份认购书销控计时中，请尽快提交", "/reservation/list/?state=locked"),
        (
            orders.where(effective, Reservation.sign_due_on < today),
            "%(n)s 份认购书逾期未签约",
            "/reservation/list/?chip=late",
        ),
        (orders.where(effective, soon), "%(n)s 份认购书 3 天内应签约", "/reservation/list/?chip=soon"),
        (
            orders.where(effective, Reservation.short_until.is_not(None)),
            "%(n)s 份认购书欠定",
            "/reservation/list/?chip=short",
        ),
        *(
            (contracts.where(Contract.alert == alert), text, f"/contract/list/?alert={alert.value}")
            for alert, text in ALERTS
        ),
    )
