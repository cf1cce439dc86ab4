"""How does a 小订单 move? Signed, confirmed, then 认购 or back on sale (02 §2.2.1)."""

from __future__ import annotations

from app.features.deals.bookings import effects
from app.features.deals.bookings.models import Booking, BookingState
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, SIGNED, ACTIVE, CONVERTED, EXPIRED, RETURNED, VOID = BookingState
DESK = (Post.CONSULTANT, Post.CLERK, Post.SUPERVISOR, Post.SITE_MANAGER)
HEADS = (Post.SUPERVISOR, Post.SITE_MANAGER)

BOOKING_FLOW = flow(
    Booking,
    step("sign", "客户已签", DRAFT, SIGNED, by=DESK, tone="primary", guards=[effects.lock_runs], then=[effects.sign],
         form=[ask("on", "签署日期", "date", default=lambda _booking: now().date())]),
    step("take_effect", "小订生效", SIGNED, ACTIVE, internal=True, then=[effects.book_unit]),
    step("convert", "转认购", ACTIVE, CONVERTED, internal=True),
    step("expire", "到期", ACTIVE, EXPIRED, internal=True, then=[effects.end]),
    step("give_up", "退小订", ACTIVE, RETURNED, by=HEADS, reason=True, tone="risk", then=[effects.end],
         confirm="房源恢复可售；订金按小订单约定退还或不退。"),
    step("void", "作废", SIGNED, VOID, by=DESK, reason=True, tone="risk", guards=[effects.nothing_paid], then=[effects.end]),
    step("drop", "作废", DRAFT, VOID, by=DESK, reason=True, tone="risk"),
    normal=(DRAFT, SIGNED, ACTIVE, CONVERTED),
)  # fmt: skip
