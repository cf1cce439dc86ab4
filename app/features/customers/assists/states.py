"""How does a 难单协助单 move? 待主管到场 → 协助中 → 已有结果."""

from __future__ import annotations

from app.features.customers.assists.effects import helper_is_another, note_joined, note_result, settle
from app.features.customers.assists.models import AssistOutcome, AssistRequest, AssistState
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

ASKED, JOINED, DONE, CANCELLED = AssistState
OWN = (Post.CONSULTANT, Post.SUPERVISOR)

ASSIST_FLOW = flow(
    AssistRequest,
    step("join", "到场协助", ASKED, JOINED, by=[Post.SUPERVISOR, Post.SITE_MANAGER], guards=[helper_is_another], then=[note_joined],
         tone="primary"),
    step("finish", "填写结果", JOINED, DONE, by=[*OWN, Post.SITE_MANAGER], then=[note_result], tone="primary",
         form=[ask("outcome", "结果", "choice", choices=AssistOutcome), ask("result", "结果说明", "textarea", wide=True)]),
    step("cancel", "取消协助", ASKED, CANCELLED, by=OWN, reason=True, tone="risk", then=[settle]),
    normal=(ASKED, JOINED, DONE),
)  # fmt: skip
