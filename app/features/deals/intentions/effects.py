"""What a 认筹单 needs and what follows when it moves: wishes on the board, the place in the queue, money that waits (02 §2.2.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.features.customers.effects import advance
from app.features.customers.models import Customer
from app.features.deals.intentions.models import Intention, IntentionState, Keeping
from app.features.deals.reservations.locking import lock_unit
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.organisation.numbers import number_for
from app.features.payments.effects import (
    account_of,
    confirmed_total,
    open_earnest_account,
    refunds_unpaid,
    settle,
    transfer,
)
from app.features.payments.models import FundKind, OrderAccount
from app.features.payments.rules import Settlement
from app.features.units import effects as units
from app.features.units.models import Unit, UnitState
from app.features.units.rules import permit_refusal
from app.kernel.approval.kinds import Need
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.numbering import next_value
from app.kernel.workflow import Act

UNSCOPED = {"unscoped": True}
SUBJECT = Intention.__tablename__
WISHABLE = frozenset({UnitState.WAIT, UnitState.FREE, UnitState.HOLD})
COUNTED = frozenset({IntentionState.VALID, IntentionState.PRESENT})  # «意 5» counts these


def follow_customer(paper: Intention, customer: Customer, person_id: int) -> None:
    """The owner of the customer owns the paper; whoever writes it does where nobody owns him."""
    paper.customer_id, paper.project_id, paper.customer_name = customer.id, customer.project_id, customer.name
    paper.owner_id, paper.team_id, paper.partner_id = (
        customer.owner_id or person_id,
        customer.team_id,
        customer.partner_id,
    )


def check_paper(session: Session, paper: Intention) -> None:
    """One to three different units of the project that may still be had; no money before the permit (02 §2.5.10)."""
    wished = paper.wished
    if len(set(wished)) != len(wished):
        raise RuleError("三个意向房源不能重复", field="second_unit_id")
    found = {u.id: u for u in session.scalars(select(Unit).where(Unit.id.in_(wished)), execution_options=UNSCOPED)}
    for name, key in zip(("first_unit_id", "second_unit_id", "third_unit_id"), wished, strict=False):
        unit = found.get(key)
        if unit is None or unit.project_id != paper.project_id:
            raise RuleError("请选择本项目的房源", field=name)
        if unit.state not in WISHABLE:
            raise RuleError(
                "{unit} 现在是「{state}」，不能再登记意向", field=name, unit=unit.full_name, state=unit.state.label
            )
    _check_money(paper, [found[key] for key in wished])


def _check_money(paper: Intention, wished: list[Unit]) -> None:
    if paper.keeping is Keeping.NONE:
        if paper.amount != 0:
            raise RuleError("意向登记不收款，诚意金应为 0", field="amount")
        return
    if paper.amount <= 0:
        raise RuleError("请填写诚意金金额；不收款请选「不收款（意向登记）」", field="amount")
    for unit in wished:
        why = permit_refusal(unit.permit, now().date())
        if why is not None:
            raise RuleError(
                "{unit} 还没有可用的预售证或现售备案，只能登记意向，不得收取或冻结任何款项",
                field="amount", unit=unit.full_name,
            )  # fmt: skip


def may_be_had(act: Act) -> None:
    """What was written holds at the submit, too."""
    check_paper(act.session, act.document)


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def approval_need(_session: Session, paper: Any) -> Need:
    """What the supervisor reads in his inbox."""
    units_named = "、".join(
        u.full_name for u in (paper.first_unit, paper.second_unit, paper.third_unit) if u is not None
    )
    money = f"，诚意金 {format_amount(paper.amount)} 元（{paper.keeping.label}）" if paper.amount else ""
    return Need(Decimal(1), summary=f"{paper.customer_name}，意向 {units_named}{money}")


def next_sequence(session: Session, project_id: int) -> int:
    """The next place; places that came in with a 排号台账 are passed over."""
    while True:
        value = next_value(session, f"intention:{project_id}")
        taken = select(Intention.id).where(Intention.project_id == project_id, Intention.sequence == value)
        if session.scalar(taken, execution_options=UNSCOPED) is None:
            return value


def queue(act: Act) -> None:
    """有效: a place in the queue, the badges of the board, the account where money is collected."""
    paper: Intention = act.document
    paper.sequence = paper.sequence or next_sequence(act.session, paper.project_id)
    paper.valid_on = act.at.date()
    for unit_id in sorted(paper.wished):
        units.wish(act.session, unit_id, 1, act.actor)
    advance(act.session, paper.customer_id, "queue", act.actor, paper=paper.number or "")
    if paper.keeping is Keeping.COLLECTED:
        open_earnest_account(
            act.session,
            act.actor,
            subject=SUBJECT,
            paper=paper,
            unit=paper.first_unit,
            kind=FundKind.QUEUE,
            amount=paper.amount,
        )


def account_for(session: Session, paper: Intention) -> OrderAccount | None:
    """The account of the 诚意金; None where nothing was collected."""
    return account_of(session, paper.id, SUBJECT)


def money_is_confirmed(act: Act) -> None:
    """Who has to pay 诚意金 signs in after 甲方财务 confirmed it."""
    account = account_for(act.session, act.document)
    if account is not None and confirmed_total(act.session, account.id) < act.document.amount:
        raise RuleError("诚意金 {amount} 元还没有确认到账，不能签到", amount=format_amount(act.document.amount))


def leave_queue(act: Act) -> None:
    """Whoever was counted on the board is counted no more."""
    if act.before in COUNTED:
        for unit_id in sorted(act.document.wished):
            units.wish(act.session, unit_id, -1, act.actor)


def leads_to_order(paper: Intention) -> bool:
    """Whether a living order came of it."""
    session = object_session(paper)
    order = _order(session, paper) if session is not None else None
    return order is not None and order.closed_at is None


def has_no_order(act: Act) -> None:
    """A 认筹单 leads to one living order."""
    order = _order(act.session, act.document)
    if order is not None and order.closed_at is None:
        raise RuleError("已转认购书 {no}，请先释放那一份", no=order)


def _order(session: Session, paper: Intention) -> Reservation | None:
    query = select(Reservation).where(Reservation.id == (paper.reservation_id or 0))
    return session.scalars(query, execution_options=UNSCOPED).first()


def choose_unit(act: Act) -> None:
    """选房: the wished flat, or another, is locked for the customer; the queue order is served by the site."""
    paper: Intention = act.document
    paper.reservation_id = lock_unit(act.session, act.actor, int(act.form["unit_id"]), paper.customer_id).id


def to_deposit(act: Act) -> None:
    """转定金: the 诚意金 becomes part of the 定金 of an order of the same customer."""
    paper: Intention = act.document
    query = select(Reservation).where(
        Reservation.customer_id == paper.customer_id,
        Reservation.closed_at.is_(None),
        Reservation.locked_at.is_not(None),
    )
    order = act.session.scalars(query.order_by(Reservation.id.desc()), execution_options=UNSCOPED).first()
    if order is None:
        raise RuleError("{name} 还没有进行中的认购书，请先销控", name=paper.customer_name)
    paper.reservation_id = order.id
    account = account_of(act.session, order.id)
    if account is not None:
        bring_money(act, order, account)


def bring_money(act: Act, order: Reservation, account: OrderAccount) -> None:
    """Listener of orders: the account is open, the 诚意金 of whoever queued for it goes there as 定金 (02 §2.3.3)."""
    query = select(Intention).where(Intention.reservation_id == order.id)
    for paper in act.session.scalars(query, execution_options=UNSCOPED):
        source = account_for(act.session, paper)
        if source is not None and source.closed_at is None and confirmed_total(act.session, source.id):
            transfer(act.session, act.actor, source, account, paper=paper, reason="转定金", into=FundKind.DEPOSIT)


def money_is_ours(act: Act) -> None:
    """退号 only while the 诚意金 has not gone to an order."""
    has_no_order(act)
    account = account_for(act.session, act.document)
    if account is not None and account.closed_at is not None:
        raise RuleError("诚意金已转入认购书，请在认购书上办理退订")


def ask_back(act: Act) -> None:
    """退号: the 诚意金 waits to be paid back to whoever paid it; the customer goes on being followed."""
    paper: Intention = act.document
    paper.reservation_id = None
    account = account_for(act.session, paper)
    if account is not None:
        there = confirmed_total(act.session, account.id)
        settle(act.session, act.actor, account, Settlement(refundable=there), paper=paper, reason="退号")


def refund_is_paid(act: Act) -> None:
    """已退 once 甲方财务 has paid everything back."""
    account = account_for(act.session, act.document)
    if account is not None and refunds_unpaid(act.session, account.id):
        raise RuleError("退款单还没有付款，请甲方财务先确认付款")


def follows_again(act: Act) -> None:
    """The customer is back in follow-up unless he buys."""
    paper: Intention = act.document
    live = (
        ReservationState.LOCKED,
        ReservationState.REVIEW,
        ReservationState.AWAITING,
        ReservationState.EFFECTIVE,
        ReservationState.SIGNED,
    )
    query = (
        select(Reservation.id).where(Reservation.customer_id == paper.customer_id, Reservation.state.in_(live)).limit(1)
    )
    if act.session.scalar(query, execution_options=UNSCOPED) is None:
        advance(act.session, paper.customer_id, "back", act.actor, paper=paper.number or "")
