"""How does a 置业计划 move? It holds until its day or the next price."""

from __future__ import annotations

from app.features.customers.quotes.effects import MAKERS
from app.features.customers.quotes.models import Quote, QuoteState
from app.kernel.workflow import flow, step

VALID, CHANGED, EXPIRED, VOID = QuoteState

QUOTE_FLOW = flow(
    Quote,
    step("price_changed", "价格变动", VALID, CHANGED, internal=True),
    step("expire", "过期", VALID, EXPIRED, internal=True),
    step("void", "作废", VALID, VOID, by=MAKERS, tone="risk", confirm="作废后不能恢复，需要时另做一份。"),
    normal=(VALID,),
)
