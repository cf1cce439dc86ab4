"""换房: the old order closes, a new one takes its place with all the money; two buyers may also swap their flats (02 §2.2.3).

From the submit on the new flat is 锁定 for the buyer by the order that will replace his old one. A flat that another buyer has
is taken only as a swap: his own 换房 asks for ours, and both are executed together. Locks: units by id, then orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.archiving import end_household, open_household
from app.features.deals.changes.effects.revoking import require_revoked, void_drafted_contract
from app.features.deals.changes.effects.steps import order_of
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState
from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.effects import use_discount
from app.features.deals.reservations.guards import plan_closes, price_not_above_filed, price_within_authority
from app.features.deals.reservations.models import Buyer, Reservation, ReservationState
from app.features.deals.reservations.price import lined_plan_of, of_order, price_elsewhere, price_order
from app.features.organisation.numbers import number_for
from app.features.payments.effects import account_of, open_account, transfer
from app.features.payments.models import OrderAccount
from app.features.units import effects as units
from app.features.units.models import Unit, UnitState
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
AS_BEFORE = (
    "project_id", "owner_id", "partner_id", "team_id", "customer_id", "customer_name", "deposit", "share", "ownership", "agent",
    "agent_paper", "guardian", "mail_address", "attached",
)  # fmt: skip
OF_BUYER = ("project_id", "owner_id", "partner_id", "team_id", "name", "id_kind", "id_number", "phone", "share")
TAKEABLE = frozenset({UnitState.FREE, UnitState.HOLD})
SWAPPABLE = frozenset({UnitState.ORDER, UnitState.DRAFT, UnitState.SIGN})
OPEN_CHANGES = (ChangeState.DRAFT, ChangeState.REVIEW, ChangeState.APPROVED)


def fill(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """Another flat of the project that may be had, at its public price of today or the granted one."""
    unit = session.get(Unit, change.new_unit_id or 0, execution_options=UNSCOPED)
    if unit is None or unit.project_id != order.project_id:
        raise RuleError("请选择换到哪套房", field="new_unit_id")
    if unit.id == order.unit_id:
        raise RuleError("换到的房源与现在的相同", field="new_unit_id")
    if unit.state not in TAKEABLE | SWAPPABLE and unit.reservation_id != change.new_reservation_id:
        raise RuleError(
            "{unit} 现在是「{state}」，不能换", field="new_unit_id", unit=unit.full_name, state=unit.state.label
        )
    public = price_elsewhere(session, order, unit, change.new_scheme_id or order.scheme_id or 0)
    change.old_total, change.new_public_total = order.total, public
    if change.new_total is None:
        change.new_total = public
    if not 0 < change.new_total <= public:
        raise RuleError(
            "新成交总价应大于零且不高于公开折后总价 {public} 元",
            field="new_total", public=format_amount(public),
        )  # fmt: skip


def partner_of(session: Session, change: ChangeRequest, unit: Unit) -> ChangeRequest | None:
    """The 换房 by which whoever has that flat asks for ours; None when there is none."""
    query = (
        select(ChangeRequest)
        .where(
            ChangeRequest.kind == ChangeKind.EXCHANGE, ChangeRequest.state.in_(OPEN_CHANGES), ChangeRequest.unit_id == unit.id,
            ChangeRequest.new_unit_id == change.unit_id, ChangeRequest.reservation_id == unit.reservation_id,
        )
        .order_by(ChangeRequest.id.desc())
        .limit(1)
    )  # fmt: skip
    return session.scalars(query, execution_options=UNSCOPED).first()


def begin(act: Act) -> None:
    """Submitted: the order that will replace the old one is written; it locks the flat, unless two flats are swapped."""
    change: ChangeRequest = act.document
    old, unit = order_of(act), units.locked_unit(act.session, change.new_unit_id or 0, act.actor)
    if unit.state not in TAKEABLE and partner_of(act.session, change, unit) is None:
        raise RuleError(
            "{unit} 现在是「{state}」；要与那位买受人对调，请他也先写一份换到 {own} 的换房申请",
            unit=unit.full_name, state=unit.state.label, own=old.unit.full_name,
        )  # fmt: skip
    made = _replacement(act, change, old, unit)
    change.new_reservation_id = made.id
    if unit.state in TAKEABLE:
        fire(act.session, made, "lock", act.actor, internal=True, note=str(change))
        units.stop_timer(act.session, unit)
    own = Act(act.session, made, act.actor, act.step, {}, "", act.at)
    for rule in (price_not_above_filed, plan_closes, price_within_authority, use_discount):
        rule(own)


def _replacement(act: Act, change: ChangeRequest, old: Reservation, unit: Unit) -> Reservation:
    values: dict[str, Any] = {name: getattr(old, name) for name in AS_BEFORE}
    made = Reservation(
        unit_id=unit.id, predecessor_id=old.id, reserved_on=act.at.date(), scheme_id=change.new_scheme_id or old.scheme_id,
        total=change.new_total, loan_bank=change.loan_bank or old.loan_bank, loan_amount=change.loan_amount,
        fund_amount=change.fund_amount, loan_years=change.loan_years or old.loan_years, created_by=act.actor.person_id, **values,
    )  # fmt: skip
    made.lines = [
        OrderLine(kind=line.kind, unit_id=line.unit_id, name=line.name, list_total=line.list_total, public_total=line.public_total,
                  **of_order(made))
        for line in old.attached_lines
    ]  # fmt: skip
    price_order(act.session, made, unit)
    act.session.add(made)
    act.session.flush()
    for buyer in old.buyers:
        act.session.add(Buyer(reservation_id=made.id, **{name: getattr(buyer, name) for name in OF_BUYER}))
    act.session.flush()
    return made


def let_go(act: Act) -> None:
    """Returned, refused, withdrawn or voided: the flat that was kept for the buyer is free again."""
    change: ChangeRequest = act.document
    if change.kind is not ChangeKind.EXCHANGE or change.new_reservation_id is None:
        return
    made = act.session.get_one(Reservation, change.new_reservation_id, execution_options=UNSCOPED)
    change.new_reservation_id = None
    if made.closed_at is None:
        fire(act.session, made, "give_up", act.actor, internal=True, note=f"{change} {act.step.label}")


@dataclass(frozen=True)
class Leg:
    """One order that moves: its change, the order that closes and the one that comes in its place."""

    change: ChangeRequest
    old: Reservation
    new: Reservation


def execute(act: Act) -> None:
    """Everything leaves first, then everything comes in: so that two flats change hands in one transaction."""
    change: ChangeRequest = act.document
    if act.form["signed_on"] > act.at.date():
        raise RuleError("客户签新认购书的日期不能晚于今天", field="signed_on")
    for unit_id in sorted((change.unit_id, change.new_unit_id or 0)):
        units.locked_unit(act.session, unit_id, act.actor)
    legs = [_leg(act.session, change), *_other_leg(act, change)]
    for leg in legs:
        _leave(act, leg)
    for leg in legs:
        _arrive(act, leg)
    for leg in legs[1:]:
        fire(act.session, leg.change, "execute_with_partner", act.actor, internal=True, note=f"与 {change} 对调")


def _leg(session: Session, change: ChangeRequest) -> Leg:
    query = select(Reservation).order_by(Reservation.id).with_for_update(of=Reservation)
    found = session.scalars(
        query.where(Reservation.id.in_((change.reservation_id, change.new_reservation_id or 0))),
        execution_options={"populate_existing": True, **UNSCOPED},
    )
    orders = {order.id: order for order in found}
    return Leg(change, orders[change.reservation_id], orders[change.new_reservation_id or 0])


def _other_leg(act: Act, change: ChangeRequest) -> list[Leg]:
    """The other side of a swap, which must be approved, too; nothing when the flat is ours already or free."""
    unit = act.session.get_one(Unit, change.new_unit_id or 0, execution_options=UNSCOPED)
    if unit.reservation_id in (None, change.new_reservation_id):
        return []
    partner = partner_of(act.session, change, unit)
    if partner is None or partner.state is not ChangeState.APPROVED:
        raise RuleError("{unit} 还没有空出来，请等对调的另一份换房申请批准后再执行", unit=unit.full_name)
    locked = (
        act.session.scalars(  # nowait: whoever executes the other side at this moment has it; this act is tried anew
            select(ChangeRequest).where(ChangeRequest.id == partner.id).with_for_update(of=ChangeRequest, nowait=True),
            execution_options={"populate_existing": True, **UNSCOPED},
        ).one()
    )
    require_revoked(act.session, locked)
    return [_leg(act.session, locked)]


def _leave(act: Act, leg: Leg) -> None:
    """The old order closes as 换房; a drafted contract ends with it."""
    void_drafted_contract(_of(act, leg.change))
    fire(
        act.session,
        leg.old,
        "exchange_order",
        act.actor,
        internal=True,
        note=f"{leg.change} 换到 {leg.new.unit.full_name}",
    )


def _arrive(act: Act, leg: Leg) -> None:
    """Number, account, money, flat and folder of the order that takes the place."""
    session, new = act.session, leg.new
    new.number = new.number or number_for(session, new, act.at.date())
    new.reserved_on, new.customer_signed_on = act.at.date(), act.form["signed_on"]
    old_account = account_of(session, leg.old.id)
    account: OrderAccount = open_account(
        session, act.actor, order=new, plan=lined_plan_of(new), reserved_on=new.reserved_on, signed_on=None
    )
    if old_account is not None:
        transfer(session, act.actor, old_account, account, paper=leg.change, reason="换房")
    fire(session, new, "replace_old", act.actor, internal=True, note=str(leg.change))
    end_household(_of(act, leg.change))
    if new.state is not ReservationState.EFFECTIVE:
        raise ValueError(f"{new} did not take effect")
    open_household(session, act.actor, new, act.at.date())


def _of(act: Act, change: ChangeRequest) -> Act:
    return Act(act.session, change, act.actor, act.step, act.form, act.note, act.at)


def difference(change: ChangeRequest) -> Decimal:
    """What the new flat costs more (or, negative, less), yuan."""
    return (change.new_total or Decimal(0)) - (change.old_total or Decimal(0))
