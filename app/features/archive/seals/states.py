"""How does a 用印登记 move? 申请 → 批准 → 已用印 → 归还 (02 §2.2.2); whose seal it is decides who agrees (07)."""

from __future__ import annotations

from app.features.archive.seals import effects
from app.features.archive.seals.models import DESK, SealState, SealUse
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, REVIEW, APPROVED, USED, RETURNED, REFUSED, VOID = SealState
KEEPERS = (Post.SITE_MANAGER, Post.DEVELOPER_SITE)

approval_kind("seal_developer", "用印（甲方印章）", SealUse, Mode.IN_TURN, "甲方现场负责人 不限", minutes=240, clock="office",
              need=effects.approval_need)  # fmt: skip
approval_kind("seal_site", "用印（案场专用章）", SealUse, Mode.IN_TURN, "案场经理 不限", minutes=240, clock="site",
              need=effects.approval_need)  # fmt: skip

SEAL_FLOW = flow(
    SealUse,
    step("submit", "提交审批", DRAFT, REVIEW, by=DESK, tone="primary", shown=effects.of_developer,
         then=[effects.give_number, opens("seal_developer")]),
    step("submit_site", "提交审批", DRAFT, REVIEW, by=DESK, tone="primary", shown=effects.of_site,
         then=[effects.give_number, opens("seal_site")]),
    *approval_steps("seal_developer", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=DESK),
    *approval_steps("seal_site", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=DESK),
    step("use", "登记用印", APPROVED, USED, by=(*DESK, *KEEPERS), tone="primary", then=[effects.note_use],
         form=[ask("on", "用印日期", "date", default=lambda use: now().date()), ask("copies", "实际份数", "integer", default=lambda use: use.copies),
               ask("witness", "监印人"), ask("due_on", "应归还日期", "date", required=False, hint="印章带离时填写；当场归还就不填"),
               ask("file", "盖章件扫描", "file", required=False)]),
    step("give_back", "归还印章", USED, RETURNED, by=(*DESK, *KEEPERS), tone="primary", then=[effects.note_return],
         form=[ask("on", "归还日期", "date", default=lambda use: now().date())]),
    step("void", "作废", (DRAFT, APPROVED), VOID, by=DESK, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, APPROVED, USED, RETURNED),
)  # fmt: skip
