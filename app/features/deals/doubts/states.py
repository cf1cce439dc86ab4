"""How does a 疑难单 move? 顾问 → 主管 → 案场经理 → 项目经理 → (甲方法务) → 甲方负责人 → 答复 → 结果 (07, S1.3)."""

from __future__ import annotations

from app.features.deals.doubts import effects
from app.features.deals.doubts.models import ASKERS, Doubt, DoubtState, Outcome
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, ASKED, REVIEW, DECIDED, ANSWERED, CLOSED, VOID = DoubtState
SUP = (Post.SUPERVISOR,)

approval_kind(
    "doubt", "疑难单", Doubt, Mode.IN_TURN, "案场经理 0\n项目经理 0\n甲方法务 0\n甲方负责人 不限",
    minutes=240, clock="site", need=effects.approval_need, content=("occasion", "reservation_id", "question", "proposal", "legal"),
)  # fmt: skip

DOUBT_FLOW = flow(
    Doubt,
    step("ask", "提出", DRAFT, ASKED, by=ASKERS, tone="primary", then=[effects.ask]),
    step("answer_on_spot", "现场答复", ASKED, ANSWERED, by=SUP, form=[ask("answer", "答复内容", "textarea")],
         then=[effects.answer_on_spot]),
    step("report", "提出建议并上报", ASKED, REVIEW, by=SUP, tone="primary",
         form=[ask("proposal", "处理建议", "textarea"),
               ask("legal", "涉及合同条款（加甲方法务）", "checkbox", required=False, default=lambda doubt: doubt.legal)],
         then=[effects.note_proposal, opens("doubt")]),
    *approval_steps("doubt", REVIEW, approved=DECIDED, returned=ASKED, refused=DECIDED, by=SUP,
                    then=(effects.note_decision,), then_refuse=(effects.note_refusal,)),
    step("answer", "答复客户", DECIDED, ANSWERED, by=ASKERS, tone="primary",
         form=[ask("answer", "答复内容", "textarea", default=lambda doubt: doubt.decision)], then=[effects.note_answer]),
    step("ask_again", "客户仍有异议", ANSWERED, ASKED, by=ASKERS, reason=True, then=[effects.ask]),
    step("close", "办结", ANSWERED, CLOSED, by=ASKERS, tone="primary", form=[ask("outcome", "结果", "choice", choices=Outcome)],
         then=[effects.note_outcome]),
    step("void", "作废", (DRAFT, ASKED), VOID, by=ASKERS, reason=True, tone="risk"),
    normal=(DRAFT, ASKED, REVIEW, DECIDED, ANSWERED, CLOSED),
)  # fmt: skip
