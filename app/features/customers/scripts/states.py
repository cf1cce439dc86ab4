"""How does a 统一口径 move? 起草 → 案场经理审定 → 现行 (everybody signs) → 被新版取代 or 停用."""

from __future__ import annotations

from app.features.customers.scripts import effects
from app.features.customers.scripts.models import AUTHORS, SalesScript, ScriptState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import AGENCY_POSTS, Post
from app.kernel.readings import reading_steps
from app.kernel.workflow import flow, step

DRAFT, REVIEW, VALID, SUPERSEDED, WITHDRAWN, VOID = ScriptState

approval_kind("sales_script", "统一口径", SalesScript, Mode.IN_TURN, "案场经理 不限", minutes=480, clock="site",
              beside=Post.PROJECT_MANAGER, need=effects.approval_need, content=("title", "kind", "topic", "content", "never", "basis"))  # fmt: skip

SCRIPT_FLOW = flow(
    SalesScript,
    step("submit", "提交审定", DRAFT, REVIEW, by=AUTHORS, tone="primary", then=[effects.note_submitter, opens("sales_script")]),
    *approval_steps("sales_script", REVIEW, approved=VALID, returned=DRAFT, refused=VOID, by=AUTHORS,
                    guards=(effects.supersede_older,), then=(effects.become_valid,)),
    *reading_steps(VALID, by=AGENCY_POSTS, remind_by=AUTHORS),
    step("revise", "修订", VALID, None, by=AUTHORS, then=[effects.revise],
         form=[ask("changes", "修订说明", "textarea", wide=True, hint="这一版改什么、为什么")]),
    step("supersede", "被新版取代", VALID, SUPERSEDED, internal=True, then=[effects.note_end]),
    step("withdraw", "停用", VALID, WITHDRAWN, by=AUTHORS, reason=True, tone="risk", then=[effects.note_end]),
    step("void", "作废", DRAFT, VOID, by=AUTHORS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, VALID),
)  # fmt: skip
