"""What the papers of this room mean to the rules: stored words and numbers → their values. The labels are the rules' own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.features.pricing.models import (
    Mandate,
    MandateUse,
    PaymentScheme,
    PriceList,
    PublicDiscount,
    SalesScheme,
    SchemeKind,
    TotalRounding,
)
from app.features.pricing.rules.authority import Mandate as MandateLeft
from app.features.pricing.rules.chain import TO_FEN, Compounding, Discount, PricingBasis, Rounding, floor_total
from app.features.pricing.rules.chain import PriceLine as PricedThing
from app.features.pricing.rules.instalments import parse_instalments
from app.features.pricing.rules.plan import PlanTerms, Scheme
from app.features.units.models import Unit
from app.kernel.money import RoundingMode


def fields_of_kind(kind: SchemeKind) -> tuple[str, ...]:
    """The fields of a 付款方式 that its kind needs; the others stay empty."""
    return {
        SchemeKind.LUMP_SUM: ("lump_sum_days",),
        SchemeKind.MORTGAGE: ("loan_share", "loan_step", "loan_days"),
        SchemeKind.INSTALMENTS: ("instalments", "row_step"),
        SchemeKind.COMBINED: ("loan_share", "loan_step", "loan_days"),
    }[kind]


def scheme_of(paper: PaymentScheme) -> Scheme:
    """The kind of a 付款方式."""
    return Scheme(paper.kind.label)


def terms_of(paper: PaymentScheme) -> PlanTerms:
    """Its parameters for payment_plan; what its kind does not need keeps the defaults of 02 §2.3.4."""
    given: dict[str, Any] = {
        "lump_sum_days": paper.lump_sum_days,
        "loan_share": paper.loan_share,
        "loan_step": paper.loan_step,
        "loan_days": paper.loan_days,
        "row_step": paper.row_step,
        "instalments": parse_instalments(paper.instalments) if paper.kind is SchemeKind.INSTALMENTS else None,
    }
    return PlanTerms(**{name: value for name, value in given.items() if value is not None})


def discount_of_scheme(paper: PaymentScheme) -> list[Discount]:
    """The discount that hangs on the 付款方式, if any: it comes before those of the 销售方案."""
    return [] if paper.discount is None else [Discount(paper.name, factor=paper.discount)]


def public_discount(paper: PublicDiscount) -> Discount:
    """A 公开优惠."""
    return Discount(paper.name, factor=paper.factor, amount=paper.amount)


def discount_holds(paper: PublicDiscount, day: date) -> bool:
    """Whether its own dates, if it has any, include the day."""
    return (paper.valid_from is None or paper.valid_from <= day) and (
        paper.valid_until is None or day <= paper.valid_until
    )


def rounding_of(paper: SalesScheme) -> Rounding:
    """P4 of a 销售方案."""
    return Rounding(Decimal(paper.rounding_step.value), RoundingMode(paper.rounding_way.label))


def compounding_of(paper: SalesScheme) -> Compounding:
    """P2 连乘 or P7 连减."""
    return Compounding(paper.compounding.label)


def list_rounding(paper: PriceList) -> Rounding:
    """How P1 is rounded in a 价目表."""
    if paper.total_rounding is TotalRounding.FEN:
        return TO_FEN
    cut = paper.total_rounding is TotalRounding.YUAN_CUT
    return Rounding(Decimal(1), RoundingMode.CUT if cut else RoundingMode.HALF_UP)


def mandate_left(paper: Mandate, uses: Sequence[MandateUse]) -> MandateLeft:
    """What may still be given away under a 甲方授权 after these uses; several papers for one unit are one unit."""
    given = sum((use.amount for use in uses), Decimal(0))
    return MandateLeft(
        valid_until=paper.valid_until,
        units_left=None if paper.cap_units is None else paper.cap_units - len({use.unit_id for use in uses}),
        amount_left=None if paper.cap_amount is None else paper.cap_amount - given,
    )


def priced_home(unit: Unit, unit_price: Decimal) -> PricedThing:
    """A unit with a unit price, as its 计价方式 counts it."""
    basis = PricingBasis(unit.pricing_basis.label)
    return PricedThing(unit.full_name, basis, unit_price, unit.building_area, unit.inner_area)


def floor_of(unit: Unit, floor_unit_price: Decimal | None) -> Decimal | None:
    """P8: the floor total of a unit, yuan; None where no floor price is set. For rules only, never shown below the site manager."""
    return None if floor_unit_price is None else floor_total(priced_home(unit, floor_unit_price), floor_unit_price)


def below(unit: Unit, total: Decimal, floor_unit_price: Decimal | None) -> bool:
    """Whether a total lies under the floor total."""
    floor = floor_of(unit, floor_unit_price)
    return floor is not None and total < floor
