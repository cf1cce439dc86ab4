"""The public price of a unit under a 付款方式 and the 销售方案 in force (02 §2.3.1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.features.organisation.parameters import parameters
from app.features.pricing.models import PaymentScheme, PricedLine, PublicDiscount, SalesScheme, SchemeState
from app.features.pricing.rules import (
    Compounding,
    Discount,
    PlanTerms,
    PriceChain,
    PricingBasis,
    PublicPrice,
    Rounding,
    Scheme,
    price_chain,
)
from app.features.pricing.rules import PriceLine as PricedThing
from app.features.pricing.rules.readings import (
    compounding_of,
    discount_holds,
    discount_of_scheme,
    priced_home,
    public_discount,
    rounding_of,
    scheme_of,
    terms_of,
)
from app.features.units.models import Product, Unit
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import RoundingMode

# what is sold with a home as a 计价项目 of its own (02 §2.4 附属)
ATTACHABLE = {Product.PARKING: PricedLine.PARKING, Product.STORE: PricedLine.STORE}


def payment_scheme(session: Session, scheme_id: int) -> PaymentScheme:
    """A 付款方式 by id, whatever its state. Raises RuleError (field scheme_id) for an unknown one."""
    paper = session.scalars(select(PaymentScheme).where(PaymentScheme.id == scheme_id)).first()
    if paper is None:
        raise RuleError("没有找到所选的付款方式，请重新选择", field="scheme_id")
    return paper


def scheme_kind(session: Session, scheme_id: int) -> Scheme:
    """The kind of a 付款方式 as the plan rules name it."""
    return scheme_of(payment_scheme(session, scheme_id))


def plan_terms(session: Session, scheme_id: int) -> PlanTerms:
    """The parameters of a 付款方式 for payment_plan."""
    return terms_of(payment_scheme(session, scheme_id))


def active_schemes(session: Session, project_id: int) -> list[PaymentScheme]:
    """付款方式 that may be chosen now, in the order in which they were made."""
    query = select(PaymentScheme).where(
        PaymentScheme.project_id == project_id, PaymentScheme.state == SchemeState.ACTIVE
    )
    return list(session.scalars(query.order_by(PaymentScheme.id)))


def sales_scheme_on(session: Session, project_id: int, on: date) -> SalesScheme | None:
    """The 销售方案 in force on a day: of several the one that began last; None when there is none."""
    query = (
        select(SalesScheme)
        .where(
            SalesScheme.project_id == project_id, SalesScheme.state == SchemeState.ACTIVE, SalesScheme.valid_from <= on
        )
        .where(or_(SalesScheme.valid_until.is_(None), SalesScheme.valid_until >= on))
        .order_by(SalesScheme.valid_from.desc(), SalesScheme.id.desc())
        .options(selectinload(SalesScheme.discounts))
        .limit(1)
    )
    return session.scalars(query).first()


def public_discounts(session: Session, project_id: int, on: date) -> list[PublicDiscount]:
    """The 公开优惠 of that day in their order."""
    paper = sales_scheme_on(session, project_id, on)
    return [] if paper is None else [discount for discount in paper.discounts if discount_holds(discount, on)]


@dataclass(frozen=True)
class SellingTerms:
    """Under what the lines of one order are priced: a 付款方式, the 公开优惠 that are given, how they meet and are rounded."""

    scheme: PaymentScheme
    sales: SalesScheme | None
    chosen: Sequence[PublicDiscount]
    rounding: Rounding

    def chain(self, line: PricedLine, label: str, list_total: Decimal) -> PriceChain:
        """P1–P4 of one line: only the discounts that are taken off it (02 §2.3.1). Raises RuleError when nothing would remain."""
        of_scheme = discount_of_scheme(self.scheme) if self.scheme.discount_on.covers(line) else []
        discounts: list[Discount] = [
            *of_scheme, *(public_discount(one) for one in self.chosen if one.applies_to.covers(line))
        ]  # fmt: skip
        return price_chain(
            PricedThing(label, PricingBasis.WHOLE, list_total),
            discounts,
            compounding=Compounding.MULTIPLIED if self.sales is None else compounding_of(self.sales),
            rounding=self.rounding,
        )


def terms_now(
    session: Session,
    project_id: int,
    scheme_id: int,
    discount_ids: Collection[int] | None = None,
    on: date | None = None,
) -> SellingTerms:
    """The terms of a day. discount_ids: the 公开优惠 that the customer qualifies for, None = all of the day.

    Raises RuleError for a 付款方式 that is not in force or of another project, or a discount that is not in force.
    """
    day = on or now().date()
    scheme = payment_scheme(session, scheme_id)
    if scheme.project_id != project_id or scheme.state is not SchemeState.ACTIVE:
        raise RuleError("付款方式「{name}」现在不能使用，请另选", field="scheme_id", name=scheme.name)
    sales = sales_scheme_on(session, project_id, day)
    return SellingTerms(scheme, sales, _chosen(sales, discount_ids, day), _rounding(session, project_id, sales))


def terms_then(
    session: Session, project_id: int, scheme_id: int, discount_ids: Collection[int] | None, on: date
) -> SellingTerms:
    """Of a running order under another 付款方式: it keeps the 公开优惠 of its own day (02 §2.2.3).

    on: the day of the order; discount_ids None = all that held then, also where its 销售方案 has been replaced since.
    """
    given = [] if not discount_ids else list(session.scalars(
        select(PublicDiscount).where(PublicDiscount.id.in_(discount_ids))
        .order_by(PublicDiscount.position, PublicDiscount.id), execution_options={"unscoped": True},
    ))  # fmt: skip
    sales = given[0].sales_scheme if given else _scheme_then(session, project_id, on)
    if discount_ids is None and sales is not None:
        given = [discount for discount in sales.discounts if discount_holds(discount, on)]
    return SellingTerms(payment_scheme(session, scheme_id), sales, given, _rounding(session, project_id, sales))


def quote(
    session: Session, unit: Unit, scheme_id: int, discount_ids: Collection[int] | None = None, *, on: date | None = None
) -> PublicPrice:
    """P1–P10 of the 房款 of a unit on a day; the terms as terms_now reads them.

    The published list total is the start (one price per unit), so P1 never differs from the price board.
    Raises RuleError for a unit without a list price or a public price above the filed price, else as terms_now.
    """
    return priced_under(unit, terms_now(session, unit.project_id, scheme_id, discount_ids, on))


def priced_under(unit: Unit, terms: SellingTerms) -> PublicPrice:
    """P1–P10 of the 房款 of a unit under terms; raises as quote does."""
    if unit.list_total is None or unit.list_unit_price is None:
        raise RuleError("{unit} 还没有生效的表价", unit=unit.full_name)
    price = price_of(unit, terms, unit.list_total)
    price.check_filed(price.public_total)
    return price


def price_of(unit: Unit, terms: SellingTerms, list_total: Decimal) -> PublicPrice:
    """P1–P4 of the 房款 from a list total, which a running order keeps from its own day."""
    return PublicPrice(
        terms.chain(PricedLine.HOME, PricedLine.HOME.label, list_total),
        priced_home(unit, unit.list_unit_price or Decimal(1)).priced_area,
        unit.building_area,
        unit.inner_area,
        unit.filed_total,
    )


def _scheme_then(session: Session, project_id: int, on: date) -> SalesScheme | None:
    """The 销售方案 that held on a day, also when it is retired by now."""
    query = (
        select(SalesScheme)
        .where(
            SalesScheme.project_id == project_id, SalesScheme.valid_from <= on,
            SalesScheme.state.in_([SchemeState.ACTIVE, SchemeState.RETIRED]),
        )
        .where(or_(SalesScheme.valid_until.is_(None), SalesScheme.valid_until >= on))
        .order_by(SalesScheme.valid_from.desc(), SalesScheme.id.desc())
        .limit(1)
    )  # fmt: skip
    return session.scalars(query, execution_options={"unscoped": True}).first()


def _chosen(sales: SalesScheme | None, discount_ids: Collection[int] | None, day: date) -> list[PublicDiscount]:
    offered = [] if sales is None else [discount for discount in sales.discounts if discount_holds(discount, day)]
    if discount_ids is None:
        return offered
    if set(discount_ids) - {discount.id for discount in offered}:
        raise RuleError("所选优惠已不在现行销售方案中，请重新勾选", field="discounts")
    return [discount for discount in offered if discount.id in discount_ids]


def _rounding(session: Session, project_id: int, sales: SalesScheme | None) -> Rounding:
    """P4 of the 销售方案; without one, of the project's parameters."""
    if sales is not None:
        return rounding_of(sales)
    values = parameters(session, project_id, ("rounding_step", "rounding_mode"))
    return Rounding(Decimal(values["rounding_step"]), RoundingMode(values["rounding_mode"]))


def lowest_public_totals(
    session: Session,
    project_id: int,
    list_totals: Sequence[Decimal],
    schemes: Sequence[PaymentScheme],
    sales: SalesScheme | None,
    day: date,
) -> list[Decimal]:
    """For each list total the lowest price of all 付款方式 with every 公开优惠 of the day; without 付款方式 the list total."""
    chosen, rounding = _chosen(sales, None, day), _rounding(session, project_id, sales)
    terms = [SellingTerms(scheme, sales, chosen, rounding) for scheme in schemes]
    home = PricedLine.HOME
    return [
        min((one.chain(home, home.label, total).deal_total for one in terms), default=total) for total in list_totals
    ]
