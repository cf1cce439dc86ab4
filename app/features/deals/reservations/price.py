"""The price of an order: chain, plan and authority as the rules of pricing and payments compute them (02 §2.3.1–2.3.4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.deals.reservations.models import Reservation
from app.features.pricing.effects import authority, from_post_up, plan_terms, quote, quote_again, scheme_kind
from app.features.pricing.rules import Anchor, Payer, PlanRow, PublicPrice, RowKind, payment_plan
from app.features.units.models import Unit
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.money import format_amount


def price_order(session: Session, order: Reservation, unit: Unit) -> None:
    """Compute chain and plan anew and write them to the order; total defaults to the public total.

    Raises RuleError for a unit without a list price, a total above the filed price, or a plan that cannot be made.
    """
    if order.scheme_id is None:
        raise RuleError("请选择付款方式", field="scheme_id")
    chain = quote(session, unit, order.scheme_id, order.discount_ids)
    order.list_total, order.public_total = chain.list_total, chain.public_total
    if order.total is None:
        order.total = chain.public_total
    if order.total <= 0 or order.total > chain.public_total:
        raise RuleError(
            "成交总价应大于零且不高于公开折后总价 {public} 元", field="total", public=format_amount(chain.public_total)
        )
    write_chain(session, order, order.scheme_id, order.total, chain)


def choose_discounts(session: Session, order: Reservation, ids: Collection[int]) -> None:
    """The 公开优惠 that the customer qualifies for; a total that was the public one follows, an agreed one stays.

    Raises RuleError for a discount that is not in force, and as price_order does.
    """
    if order.total == order.public_total:
        order.total = None
    order.discount_ids = sorted(ids)
    price_order(session, order, order.unit)


def reprice_order(session: Session, order: Reservation, scheme_id: int, total: Decimal) -> None:
    """变更付款方式 executed: chain and plan under the new 付款方式, the list total and the 公开优惠 as they were."""
    chain = chain_again(session, order, scheme_id)
    order.scheme_id, order.total, order.public_total = scheme_id, total, chain.public_total
    write_chain(session, order, scheme_id, total, chain)


def chain_again(session: Session, order: Reservation, scheme_id: int) -> PublicPrice:
    """What the order would cost under another 付款方式, with everything else as on its own day."""
    return quote_again(
        session, order.unit, scheme_id, list_total=order.list_total or Decimal(0), discount_ids=order.discount_ids,
        on=order.reserved_on,
    )  # fmt: skip


def write_chain(session: Session, order: Reservation, scheme_id: int, total: Decimal, chain: PublicPrice) -> None:
    """Chain, unit price and plan as the order keeps them."""
    order.unit_price = chain.unit_price_of(total)
    order.price_steps = [[s.label, str(s.change), str(s.total)] for s in chain.steps]
    rows = plan_for(
        session, scheme_id, total, order.deposit or Decimal(0), loan=order.loan_amount, fund=order.fund_amount
    )
    order.plan_rows = [[r.kind.value, r.payer.value, str(r.amount), r.anchor.value, r.days, r.instalment] for r in rows]


def plan_for(
    session: Session, scheme_id: int, total: Decimal, deposit: Decimal, *, loan: Decimal | None, fund: Decimal | None
) -> list[PlanRow]:
    """The plan of a 付款方式. Raises RuleError where the loans do not fit."""
    terms = plan_terms(session, scheme_id)
    return payment_plan(
        scheme_kind(session, scheme_id), total, deposit, terms=terms, loan=loan, fund_loan=fund or Decimal(0)
    )


def plan_of(order: Reservation) -> list[PlanRow]:
    """The stored plan as rows."""
    return [PlanRow(RowKind(k), Payer(p), Decimal(a), Anchor(x), d, i) for k, p, a, x, d, i in order.plan_rows]


def planned_total(order: Reservation) -> Decimal:
    """Sum of the stored plan, yuan."""
    return sum((r.amount for r in plan_of(order)), Decimal(0))


def discount_needed(order: Reservation) -> bool:
    """Whether the deal is below the public total."""
    return order.public_total is not None and order.total is not None and order.total < order.public_total


def usable_discount(session: Session, order: Any, on: date) -> DiscountRequest | None:
    """The approved, unexpired paper of this unit and customer, or the one that this very order has used."""
    approved = and_(
        DiscountRequest.unit_id == order.unit_id,
        DiscountRequest.customer_id == order.customer_id,
        DiscountRequest.state == DiscountState.APPROVED,
        DiscountRequest.valid_until >= on,
    )
    own = and_(DiscountRequest.reservation_id == order.id, DiscountRequest.state == DiscountState.USED)
    return session.scalars(
        select(DiscountRequest).where(or_(approved, own)).order_by(DiscountRequest.id.desc()),
        execution_options={"unscoped": True},
    ).first()


def open_discount(session: Session, order: Any) -> DiscountRequest | None:
    """The paper of this unit and customer that is still being decided."""
    return session.scalars(
        select(DiscountRequest).where(
            DiscountRequest.unit_id == order.unit_id,
            DiscountRequest.customer_id == order.customer_id,
            DiscountRequest.state == DiscountState.REVIEW,
        ),
        execution_options={"unscoped": True},
    ).first()


def granted_by(paper: DiscountRequest | None, order: Reservation) -> bool:
    """Whether the paper covers the order's total."""
    return (
        paper is not None
        and paper.granted_total is not None
        and order.total is not None
        and order.total >= paper.granted_total
    )


def authority_suffices(session: Session, order: Reservation, actor: Actor, on: date) -> bool:
    """Whether a post of the submitter may grant the concession alone, or one that stands higher (02 §2.3.2)."""
    unit = session.get(Unit, order.unit_id)
    if unit is None or order.total is None or order.public_total is None:
        return False
    post = authority(session, unit, deal_total=order.total, public_total=order.public_total, on=on)
    return actor.holds(from_post_up(session, post), order.project_id)
