"""How does a contract set move? 准备中, 已备齐, 已取用."""

from __future__ import annotations

from app.features.deals.sets import effects
from app.features.deals.sets.models import ContractSet, SetState
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

PREPARING, READY, TAKEN, VOID = SetState
KEEPERS = (Post.CONTRACT_OFFICER, Post.CLERK)

SET_FLOW = flow(
    ContractSet,
    step("ready", "已备齐", PREPARING, READY, by=KEEPERS, tone="primary", guards=[effects.everything_is_there],
         then=[effects.note_ready]),
    step("unready", "退回准备", READY, PREPARING, by=KEEPERS, reason=True, then=[effects.note_unready]),
    step("take", "已取用", READY, TAKEN, by=KEEPERS, tone="primary"),
    step("void", "作废", (PREPARING, READY), VOID, by=KEEPERS, reason=True, tone="risk"),
    normal=(PREPARING, READY, TAKEN),
)  # fmt: skip
