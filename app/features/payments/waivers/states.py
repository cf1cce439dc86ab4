"""How does a 减免单 move? SUP → SM → JFS in turn (02 §2.3.6)."""

from __future__ import annotations

from app.features.payments.waivers import effects
from app.features.payments.waivers.models import LateFeeWaiver, WaiverState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

ASKERS = (Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK)
DRAFT, REVIEW, GRANTED, REFUSED, VOID = WaiverState

approval_kind(
    "late_fee_waiver", "滞纳金减免", LateFeeWaiver, Mode.IN_TURN, "销售主管 0\n案场经理 0\n甲方现场负责人 不限", need=effects.approval_need,
    content=("receivable_id", "amount", "reason"),
)  # fmt: skip

WAIVER_FLOW = flow(
    LateFeeWaiver,
    step("submit", "提交审批", DRAFT, REVIEW, by=ASKERS, tone="primary", guards=[effects.amount_is_open],
         then=[effects.give_number, opens("late_fee_waiver")]),
    *approval_steps("late_fee_waiver", REVIEW, approved=GRANTED, returned=DRAFT, refused=REFUSED, by=ASKERS,
                    guards=(effects.amount_is_open,), then=(effects.grant,)),
    step("void", "作废", DRAFT, VOID, by=ASKERS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, GRANTED),
)  # fmt: skip
