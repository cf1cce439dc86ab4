"""How does a 文书模板 move? 草稿 → 待审 → 使用中 → 被新版取代 or 停用; nothing unreviewed is ever printed from."""

from __future__ import annotations

from app.features.archive.templates import effects
from app.features.archive.templates.models import AUTHORS, PaperTemplate, TemplateState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, REVIEW, IN_USE, SUPERSEDED, RETIRED, VOID = TemplateState

approval_kind("paper_template", "文书模板", PaperTemplate, Mode.IN_TURN, "案场经理 不限", minutes=960, clock="office",
              need=effects.approval_need, content=("changes", "file_sha256"))  # fmt: skip

TEMPLATE_FLOW = flow(
    PaperTemplate,
    step("submit", "提交审核", DRAFT, REVIEW, by=AUTHORS, tone="primary", guards=[effects.has_file],
         then=[effects.note_submitter, opens("paper_template")]),
    *approval_steps("paper_template", REVIEW, approved=IN_USE, returned=DRAFT, refused=VOID, by=AUTHORS,
                    guards=(effects.supersede_older,), then=(effects.come_into_use,)),
    step("supersede", "被新版取代", IN_USE, SUPERSEDED, internal=True, then=[effects.note_end]),
    step("retire", "停用", IN_USE, RETIRED, by=[Post.SITE_MANAGER], reason=True, tone="risk", then=[effects.note_end],
         confirm="停用后打印改回系统默认模板。"),
    step("void", "作废", DRAFT, VOID, by=AUTHORS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, IN_USE),
)  # fmt: skip
