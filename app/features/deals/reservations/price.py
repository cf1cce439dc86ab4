"""The price of an order: chain, plan and authority as the rules of pricing and payments compute them (02 §2.3.1–2.3.4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.models import Reservation
from app.features.organisation.parameters import parameter
from app.features.pricing.effects import (
    authority,
    from_post_up,
    plan_terms,
    price_of,
    priced_under,
    scheme_kind,
    terms_now,
    terms_then,
)
from app.features.pricing.models import PricedLine
from app.features.pricing.rules import (
    Anchor,
    LinePart,
    Payer,
    PlanRow,
    PriceChain,
    PriceStep,
    PublicPrice,
    RowKind,
    Scheme,
    payment_plan,
    split_plan,
)
from app.features.units.models import Unit
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.money import format_amount

LOAN = ("loan_bank", "loan_amount", "fund_amount", "loan_years")


@dataclass(frozen=True)
class OrderPrice:
    """The public price of everything that an order sells: the 房款 and each line beside it, in the order of order.lines."""

    home: PublicPrice
    chains: tuple[PriceChain, ...] = ()

    @property
    def extras_total(self) -> Decimal:
        """Σ P4 of the lines beside the 房款, yuan."""
        return sum((chain.deal_total for chain in self.chains), Decimal(0))

    @property
    def list_total(self) -> Decimal:
        """Σ P1, yuan."""
        return sum((chain.list_total for chain in self.chains), self.home.list_total)

    @property
    def public_total(self) -> Decimal:
        """Σ P4, yuan."""
        return self.home.public_total + self.extras_total


def price_order(session: Session, order: Reservation, unit: Unit) -> None:
    """Compute lines, chain and plan anew and write them to the order; total defaults to the public total.

    Raises RuleError for a unit without a list price, a total above the public one, or a plan that cannot be made.
    """
    if order.scheme_id is None:
        raise RuleError("请选择付款方式", field="scheme_id")
    terms = terms_now(session, unit.project_id, order.scheme_id, order.discount_ids)
    home = priced_under(unit, terms)
    keep_finish_line(session, order, unit)
    price = OrderPrice(home, tuple(terms.chain(line.kind, line.name, line.list_total) for line in order.lines))
    order.list_total, order.public_total = price.list_total, price.public_total
    if order.total is None:
        order.total = price.public_total
    if order.total <= 0 or order.total > price.public_total:
        raise RuleError(
            "成交总价应大于零且不高于公开折后总价 {public} 元", field="total", public=format_amount(price.public_total)
        )
    write_price(session, order, order.scheme_id, order.total, price)


def keep_finish_line(session: Session, order: Reservation, unit: Unit) -> None:
    """装修款 of the home is a line of its order, unless the site writes a paper of its own for it (02 §2.3.1)."""
    there = next((line for line in order.lines if line.kind is PricedLine.FINISH), None)
    wanted = unit.finish_price if parameter(session, unit.project_id, "finish_with_home") else None
    if not wanted:
        if there is not None:
            order.lines.remove(there)
            session.delete(there)
        return
    if there is None:
        there = OrderLine(
            kind=PricedLine.FINISH, name=f"装修款 {unit.finish}".strip(), public_total=wanted, **of_order(order)
        )
        order.lines.append(there)
    there.list_total = wanted


def of_order(order: Reservation) -> dict[str, Any]:
    """Who reads a line: whoever reads its order."""
    return {name: getattr(order, name) for name in ("project_id", "owner_id", "partner_id", "team_id")}


def choose_discounts(session: Session, order: Reservation, ids: Collection[int]) -> None:
    """The 公开优惠 that the customer qualifies for; a total that was the public one follows, an agreed one stays.

    Raises RuleError for a discount that is not in force, and as price_order does.
    """
    if order.total == order.public_total:
        order.total = None
    order.discount_ids = sorted(ids)
    price_order(session, order, order.unit)


def reprice_order(session: Session, order: Reservation, scheme_id: int, total: Decimal) -> None:
    """变更付款方式 executed: chain and plan under the new 付款方式, the list totals and the 公开优惠 as they were."""
    price = price_again(session, order, scheme_id)
    order.scheme_id, order.total, order.public_total = scheme_id, total, price.public_total
    write_price(session, order, scheme_id, total, price)


def price_again(session: Session, order: Reservation, scheme_id: int) -> OrderPrice:
    """What the order would cost under another 付款方式, with everything else as on its own day."""
    terms = terms_then(session, order.project_id, scheme_id, order.discount_ids, order.reserved_on)
    chains = tuple(terms.chain(line.kind, line.name, line.list_total) for line in order.lines)
    of_lines = sum((line.list_total for line in order.lines), Decimal(0))
    return OrderPrice(price_of(order.unit, terms, (order.list_total or Decimal(0)) - of_lines), chains)


def price_elsewhere(session: Session, order: Reservation, unit: Unit, scheme_id: int) -> Decimal:
    """换房: the public total of another home with its 装修款, and of the 车位 and 储藏间 that go along, yuan."""
    terms = terms_now(session, unit.project_id, scheme_id)
    lines = [(line.kind, line.name, line.list_total) for line in order.attached_lines]
    if unit.finish_price and parameter(session, unit.project_id, "finish_with_home"):
        lines.append((PricedLine.FINISH, PricedLine.FINISH.label, unit.finish_price))
    return OrderPrice(priced_under(unit, terms), tuple(terms.chain(*line) for line in lines)).public_total


def write_price(session: Session, order: Reservation, scheme_id: int, total: Decimal, price: OrderPrice) -> None:
    """Chains, unit price and plan as the order keeps them, and no loan where nobody lends.

    Raises RuleError when nothing is left for the home.
    """
    if not lends(session, scheme_id):
        order.loan_bank, order.loan_amount, order.fund_amount, order.loan_years = "", None, None, None
    for line, chain in zip(order.lines, price.chains, strict=True):
        line.public_total, line.steps = chain.deal_total, _kept(chain.steps)
    order.extras_total = price.extras_total
    if order.home_total <= 0:
        raise RuleError(
            "成交总价已含装修款、车位等 {extras} 元，扣除后的房款必须大于零",
            field="total",
            extras=format_amount(price.extras_total),
        )
    order.unit_price = price.home.unit_price_of(order.home_total)
    order.price_steps = _kept(price.home.steps)
    rows = plan_for(
        session, scheme_id, total, order.deposit or Decimal(0), loan=order.loan_amount, fund=order.fund_amount
    )
    order.plan_rows = [[r.kind.value, r.payer.value, str(r.amount), r.anchor.value, r.days, r.instalment] for r in rows]


def lends(session: Session, scheme_id: int) -> bool:
    """Whether a bank or the 公积金 pays part of it under this 付款方式."""
    return scheme_kind(session, scheme_id) in (Scheme.MORTGAGE, Scheme.COMBINED)


def _kept(steps: Sequence[PriceStep]) -> list[list[str]]:
    return [[step.label, str(step.change), str(step.total)] for step in steps]


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


def parts_of(order: Reservation) -> list[LinePart]:
    """The 计价项目 of the order with their prices, 房款 first."""
    beside = [LinePart(line.kind, line.name, line.public_total) for line in order.lines]
    return [LinePart(PricedLine.HOME, "", order.home_total), *beside]


def lined_plan_of(order: Reservation) -> list[PlanRow]:
    """The stored plan with each row shared among the 计价项目, as it is owed (decision 0040)."""
    return split_plan(plan_of(order), parts_of(order))


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
    """Whether the paper, which is about the home, covers the 房款 of the order."""
    return (
        paper is not None
        and paper.granted_total is not None
        and order.total is not None
        and order.home_total >= paper.granted_total
    )


def authority_suffices(session: Session, order: Reservation, actor: Actor, on: date) -> bool:
    """Whether a post of the submitter may grant the concession alone, or one that stands higher (02 §2.3.2)."""
    unit = session.get(Unit, order.unit_id)
    if unit is None or order.total is None or order.public_total is None:
        return False
    post = authority(session, unit, deal_total=order.home_total, public_total=order.home_public_total, on=on)
    return actor.holds(from_post_up(session, post), order.project_id)
