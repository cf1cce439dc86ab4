"""How does a 客户投诉 move? 登记 → 定级 → 处理中 → 已上报 → 已批复 → 已答复 → 已关闭(回访) / 重开 (02 §2.2.2)."""

from __future__ import annotations

from app.features.complaints.cases import effects
from app.features.complaints.cases.models import BEFORE_ANSWER, REGISTRARS, CaseState, Complaint, Level, Satisfaction
from app.features.complaints.people import HANDLERS, NAMED
from app.features.complaints.starting import keep_clock
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

REGISTERED, GRADED, HANDLING, RAISED, DECIDED, ANSWERED, CLOSED, REOPENED, VOID = CaseState
DESK = REGISTRARS | HANDLERS

approval_kind(
    "complaint", "客户投诉", Complaint, Mode.IN_TURN, "项目经理 5000\n总经理 20000\n甲方负责人 不限", unit="元", minutes=240,
    clock="site", need=effects.approval_need, content=("about", "level", "facts", "demand", "proposal", "compensation", "against_id"),
    beside=Post.GENERAL_MANAGER,
)  # fmt: skip

PLAN = (
    ask("proposal", "处理建议", "textarea", default=lambda case: case.proposal),
    ask("compensation", "拟补偿", "money", required=False, default=lambda case: case.compensation,
        hint="只作登记；付款由甲方财务按付款流程办理"),
)  # fmt: skip

CASE_FLOW = flow(
    Complaint,
    step("grade", "定级", (REGISTERED, GRADED, HANDLING, REOPENED), GRADED, by=HANDLERS, tone="primary",
         form=[ask("level", "级别", "choice", choices=Level, default=lambda case: case.level),
               ask("against", "被投诉人", "person", required=False, posts=NAMED, default=lambda case: case.against_id,
                   hint="他看不到这份投诉，也不能处理")],
         then=[effects.note_grade, keep_clock]),
    step("first_reply", "首次回复", BEFORE_ANSWER, None, by=DESK, shown=lambda case, _actor: case.replied_at is None,
         form=[ask("reply", "对客户怎么说的", "textarea")], then=[effects.first_reply, keep_clock]),
    step("raise_up", "重大上报", (GRADED, HANDLING), None, by=HANDLERS, tone="primary",
         shown=lambda case, _actor: case.level is Level.MAJOR and case.raised_at is None, then=[effects.raise_up, keep_clock]),
    step("handle", "开始处理", (GRADED, REOPENED), HANDLING, by=HANDLERS, tone="primary", form=PLAN,
         shown=lambda case, _actor: case.level is not None, then=[effects.note_proposal, keep_clock]),
    step("report", "上报批复", (GRADED, HANDLING), RAISED, by=HANDLERS, form=PLAN,
         then=[effects.note_proposal, effects.note_report, opens("complaint"), keep_clock]),
    *approval_steps("complaint", RAISED, approved=DECIDED, returned=HANDLING, refused=HANDLING, by=HANDLERS,
                    then=(effects.note_decision, keep_clock)),
    step("answer", "答复客户", (HANDLING, DECIDED), ANSWERED, by=DESK, tone="primary", guards=[effects.within_authority],
         form=[ask("answer", "答复内容", "textarea", default=lambda case: case.decision or case.proposal)],
         then=[effects.note_answer, keep_clock]),
    step("close", "回访并关闭", ANSWERED, CLOSED, by=DESK, tone="primary",
         form=[ask("satisfaction", "满意度", "choice", choices=Satisfaction), ask("revisit", "回访情况", "textarea")],
         then=[effects.note_close, keep_clock]),
    step("reopen", "重开", (ANSWERED, CLOSED), REOPENED, by=DESK, reason=True, then=[effects.note_reopen, keep_clock]),
    step("book", "按台账登记办结", REGISTERED, CLOSED, internal=True, then=[effects.note_booked, keep_clock]),
    step("void", "作废", (REGISTERED, GRADED), VOID, by=HANDLERS, reason=True, tone="risk", then=[keep_clock]),
    normal=(REGISTERED, GRADED, HANDLING, RAISED, DECIDED, ANSWERED, CLOSED),
)  # fmt: skip
