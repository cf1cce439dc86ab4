"""How does a 销控指令 move? PM's office or SUP writes it, it is decided 直达 and carried out at once (07)."""

from __future__ import annotations

from app.features.units.instructions import effects
from app.features.units.models import ControlOrder, ControlState
from app.features.units.picking import PICK
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.readings import reading_steps
from app.kernel.workflow import flow, step

DRAFT, REVIEW, ISSUED, REFUSED, VOID = ControlState

approval_kind(
    "control_order",
    "销控指令",
    ControlOrder,
    Mode.DIRECT,
    "销售主管 不限\n案场经理 不限\n甲方现场负责人 不限",
    minutes=30,
    clock="site",
    need=effects.control_need,
    content=("kind", "content", "reason", "held_for", "hours"),
)

CONTROL_FLOW = flow(
    ControlOrder,
    step("put_units", "选入房源", DRAFT, None, by=effects.AUTHORS, form=PICK, then=[effects.put_units]),
    step("drop_units", "移出房源", DRAFT, None, by=effects.AUTHORS, form=PICK, then=[effects.drop_units]),
    step("submit", "提交审批", DRAFT, REVIEW, by=effects.AUTHORS, tone="primary",
         guards=[effects.order_is_complete], then=[effects.give_number, opens("control_order")]),
    *approval_steps("control_order", REVIEW, approved=ISSUED, returned=DRAFT, refused=REFUSED, by=effects.AUTHORS,
                    then=(effects.carry_out, effects.ask_for_receipts)),
    *reading_steps(ISSUED, by=ALL_POSTS - {Post.ADMIN}, remind_by=effects.AUTHORS),
    step("void", "作废", DRAFT, VOID, by=effects.AUTHORS, reason=True, owner_only=True, tone="risk"),
    normal=(DRAFT, REVIEW, ISSUED),
)  # fmt: skip
