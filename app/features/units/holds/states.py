"""How does a 保留单 move? Placed within one's own authority, or decided 直达 by who has it (02 §2.1.4, §2.2.1)."""

from __future__ import annotations

from app.features.units.holds import effects
from app.features.units.models import Hold, HoldState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, REVIEW, ACTIVE, USED, RELEASED, EXPIRED, REFUSED, VOID = HoldState
HOLDERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.DEVELOPER_SITE})
DECIDERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.DEVELOPER_SITE})

approval_kind(
    "hold",
    "保留",
    Hold,
    Mode.DIRECT,
    "销售主管 不限\n案场经理 不限\n甲方现场负责人 不限",
    minutes=30,
    clock="site",
    need=effects.hold_need,
    content=("unit_id", "held_for", "customer_id", "hours", "reason"),
)

HOLD_FLOW = flow(
    Hold,
    step("place", "立即保留", DRAFT, ACTIVE, by=DECIDERS, tone="primary",
         guards=[effects.within_own_authority], then=[effects.give_number, effects.keep_unit]),
    step("place_by_order", "按指令保留", DRAFT, ACTIVE, internal=True, then=[effects.give_number, effects.keep_unit]),
    step("submit", "提交审批", DRAFT, REVIEW, by=HOLDERS, then=[effects.give_number, opens("hold")]),
    *approval_steps("hold", REVIEW, approved=ACTIVE, returned=DRAFT, refused=REFUSED, by=HOLDERS, then=(effects.keep_unit,)),
    step("name_customer", "关联客户", (DRAFT, ACTIVE), None, by=HOLDERS, form=[ask("customer", "客户", "record", model="customer",
         hint="保留期间只有这位客户可以认购")], then=[effects.name_customer]),
    step("renew", "续期", ACTIVE, None, by=DECIDERS, form=[ask("hours", "再保留", "integer", unit="小时")],
         guards=[effects.not_renewed_yet, effects.within_own_authority], then=[effects.renew]),
    step("release", "释放", ACTIVE, RELEASED, by=HOLDERS, reason=True, tone="risk", then=[effects.free_unit]),
    step("release_by_order", "按指令释放", ACTIVE, RELEASED, internal=True, then=[effects.free_unit]),
    step("expire", "到期释放", ACTIVE, EXPIRED, internal=True, then=[effects.free_unit]),
    step("use", "转销控", ACTIVE, USED, internal=True),
    step("void", "作废", DRAFT, VOID, by=HOLDERS, reason=True, owner_only=True, tone="risk"),
    normal=(DRAFT, REVIEW, ACTIVE, USED),
)  # fmt: skip
