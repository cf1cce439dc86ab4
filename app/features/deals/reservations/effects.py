"""What follows when a 认购书 moves, across unit, account, discount paper and customer (02 §2.2.1, §2.2.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.effects import advance
from app.features.deals.archiving import open_household
from app.features.deals.discounts.effects import has_open_paper
from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.deals.reservations.guards import confirmed_deposit
from app.features.deals.reservations.locking import unit_of
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.reservations.price import discount_needed, granted_by, lined_plan_of, usable_discount
from app.features.deals.rules import signing_due
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.features.payments.effects import account_of, cancel_plan, open_account
from app.features.payments.models import OrderAccount
from app.features.pricing.effects import note_mandate_use
from app.features.units.models import UnitState
from app.kernel.approval.kinds import Need
from app.kernel.money import format_amount
from app.kernel.notices import NoticeKind, notify
from app.kernel.workflow import Act, as_step, fire

EARNEST: list[Callable[[Act, Reservation, OrderAccount], None]] = []  # papers before the order bring their money
APPLICANT_FIELDS = (
    "unit_id", "customer_id", "reserved_on", "scheme_id", "total", "public_total", "deposit", "ownership", "agent", "loan_bank",
    "loan_amount", "fund_amount", "loan_years", "attached", "plan_rows", "extras_total",
)  # fmt: skip


def approval_need(_session: Session, order: Any) -> Need:
    """What the supervisor reads in his inbox."""
    return Need(
        Decimal(0), summary=f"{order.unit.full_name}，{order.customer_name}，成交总价 {format_amount(order.total)} 元"
    )


def give_number(act: Act) -> None:
    """The number comes with the first submit and stays (07 §7.1)."""
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def note_submitter(act: Act) -> None:
    """Who asked may not decide."""
    act.document.submitted_by = act.actor.person_id


def use_discount(act: Act) -> None:
    """The submit uses the approved concession, so that nobody voids it meanwhile; once, by this order (02 §2.2.3)."""
    order: Reservation = act.document
    if not discount_needed(order):
        give_discount_back(act)
        return
    paper = usable_discount(act.session, order, act.at.date())
    if paper is None or not granted_by(paper, order):
        return
    order.discount_request_id = paper.id
    if paper.state is DiscountState.APPROVED:
        fire(act.session, paper, "use", act.actor, internal=True, reservation_id=order.id)


def give_discount_back(act: Act) -> None:
    """Released before it took effect: the concession was not used, and may be until its day is over."""
    order: Reservation = act.document
    if order.discount_request_id is None:
        return
    paper = act.session.get_one(DiscountRequest, order.discount_request_id, execution_options={"unscoped": True})
    if paper.state is DiscountState.USED and not has_open_paper(act.session, paper.unit_id, paper.customer_id):
        fire(act.session, paper, "give_back", act.actor, internal=True, note=f"{order} 未成交")
    order.discount_request_id = None


def count_own_concession(act: Act) -> None:
    """A concession that the submitter gave by his own authority counts against the mandate, like one on paper."""
    order: Reservation = act.document
    if not discount_needed(order) or order.discount_request_id is not None:
        return
    note_mandate_use(
        act.session, order.project_id, (order.public_total or Decimal(0)) - (order.total or Decimal(0)), act.at.date(),
        unit_id=order.unit_id, paper=order.number or str(order),
    )  # fmt: skip


def open_order_account(act: Act) -> None:
    """The account of the order with its receivables from the scheme (02 §2.3.4)."""
    order: Reservation = act.document
    account = open_account(
        act.session, act.actor, order=order, plan=lined_plan_of(order), reserved_on=order.reserved_on, signed_on=None
    )
    for bring in EARNEST:
        bring(act, order, account)


def cancel_account(act: Act) -> None:
    """A release before money: the plan is cancelled, the account closed."""
    account = account_of(act.session, act.document.id)
    if account is not None:
        cancel_plan(act.session, account, act.actor)


def tell_owner_to_collect(act: Act) -> None:
    """The consultant goes on: signature and deposit. Who submitted it himself reads it in the answer to his request."""
    order: Reservation = act.document
    if order.owner_id is not None and order.owner_id != order.submitted_by:
        notify(act.session, [order.owner_id], f"认购书 {order.number} 已通过审核，请安排客户签字并缴定金",
               url=f"/reservation/show/{order.id}", project_id=order.project_id, kind=NoticeKind.APPROVAL,
               outside="认购书已通过审核")  # fmt: skip


def note_material(act: Act) -> None:
    act.document.material_checked_on = act.form["on"]


def note_customer_signature(act: Act) -> None:
    act.document.customer_signed_on = act.form["on"]


def note_seal(act: Act) -> None:
    act.document.sealed_on = act.form["on"]


def note_collection(act: Act) -> None:
    act.document.collected_on = act.form["on"]


def take_effect_if_ready(act: Act) -> None:
    """Signature and deposit come in any order; the second one makes the order 有效."""
    order: Reservation = act.document
    if order.state is not ReservationState.AWAITING or order.customer_signed_on is None:
        return
    minimum = Decimal(parameter(act.session, order.project_id, "deposit_minimum"))
    if confirmed_deposit(act) >= min(order.deposit or Decimal(0), minimum):
        fire(act.session, order, "take_effect", act.actor, internal=True)


def order_unit(act: Act) -> None:
    """有效: the unit is 认购, the days of signing and of a short deposit begin, the customer is a buyer."""
    fire(act.session, unit_of(act), "order", act.actor, internal=True, note=act.document.number or "")
    begin_term(act)
    move_customer(act, "reserve")
    open_household(act.session, act.actor, act.document, act.at.date())


def begin_term(act: Act) -> None:
    """The days of signing and of a short deposit count from today."""
    order: Reservation = act.document
    order.deposit_confirmed_on = act.at.date()
    order.sign_due_on = signing_due(act.at.date(), parameter(act.session, order.project_id, "sign_due_days"))
    note_shortfall(act)


def open_taken_over(act: Act) -> None:
    """An old order came in as it was: its day of signing is due as ever, its household has a folder."""
    order: Reservation = act.document
    order.sign_due_on = signing_due(order.reserved_on, parameter(act.session, order.project_id, "sign_due_days"))
    open_household(act.session, act.actor, order, order.reserved_on)


def note_shortfall(act: Act) -> None:
    """欠定: until when the rest must come; empty when the deposit is whole (02 §2.2.1)."""
    order: Reservation = act.document
    days = parameter(act.session, order.project_id, "short_deposit_days")
    first = order.deposit_confirmed_on or act.at.date()
    missing = (order.deposit or Decimal(0)) - confirmed_deposit(act)
    order.short_until = first + timedelta(days=days) if missing > 0 else None


def move_customer(act: Act, name: str) -> None:
    """The customer follows his order; who has another live order stays a buyer."""
    order = act.document
    if name == "back" and has_other_order(act.session, order.customer_id, getattr(order, "reservation_id", order.id)):
        return
    advance(act.session, order.customer_id, name, act.actor, paper=order.number or "")


def has_other_order(session: Session, customer_id: int, reservation_id: int) -> bool:
    """Whether the customer buys another flat."""
    query = select(Reservation.id).where(
        Reservation.customer_id == customer_id,
        Reservation.id != reservation_id,
        Reservation.state.in_([ReservationState.EFFECTIVE, ReservationState.SIGNED]),
    )
    return session.scalars(query, execution_options={"unscoped": True}).first() is not None


def give_unit_back(act: Act) -> None:
    """退订 and 挞定: the unit is on sale again, the customer back in follow-up. After a 草签 its 撤销 came first."""
    leave_unit(act)
    move_customer(act, "back")


def leave_unit(act: Act) -> None:
    """The unit is on sale again; its own guard asks for the revoked filing."""
    unit = unit_of(act)
    name = "back" if unit.state is UnitState.ORDER else "undo_sign"
    fire(act.session, unit, name, act.actor, internal=True, note=act.note)


def note_ending(act: Act) -> None:
    """An approved change: no contract is signed any more, a signed one may be revoked."""
    act.document.ends_as = act.form["ends_as"]


def drop_ending(act: Act) -> None:
    """The approved change was voided: the order goes on."""
    act.document.ends_as = None


def undo_signature(act: Act) -> None:
    """退房: only here a signed unit returns to 可售; the unit's own guard asks for the revoked filing."""
    fire(act.session, unit_of(act), "undo_sign", act.actor, internal=True, note=act.note)
    move_customer(act, "back")


def hear_of_money(act: Act, account: Any) -> None:
    """Listener of payments: a confirmed receipt may make the order 有效, a confirmed or reversed one changes 欠定."""
    order = act.session.scalars(
        select(Reservation).where(Reservation.id == account.reservation_id), execution_options={"unscoped": True}
    ).first()
    if order is None or account.subject != Reservation.__tablename__:
        return
    own = Act(act.session, order, act.actor, act.step, {}, "", act.at)
    with as_step(act.session):
        if order.state is ReservationState.AWAITING:
            take_effect_if_ready(own)
        elif order.state is ReservationState.EFFECTIVE:
            note_shortfall(own)
        act.session.flush()
