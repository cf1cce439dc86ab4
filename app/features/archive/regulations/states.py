"""How does a 制度文件 move? 征求意见 → 组织研究 → 确定(生效) → 被新版取代 or 废止 (S2.9)."""

from __future__ import annotations

from app.features.archive.regulations import effects
from app.features.archive.regulations.models import AUTHORS, Regulation, RegulationState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import AGENCY_POSTS, Post
from app.kernel.readings import reading_steps
from app.kernel.workflow import flow, step

DRAFT, OPINIONS, STUDY, REVIEW, IN_FORCE, SUPERSEDED, REPEALED, VOID = RegulationState

approval_kind("regulation", "制度文件", Regulation, Mode.IN_TURN, "案场经理 不限", minutes=960, clock="office",
              need=effects.approval_need)  # fmt: skip

REGULATION_FLOW = flow(
    Regulation,
    step("ask_opinions", "征求意见", DRAFT, OPINIONS, by=AUTHORS, tone="primary", then=[effects.ask_opinions],
         form=[ask("until", "意见截止日期", "date", required=False, hint="不填按参数「制度征求意见期限」计算")]),
    step("give_opinion", "提意见", OPINIONS, None, by=AGENCY_POSTS, shown=effects.is_asked, tone="primary", then=[effects.give_opinion],
         form=[ask("opinion", "意见", "textarea", wide=True, hint="没有意见写「无意见」")]),
    step("study", "组织研究", OPINIONS, STUDY, by=AUTHORS, tone="primary", then=[effects.note_study],
         form=[ask("on", "研究日期", "date", default=lambda _paper: now().date()), ask("conclusion", "研究结论", "textarea", wide=True),
               ask("file", "会议记录", "file", required=False)]),
    step("submit", "提交审定", STUDY, REVIEW, by=AUTHORS, tone="primary", then=[effects.note_submitter, opens("regulation")]),
    *approval_steps("regulation", REVIEW, approved=IN_FORCE, returned=STUDY, refused=VOID, by=AUTHORS,
                    guards=(effects.supersede_older,), then=(effects.come_into_force,)),
    *reading_steps(IN_FORCE, by=AGENCY_POSTS, remind_by=(*AUTHORS, Post.CLERK)),
    step("revise", "修订", IN_FORCE, None, by=AUTHORS, then=[effects.revise],
         form=[ask("changes", "修订说明", "textarea", wide=True, hint="这一版改什么、为什么")]),
    step("supersede", "被新版取代", IN_FORCE, SUPERSEDED, internal=True, then=[effects.note_end]),
    step("repeal", "废止", IN_FORCE, REPEALED, by=[Post.SITE_MANAGER], reason=True, tone="risk", then=[effects.note_end]),
    step("void", "作废", (DRAFT, OPINIONS, STUDY), VOID, by=AUTHORS, reason=True, tone="risk"),
    normal=(DRAFT, OPINIONS, STUDY, REVIEW, IN_FORCE),
)  # fmt: skip
