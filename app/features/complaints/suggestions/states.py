"""How does a 建议单 move? 登记 → 整理上报 → 采纳或不采纳 → 处理 → 答复提出人 (S3.7)."""

from __future__ import annotations

from app.features.complaints.people import HANDLERS, ON_SITE
from app.features.complaints.suggestions import effects
from app.features.complaints.suggestions.models import Suggestion, SuggestionState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.workflow import flow, step

NEW, REPORTED, ADOPTED, DECLINED, HANDLED, ANSWERED, VOID = SuggestionState

approval_kind(
    "suggestion", "建议单", Suggestion, Mode.IN_TURN, "案场经理 不限", minutes=540, clock="site", need=effects.approval_need,
    content=("who", "about", "content", "summary"),
)  # fmt: skip

SUGGESTION_FLOW = flow(
    Suggestion,
    step("report", "整理上报", NEW, REPORTED, by=HANDLERS, tone="primary", form=[ask("summary", "整理意见", "textarea")],
         then=[effects.note_summary, opens("suggestion")]),
    *approval_steps("suggestion", REPORTED, approved=ADOPTED, returned=NEW, refused=DECLINED, by=HANDLERS,
                    then=(effects.note_adopted,), then_refuse=(effects.note_declined,)),
    step("handle", "登记处理情况", (NEW, ADOPTED), HANDLED, by=HANDLERS, form=[ask("result", "处理情况", "textarea")],
         then=[effects.note_result]),
    step("answer", "答复提出人", (HANDLED, DECLINED), ANSWERED, by=ON_SITE | HANDLERS, tone="primary",
         form=[ask("answer", "答复内容", "textarea", default=lambda paper: paper.result or paper.decision)], then=[effects.note_answer]),
    step("void", "作废", NEW, VOID, by=ON_SITE | HANDLERS, reason=True, tone="risk"),
    normal=(NEW, REPORTED, ADOPTED, HANDLED, ANSWERED),
)  # fmt: skip
