"""How does an 意向分析 move? 待主管建议 → 主管已建议 (建议 or 陪谈) → 已落实."""

from __future__ import annotations

from app.features.customers.analysis.effects import adviser_is_not_seller, note_advice, note_outcome
from app.features.customers.analysis.models import AdviceWay, AnalysisState, IntentAnalysis
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

ASKED, ADVISED, DONE, VOID = AnalysisState
OWN = (Post.CONSULTANT, Post.SUPERVISOR)
HEADS = (Post.SUPERVISOR, Post.SITE_MANAGER)

ANALYSIS_FLOW = flow(
    IntentAnalysis,
    step("advise", "给出建议", (ASKED, ADVISED), ADVISED, by=HEADS, tone="primary", guards=[adviser_is_not_seller], then=[note_advice],
         form=[ask("way", "方式", "choice", choices=AdviceWay,
                   default=lambda paper: AdviceWay.TALK if paper.wants_talk else AdviceWay.WORD),
               ask("advice", "建议或陪谈结果", "textarea", wide=True, default=lambda paper: paper.advice)]),
    step("done", "填写落实情况", (ASKED, ADVISED), DONE, by=OWN, then=[note_outcome],
         form=[ask("outcome", "落实情况", "textarea", wide=True)]),
    step("void", "作废", ASKED, VOID, by=OWN, reason=True, tone="risk"),
    normal=(ASKED, ADVISED, DONE),
)  # fmt: skip
