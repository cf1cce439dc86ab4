"""价目表 付款方式 销售方案 甲方授权: what they are."""

from app.features.pricing.models.mandates import Mandate, MandateState, MandateUse
from app.features.pricing.models.price_lists import (
    PRICE_READERS,
    LineOutcome,
    ListState,
    PriceLine,
    PriceList,
    TotalRounding,
)
from app.features.pricing.models.price_notices import PriceNotice, PriceNoticeKind, PriceNoticeState
from app.features.pricing.models.sales_schemes import (
    CompoundingKind,
    PublicDiscount,
    RoundingStep,
    RoundingWay,
    SalesScheme,
)
from app.features.pricing.models.schemes import PaymentScheme, PricedLine, SchemeKind, SchemeState

__all__ = [
    "PRICE_READERS",
    "CompoundingKind",
    "LineOutcome",
    "ListState",
    "Mandate",
    "MandateState",
    "MandateUse",
    "PaymentScheme",
    "PriceLine",
    "PriceList",
    "PriceNotice",
    "PriceNoticeKind",
    "PriceNoticeState",
    "PricedLine",
    "PublicDiscount",
    "RoundingStep",
    "RoundingWay",
    "SalesScheme",
    "SchemeKind",
    "SchemeState",
    "TotalRounding",
]
