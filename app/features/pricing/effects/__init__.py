"""What other rooms ask of prices: the public price of a unit, who may go below it, what a 付款方式 means."""

from app.features.pricing.effects.authority import DISCOUNT_CHAIN, authority, below_floor, from_post_up
from app.features.pricing.effects.listeners import when_prices_changed
from app.features.pricing.effects.mandates import mandate_counts, note_mandate_use
from app.features.pricing.effects.quoting import (
    active_schemes,
    lowest_public_totals,
    plan_terms,
    public_discounts,
    quote,
    quote_again,
    sales_scheme_on,
    scheme_kind,
)

__all__ = [
    "DISCOUNT_CHAIN",
    "active_schemes",
    "authority",
    "below_floor",
    "from_post_up",
    "lowest_public_totals",
    "mandate_counts",
    "note_mandate_use",
    "plan_terms",
    "public_discounts",
    "quote",
    "quote_again",
    "sales_scheme_on",
    "scheme_kind",
    "when_prices_changed",
]
