"""What other rooms ask of prices: the public price of a unit, who may go below it, what a 付款方式 means."""

from app.features.pricing.effects.authority import DISCOUNT_CHAIN, authority, below_floor, from_post_up
from app.features.pricing.effects.listeners import when_prices_changed
from app.features.pricing.effects.mandates import mandate_counts, note_mandate_use
from app.features.pricing.effects.quoting import (
    ATTACHABLE,
    SellingTerms,
    active_schemes,
    lowest_public_totals,
    plan_terms,
    price_of,
    priced_under,
    public_discounts,
    quote,
    sales_scheme_on,
    scheme_kind,
    terms_now,
    terms_then,
)

__all__ = [
    "ATTACHABLE",
    "DISCOUNT_CHAIN",
    "SellingTerms",
    "active_schemes",
    "authority",
    "below_floor",
    "from_post_up",
    "lowest_public_totals",
    "mandate_counts",
    "note_mandate_use",
    "plan_terms",
    "price_of",
    "priced_under",
    "public_discounts",
    "quote",
    "sales_scheme_on",
    "scheme_kind",
    "terms_now",
    "terms_then",
    "when_prices_changed",
]
