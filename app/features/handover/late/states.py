"""How does a 逾期交付违约金批次 move? 甲方客服 lists and checks, 甲方现场负责人 decides (07 «compensation»), 甲方财务 pays."""

from __future__ import annotations

from app.features.handover.late import effects
from app.features.handover.late.models import SERVICE, LateBatch, LateBatchState, LateHome, LateHomeState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.workflow import flow, step

DRAFT, REVIEW, BOOKED, REFUSED, VOID = LateBatchState
COUNTED, EXCLUDED, OWED, GONE = LateHomeState

approval_kind(
    "late_batch", "逾期交付违约金", LateBatch, Mode.IN_TURN, "甲方现场负责人 不限", minutes=480, clock="office",
    need=effects.approval_need, content=("building_id", "until_on", "homes", "total"),
)  # fmt: skip

BATCH_FLOW = flow(
    LateBatch,
    step("recount", "重新计算", DRAFT, None, by=SERVICE, then=[effects.recount]),
    step("submit", "提交审批", DRAFT, REVIEW, by=SERVICE, tone="primary", guards=[effects.list_is_current],
         then=[effects.give_number, opens("late_batch")], confirm="请先逐户核对明细；批准后每户登记一笔应付款。"),
    *approval_steps("late_batch", REVIEW, approved=BOOKED, returned=DRAFT, refused=REFUSED, by=SERVICE,
                    then=(effects.owe_all,), then_refuse=(effects.drop_lines,)),
    step("void", "作废", DRAFT, VOID, by=SERVICE, reason=True, tone="risk", then=[effects.drop_lines]),
    normal=(DRAFT, REVIEW, BOOKED),
)  # fmt: skip

HOME_FLOW = flow(
    LateHome,
    step("set_aside", "不计入", COUNTED, EXCLUDED, by=SERVICE, reason=True, bulk=True, guards=[effects.batch_is_open],
         then=[effects.set_aside, effects.follow_line]),
    step("count_in", "计入", EXCLUDED, COUNTED, by=SERVICE, bulk=True, guards=[effects.batch_is_open],
         then=[effects.count_in, effects.follow_line]),
    step("owe", "登记应付", COUNTED, OWED, internal=True, then=[effects.owe_one]),
    step("void", "作废", (COUNTED, EXCLUDED), GONE, internal=True),
    normal=(COUNTED, OWED),
)  # fmt: skip
