"""How does a 特殊折扣单 move? Its route follows the extra concession (02 §2.3.2: D1–D7)."""

from __future__ import annotations

from app.features.deals.discounts import effects
from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.pricing.effects import DISCOUNT_CHAIN
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, REVIEW, APPROVED, USED, EXPIRED, REFUSED, VOID = DiscountState
ASKERS = (Post.CONSULTANT, Post.SUPERVISOR)

approval_kind(
    "discount", "特殊折扣", DiscountRequest, Mode.DIRECT,
    DISCOUNT_CHAIN,
    unit="%", minutes=30, clock="site", need=effects.approval_need, check=effects.check_grant,
    content=("unit_id", "customer_id", "scheme_id", "public_total", "asked_total", "reason", "wanted_until"),
    asks=(
        ask("granted_total", "核定总价", "money", default=effects.default_total, hint="不低于申请总价"),
        ask("valid_until", "有效至", "date", default=effects.default_until, hint="限本套房源、本客户，用一次"),
    ),
)  # fmt: skip

DISCOUNT_FLOW = flow(
    DiscountRequest,
    step("submit", "提交审批", DRAFT, REVIEW, by=ASKERS, tone="primary",
         guards=[effects.unit_can_be_sold, effects.price_is_current], then=[effects.give_number, opens("discount")]),
    *approval_steps("discount", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=ASKERS,
                    then=(effects.note_grant,)),
    step("use", "使用", APPROVED, USED, internal=True, then=[effects.note_use]),
    step("give_back", "未用退回", USED, APPROVED, internal=True, then=[effects.forget_use]),
    step("expire", "过期", APPROVED, EXPIRED, internal=True),
    step("void", "作废", (DRAFT, APPROVED), VOID, by=ASKERS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, APPROVED, USED),
)  # fmt: skip
