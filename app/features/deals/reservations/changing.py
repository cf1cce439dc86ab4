"""How a 认购书 follows a 变更申请, and the split between two consultants (02 §2.2.3). Called by the flow, as effects are."""

from __future__ import annotations

from decimal import Decimal

from app.features.customers.models import Customer
from app.features.deals.reservations.demanding import forget_demand
from app.features.deals.reservations.effects import begin_term
from app.features.deals.reservations.locking import unit_of
from app.features.deals.reservations.models import Reservation
from app.features.deals.reservations.price import LOAN, reprice_order
from app.features.deals.reservations.rules import split_share
from app.features.deals.rules import signing_due
from app.features.organisation.parameters import parameter
from app.features.units.models import UnitState
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, fire


def replace_old(act: Act) -> None:
    """换房: the order takes the place of the old one; its flat was locked for it, or left by the other side of a swap."""
    unit = unit_of(act)
    name = "order" if unit.state is UnitState.LOCK else "swap_in"
    fire(
        act.session,
        unit,
        name,
        act.actor,
        internal=True,
        note=act.document.number or "",
        reservation_id=act.document.id,
    )
    act.document.locked_at = act.document.locked_at or act.at
    begin_term(act)


def split(act: Act) -> None:
    """分单: who shares the deal and how much of it is the owner's; both see order and buyers from now on."""
    order: Reservation = act.document
    partner = act.form["partner_id"]
    if partner == order.owner_id:
        raise RuleError("分单同事不能是本人", field="partner_id")
    order.share, order.partner_id = split_share(act.form["percent"]), partner
    for part in (*order.buyers, *order.lines):
        part.partner_id = partner


def end_split(act: Act) -> None:
    """The deal is the owner's alone again."""
    order: Reservation = act.document
    order.share, order.partner_id = Decimal(1), None
    for part in (*order.buyers, *order.lines):
        part.partner_id = None


def extend_signing(act: Act) -> None:
    """延期签约: both dates are kept."""
    order: Reservation = act.document
    order.first_sign_due_on = order.first_sign_due_on or order.sign_due_on
    order.sign_due_on = act.form["until"]
    forget_demand(order)


def change_payment(act: Act) -> None:
    """变更付款方式: loan data, chain and plan of the new 付款方式."""
    order: Reservation = act.document
    order.ends_as = None
    for name in LOAN:
        setattr(order, name, act.form[name])
    reprice_order(act.session, order, act.form["scheme_id"], act.form["total"])


def change_buyers(act: Act) -> None:
    """更名, 增减名: the customer follows the buyers, and how they own the flat."""
    order: Reservation = act.document
    order.ends_as = None
    order.ownership = order.ownership.after(act.form["ownership"], alone=act.form["count"] == 1)
    if act.form["customer_id"] is not None:
        order.customer_id = act.form["customer_id"]
        order.customer_name = act.session.get_one(
            Customer, order.customer_id, execution_options={"unscoped": True}
        ).name


def reopen(act: Act) -> None:
    """更名 or 变更付款方式 after the contract was revoked: the flat is 认购 again, a new contract is due."""
    order: Reservation = act.document
    fire(act.session, unit_of(act), "reorder", act.actor, internal=True, note=act.note)
    order.sign_due_on = signing_due(act.at.date(), parameter(act.session, order.project_id, "sign_due_days"))
